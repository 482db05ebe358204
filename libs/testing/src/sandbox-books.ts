import { Decimal } from 'decimal.js';
import type { Database } from '@concord/database';
import { sql } from 'kysely';

interface Line {
  readonly account: string;
  readonly side: 'debit' | 'credit';
  readonly amount: { readonly amount: string };
}

interface StockLine {
  readonly itemId: string;
  readonly quantity: string;
}

interface JournalRow {
  readonly number: string;
  readonly reference: string;
  readonly reverses: string | null;
  readonly lines: Line[];
}

interface ClaimRow {
  readonly encounter_id: string;
  readonly status: string;
  readonly charge: string;
  readonly expected: string;
}

interface StockRow {
  readonly number: string;
  readonly reference: string;
  readonly location: string;
  readonly reverses: string | null;
  readonly value: string;
  readonly lines: StockLine[];
}

interface LaborRow {
  readonly sequence: number;
  readonly reference: string;
  readonly reverses: number | null;
  readonly cost: string;
}

/** All that the sandboxes hold, read from their own tables, past every API and every ledger of ours. */
export interface Books {
  readonly journal: readonly JournalRow[];
  readonly claims: readonly ClaimRow[];
  readonly stock: readonly StockRow[];
  readonly labor: readonly LaborRow[];
  /** On hand by `location item`. */
  readonly levels: ReadonlyMap<string, string>;
}

export async function readBooks(database: Database): Promise<Books> {
  const journal =
    await sql<JournalRow>`select number, reference, reverses, lines from sandbox_erp.journal_entry`.execute(database);
  const claims =
    await sql<ClaimRow>`select encounter_id, status, charge, expected from sandbox_revenue_cycle.claim`.execute(
      database,
    );
  const stock = await sql<StockRow>`
    select number, reference, location, reverses, value, lines from sandbox_supply_chain.stock_adjustment`.execute(
    database,
  );
  const labor =
    await sql<LaborRow>`select sequence, reference, reverses, cost from sandbox_hcm.labor_allocation`.execute(database);
  const levels = await sql<{ location: string; item_id: string; on_hand: string }>`
    select location, item_id, on_hand from sandbox_supply_chain.stock_level`.execute(database);
  return {
    journal: journal.rows,
    claims: claims.rows,
    stock: stock.rows,
    labor: labor.rows,
    levels: new Map(levels.rows.map((row) => [`${row.location} ${row.item_id}`, row.on_hand])),
  };
}

/** Totals of the journal, for a line that people read. */
export function journalTotals({ journal }: Pick<Books, 'journal'>): { debits: string; credits: string } {
  const lines = journal.flatMap((entry) => entry.lines);
  return { debits: sum(lines, 'debit').toFixed(2), credits: sum(lines, 'credit').toFixed(2) };
}

/**
 * Where the books break a law of conservation, in sentences; none where all is well. Every encounter named must have
 * exactly one live claim and one live posting, and what was charged, taken and worked must stand in the accounts.
 * @param before what was on hand, and what stood in the journal, before anything was used
 */
export function bookFaults(
  books: Books,
  encounters: readonly string[],
  before: Pick<Books, 'journal' | 'levels'>,
): string[] {
  const totals = journalTotals(books);
  const faults =
    totals.debits === totals.credits ? [] : [`debits ${totals.debits} differ from credits ${totals.credits}`];
  const live = liveOf(books);
  for (const encounter of encounters) faults.push(...encounterFaults(live, encounter));
  const known = new Set(encounters);
  const old = new Set(before.journal.map(({ number }) => number));
  for (const entry of live.journal) {
    if (!known.has(entry.reference) && !old.has(entry.number))
      faults.push(`${entry.number} belongs to no encounter that was sent`);
  }
  return [...faults, ...levelFaults(books, before.levels)];
}

type Live = Pick<Books, 'journal' | 'claims' | 'stock' | 'labor'>;

/** Documents that were neither reversed nor are reversals, and claims that are not void. */
function liveOf({ journal, claims, stock, labor }: Books): Live {
  const standing = <T extends { reverses: unknown }>(rows: readonly T[], id: (row: T) => unknown): T[] => {
    const reversed = new Set(rows.map(({ reverses }) => reverses));
    return rows.filter((row) => row.reverses === null && !reversed.has(id(row)));
  };
  return {
    journal: standing(journal, ({ number }) => number),
    claims: claims.filter(({ status }) => status !== 'void'),
    stock: standing(stock, ({ number }) => number),
    labor: standing(labor, ({ sequence }) => sequence),
  };
}

const REVENUE = '4000';
const RECEIVABLES = '1200';
const INVENTORY = '1400';
const SUPPLIES = '5100';
const LABOR_CLEARING = '2300';

function encounterFaults({ journal, claims, stock, labor }: Live, encounter: string): string[] {
  const entries = journal.filter(({ reference }) => reference === encounter);
  const claim = claims.filter(({ encounter_id }) => encounter_id === encounter);
  const used = stock.filter(({ reference }) => reference === encounter);
  const worked = labor.filter(({ reference }) => reference === encounter);
  const counts = [
    [entries.length, 1, 'postings'],
    [claim.length, 1, 'claims'],
    [Math.max(used.length, 1), 1, 'stock adjustments'],
    [Math.max(worked.length, 1), 1, 'labor allocations'],
  ] as const;
  const faults = counts.flatMap(([is, should, what]) => (is === should ? [] : [`${encounter} has ${is} ${what}`]));
  if (faults.length) return faults;
  const { lines } = entries[0]!;
  const agrees = (what: string, left: Decimal.Value, right: Decimal) =>
    new Decimal(left).equals(right) ? [] : [`${encounter}: ${what} differ: ${String(left)} and ${right.toFixed(2)}`];
  const taken = used.reduce((all, { value }) => all.plus(value), new Decimal(0));
  const cost = worked.reduce((all, row) => all.plus(row.cost), new Decimal(0));
  return [
    ...agrees('debits and credits', sum(lines, 'debit'), sum(lines, 'credit')),
    ...agrees('charge and revenue', claim[0]!.charge, sum(lines, 'credit', REVENUE)),
    ...agrees('expectation and receivable', claim[0]!.expected, sum(lines, 'debit', RECEIVABLES)),
    ...agrees('stock taken and inventory', taken, sum(lines, 'credit', INVENTORY)),
    ...agrees('stock taken and supplies expense', taken, sum(lines, 'debit', SUPPLIES)),
    ...agrees('labor and its clearing', cost, sum(lines, 'credit', LABOR_CLEARING)),
  ];
}

/** What lies there now must be what lay there before less what every adjustment, reversals included, took. */
function levelFaults({ stock, levels }: Books, before: Books['levels']): string[] {
  const taken = new Map<string, Decimal>();
  for (const { location, lines } of stock) {
    for (const { itemId, quantity } of lines) {
      const place = `${location} ${itemId}`;
      taken.set(place, (taken.get(place) ?? new Decimal(0)).plus(quantity));
    }
  }
  return [...levels].flatMap(([place, now]) => {
    const should = new Decimal(before.get(place) ?? 0).minus(taken.get(place) ?? 0);
    return should.equals(now) ? [] : [`stock of ${place} is ${now}, not ${should.toString()}`];
  });
}

function sum(lines: readonly Line[], side: Line['side'], account?: string): Decimal {
  return lines
    .filter((line) => line.side === side && (account === undefined || line.account === account))
    .reduce((all, line) => all.plus(line.amount.amount), new Decimal(0));
}
