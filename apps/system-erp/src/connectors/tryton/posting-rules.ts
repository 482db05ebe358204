/** What can be refused before Tryton is asked, in the words of the port. */
import { isZero, money, Problem, sameAmount, total } from '@concord/canonical';
import type { JournalLine, NewJournalEntry } from '@concord/canonical';
import type { Books } from './books.js';

/** Why an entry cannot be posted to these books, or undefined where Tryton may be asked. */
export function refusalOf({ accountingDate, lines }: NewJournalEntry, books: Books): Problem | undefined {
  if (lines.length < 2) return faulty('/lines', 'too-few', 'must be at least two');
  for (const [index, line] of lines.entries()) {
    const refusal = refusalOfLine(line, `/lines/${index}`, books);
    if (refusal) return refusal;
  }
  return unbalanced(lines, books) ?? closedOn(books, accountingDate);
}

function refusalOfLine(
  { account, costCenter, amount }: JournalLine,
  pointer: string,
  { entity: { currency }, accounts, costCenters }: Books,
): Problem | undefined {
  if (!accounts.has(account)) return unknown('Account is not known in these books', { account });
  if (!costCenters.has(costCenter)) return unknown('Cost center is not known in these books', { costCenter });
  if (amount.currency !== currency) {
    return faulty(`${pointer}/amount/currency`, 'currency', `must be ${currency}, the currency of the books`);
  }
  if (isZero(amount) || amount.amount.startsWith('-')) {
    return faulty(`${pointer}/amount/amount`, 'minimum', 'must be positive');
  }
  if (!sameAmount(money(amount.amount, currency), amount)) {
    return faulty(`${pointer}/amount/amount`, 'cents', 'must be in whole cents');
  }
  return undefined;
}

function unbalanced(lines: readonly JournalLine[], { entity: { currency } }: Books): Problem | undefined {
  const sumOf = (side: JournalLine['side']) =>
    total(
      lines.filter((line) => line.side === side).map(({ amount }) => amount),
      currency,
    );
  const [debits, credits] = [sumOf('debit'), sumOf('credit')];
  if (sameAmount(debits, credits)) return undefined;
  const context = { debits: debits.amount, credits: credits.amount, currency };
  return new Problem('journal-unbalanced', `Debits are ${debits.amount}, credits ${credits.amount}`, { context });
}

/** Why a day takes no postings, if it does not; one that no period of Tryton's holds takes none either. */
export function closedOn({ entity, periods }: Books, day: string): Problem | undefined {
  const period = periods.find(({ value }) => value.startsOn <= day && day <= value.endsOn)?.value;
  if (period?.status === 'open') return undefined;
  const context = { legalEntity: entity.code, period: period?.code ?? day.slice(0, 7) };
  return new Problem('period-closed', `Period ${context.period} of ${entity.code} is closed`, { context });
}

const unknown = (detail: string, context: Record<string, string>) => new Problem('unknown-code', detail, { context });

const faulty = (pointer: string, code: string, detail: string) =>
  new Problem('validation-failed', `${pointer} ${detail}`, { errors: [{ pointer, code, detail }] });
