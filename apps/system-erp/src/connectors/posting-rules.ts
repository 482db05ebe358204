/** What the books refuse. */
import { hasWholeCents, isZero, Problem, sameAmount, total } from '@concord/canonical';
import type { Account, CostCenter, FiscalPeriod, JournalLine, LegalEntity, NewJournalEntry } from '@concord/canonical';

/** The codes that a posting may name. */
export interface KnownCodes {
  readonly legalEntities: ReadonlyMap<string, LegalEntity>;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly costCenters: ReadonlyMap<string, CostCenter>;
}

/** Which period holds a day. */
export interface Calendar {
  periodOf(legalEntity: string, day: string): Pick<FiscalPeriod, 'code' | 'status'>;
}

/** Why an entry cannot be posted, or undefined where it can. */
export function refusalOf(entry: NewJournalEntry, structure: KnownCodes, calendar: Calendar): Problem | undefined {
  const { legalEntity, lines } = entry;
  const books = structure.legalEntities.get(legalEntity);
  if (!books) return unknown('Legal entity is not known', { legalEntity });
  if (lines.length < 2) return faulty('/lines', 'too-few', 'must be at least two');
  for (const [index, line] of lines.entries()) {
    const refusal = refusalOfLine(line, `/lines/${index}`, books, structure, entry.accountingDate);
    if (refusal) return refusal;
  }
  return unbalanced(lines, books) ?? closed(calendar, entry);
}

function refusalOfLine(
  { account, costCenter, amount }: JournalLine,
  pointer: string,
  { code: legalEntity, currency }: LegalEntity,
  { accounts, costCenters }: KnownCodes,
  accountingDate: string,
): Problem | undefined {
  if (!accounts.has(account)) return unknown('Account is not known', { account });
  const { legalEntity: owner, closedOn } = costCenters.get(costCenter) ?? {};
  if (owner === undefined) return unknown('Cost center is not known', { costCenter });
  if (owner !== legalEntity) {
    return unknown('Cost center belongs to another legal entity', { costCenter, legalEntity });
  }
  if (closedOn && accountingDate > closedOn) return unknown('Cost center is closed', { costCenter });
  if (amount.currency !== currency) {
    return faulty(`${pointer}/amount/currency`, 'currency', `must be ${currency}, the currency of the books`);
  }
  if (isZero(amount) || amount.amount.startsWith('-')) {
    return faulty(`${pointer}/amount/amount`, 'minimum', 'must be positive');
  }
  if (!hasWholeCents(amount)) {
    return faulty(`${pointer}/amount/amount`, 'cents', 'must be in whole cents');
  }
  return undefined;
}

function unbalanced(lines: readonly JournalLine[], { currency }: LegalEntity): Problem | undefined {
  const debits = sumOf(lines, 'debit', currency);
  const credits = sumOf(lines, 'credit', currency);
  if (sameAmount(debits, credits)) return undefined;
  const context = { debits: debits.amount, credits: credits.amount, currency };
  return new Problem('journal-unbalanced', `Debits are ${debits.amount}, credits ${credits.amount}`, { context });
}

/** Sum of one side of an entry. */
export const sumOf = (lines: readonly JournalLine[], side: JournalLine['side'], currency: string) =>
  total(
    lines.filter((line) => line.side === side).map((line) => line.amount),
    currency,
  );

function closed(calendar: Calendar, { legalEntity, accountingDate }: NewJournalEntry): Problem | undefined {
  const { code: period, status } = calendar.periodOf(legalEntity, accountingDate);
  if (status === 'open') return undefined;
  return new Problem('period-closed', `Period ${period} of ${legalEntity} is closed`, {
    context: { legalEntity, period },
  });
}

/** The documents that post entries of their own, and how each takes back what it posted. */
const POSTED_BY = {
  goodsReceipt: 'A goods receipt posted the entry: reverse the receipt, and the entry is reversed with it',
  supplierInvoice: 'A supplier invoice posted the entry: cancel the invoice, and the entry is reversed with it',
  costAllocation: 'A cost allocation posted the entry: reverse the allocation, and the entry is reversed with it',
  intercompanyTransaction: 'The entry is one side of an intercompany transaction, which is reversed as a whole',
  depreciation: 'The entry depreciates fixed assets, which the journal cannot take back from them',
} as const;

/** The numbers of the documents behind an entry, by their kind. */
export type DocumentsBehind = Readonly<Partial<Record<keyof typeof POSTED_BY, string>>>;

/** Throws where a document posted an entry: with the entry reversed alone, the books would say what the document does not. */
export function refuseAlone(journalEntry: string, documents: DocumentsBehind): void {
  for (const [kind, detail] of Object.entries(POSTED_BY)) {
    const number = documents[kind as keyof DocumentsBehind];
    if (number !== undefined) throw new Problem('conflict', detail, { context: { journalEntry, [kind]: number } });
  }
}

const unknown = (detail: string, context: Record<string, string>) => new Problem('unknown-code', detail, { context });

const faulty = (pointer: string, code: string, detail: string) =>
  new Problem('validation-failed', `${pointer} ${detail}`, { errors: [{ pointer, code, detail }] });
