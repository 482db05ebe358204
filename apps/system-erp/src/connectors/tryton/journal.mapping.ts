/**
 * A journal entry as an account move of Tryton and back. Tryton has no field for the business document, our business key
 * and the cost center of a line of the balance sheet, so they stand in texts that people can read there:
 *
 * - description of a move: `Encounter charges [encounter-4711] #0123…cdef`, the last being a digest of the business key;
 * - description of a line: `CC-NORTH-SURGERY: Expected revenue`.
 *
 * Cost and revenue are also written to the analytic account, where Tryton itself adds up cost centers. Receivables and
 * the like are not: it would call such a line incomplete for good.
 */
import { money, total, type JournalEntry, type JournalLine, type NewJournalEntry } from '@concord/canonical';
import {
  changedAtOf,
  fromWireDay,
  fromWireDecimal,
  toWireDay,
  toWireDecimal,
  type WireDay,
  type WireDecimal,
  type WireInstant,
} from '@concord/tryton';
import type { Books } from './books.js';

/** All of a move, so that it is read in one call. */
export const MOVE_FIELDS = [
  'post_number',
  'company',
  'date',
  'description',
  'origin',
  'state',
  'create_date',
  'write_date',
  'lines.account.code',
  'lines.debit',
  'lines.credit',
  'lines.description',
] as const;

export interface WireMove {
  readonly id: number;
  readonly post_number: string | null;
  readonly company: number;
  readonly date: WireDay;
  readonly description: string | null;
  readonly origin: string | null;
  readonly state: 'draft' | 'posted';
  readonly create_date: WireInstant;
  readonly write_date: WireInstant | null;
  readonly 'lines.': readonly WireLine[];
}

export interface WireLine {
  readonly id: number;
  readonly 'account.': { readonly code: string | null };
  readonly debit: WireDecimal;
  readonly credit: WireDecimal;
  readonly description: string | null;
}

const MOVE_TEXT = /^(?<description>.*) \[(?<reference>[A-Za-z0-9._:-]{1,128})\] #(?<mark>[0-9a-f]{32})$/s;
const LINE_TEXT = /^(?<costCenter>[A-Za-z0-9][A-Za-z0-9._:-]*?)(?:: (?<memo>.*))?$/s;

/** How a move of a business document ends, up to the mark; for a `like` clause. */
export const referenceInText = (reference: string): string => ` [${reference}] #`;
export const markInText = (mark: string): string => ` #${mark}`;

export const isOurs = (move: Pick<WireMove, 'description'>): boolean => MOVE_TEXT.test(move.description ?? '');

/** The move of an entry, as a draft with all of its lines. */
export function toMove(
  entry: NewJournalEntry,
  mark: string,
  { company, accounts, costCenters, periods }: Books,
  journalId: number,
  reverses?: string,
): object {
  const date = toWireDay(entry.accountingDate);
  const day = entry.accountingDate;
  const period = periods.find(({ value: { startsOn, endsOn } }) => startsOn <= day && day <= endsOn);
  return {
    company,
    journal: journalId,
    period: period?.key,
    date,
    description: `${entry.description} [${entry.reference}] #${mark}`,
    origin: reverses ? `account.move,${reverses}` : null,
    lines: [['create', entry.lines.map(toLine)]],
  };

  function toLine({ account, costCenter, side, amount, memo }: JournalLine): object {
    const known = accounts.get(account);
    const value = toWireDecimal(money(amount.amount, amount.currency).amount);
    const none = toWireDecimal('0.00');
    const sides = side === 'debit' ? { debit: value, credit: none } : { debit: none, credit: value };
    const analytic = { account: costCenters.get(costCenter)?.key, date, ...sides };
    return {
      account: known?.key,
      ...sides,
      description: memo === undefined ? costCenter : `${costCenter}: ${memo}`,
      ...(known?.inIncomeStatement ? { analytic_lines: [['create', [analytic]]] } : {}),
    };
  }
}

/** The entry of a posted move with its lines, in the order they were written. */
export function toEntry(
  move: WireMove,
  { entity }: Books,
  ours: (account: string) => string,
  reversal: Pick<WireMove, 'id' | 'create_date' | 'write_date'> | undefined,
): JournalEntry {
  const { description = '', reference = '' } = MOVE_TEXT.exec(move.description ?? '')?.groups ?? {};
  const { currency } = entity;
  const written = move['lines.']
    .toSorted((a, b) => a.id - b.id)
    .map((line): JournalLine => {
      const { costCenter = '', memo } = LINE_TEXT.exec(line.description ?? '')?.groups ?? {};
      const [debit, credit] = [fromWireDecimal(line.debit), fromWireDecimal(line.credit)];
      const isDebit = Number(debit) !== 0;
      return {
        account: ours(line['account.'].code ?? ''),
        costCenter,
        side: isDebit ? 'debit' : 'credit',
        amount: money(isDebit ? debit : credit, currency),
        ...(memo === undefined ? {} : { memo }),
      };
    });
  return {
    id: String(move.id),
    number: move.post_number ?? String(move.id),
    status: reversal ? 'reversed' : 'posted',
    legalEntity: entity.code,
    accountingDate: fromWireDay(move.date),
    reference,
    description,
    lines: written,
    total: total(
      written.filter(({ side }) => side === 'debit').map(({ amount }) => amount),
      currency,
    ),
    reverses: reversedId(move),
    reversedBy: reversal && String(reversal.id),
    postedAt: changedAtOf(move),
    changedAt: changedAtOf(reversal ?? move), // a posted move is never written again, so its reversal tells
  };
}

/** The move that this one reverses. */
export const reversedId = ({ origin }: Pick<WireMove, 'origin'>): string | undefined =>
  /^account\.move,([0-9]+)$/.exec(origin ?? '')?.[1];
