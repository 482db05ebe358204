/**
 * Stock adjustments, each booked in one statement with the levels and lots that it moves. Adjustments that arrive while others are
 * being written are booked together: a level that many of them touch is moved once, and nobody waits for a row lock.
 */
import { DEFAULT_PAGE_SIZE, pagePosition, Problem, toPage } from '@concord/canonical';
import type { Page, StockAdjustment, StockAdjustmentLine } from '@concord/canonical';
import { GroupCommit, rowsOf, type Database } from '@concord/database';
import { sql } from 'kysely';
import type { StockAdjustmentQuery } from '../queries.js';
import { bookedOf, type BookedRow, type BookingOf } from './booked.js';

export type Booking = BookingOf<StockAdjustment>;

type Row = Omit<BookedRow, 'reversed_by' | 'reversed_at'> & {
  position: number;
  business_key: string;
  location: string;
  reference: string;
  reason: StockAdjustment['reason'];
  lines: StockAdjustmentLine[];
};

type Tables = { 'sandbox_supply_chain.stock_adjustment': Row };

const BOOKING = {
  businessKey: 'text',
  location: 'text',
  reference: 'text',
  reason: 'text',
  lines: 'jsonb',
  value: 'json',
  reverses: 'text',
  reversalReason: 'text',
  bookedAt: 'timestamptz',
} as const;

const BOOKINGS_A_STATEMENT = 100;
const BOOKINGS_WAITING = 5000;
const RETRY_AFTER_S = 1;

export class StockAdjustments {
  private readonly db;
  private readonly group: GroupCommit<Booking, string | undefined>;

  constructor(database: Database) {
    this.db = database.$extendTables<Tables>();
    this.group = new GroupCommit((bookings) => this.write(bookings), {
      group: BOOKINGS_A_STATEMENT,
      waiting: BOOKINGS_WAITING,
      refuse: () => new Problem('rate-limited', 'The stock ledger is behind', { retryAfter: RETRY_AFTER_S }),
    });
  }

  /**
   * Books an adjustment and gives its number. Undefined where its business key is known, or a reversal of the adjustment
   * that it reverses: then nothing is booked.
   */
  book(booking: Booking): Promise<string | undefined> {
    return this.group.add(booking);
  }

  async read(number: string): Promise<StockAdjustment | undefined> {
    const row = await this.adjustments().where('adjustment.number', '=', number).executeTakeFirst();
    return row && toAdjustment(row);
  }

  async readByBusinessKey(businessKey: string): Promise<StockAdjustment | undefined> {
    const row = await this.adjustments().where('adjustment.business_key', '=', businessKey).executeTakeFirst();
    return row && toAdjustment(row);
  }

  /** In the order of booking. */
  async list(query: StockAdjustmentQuery): Promise<Page<StockAdjustment>> {
    const { reference, changed_since, page_token, page_size = DEFAULT_PAGE_SIZE } = query;
    const after = pagePosition<number>(page_token, Number.isSafeInteger) ?? 0;
    let adjustments = this.adjustments().where('adjustment.position', '>', after);
    if (reference) adjustments = adjustments.where('adjustment.reference', '=', reference);
    if (changed_since) adjustments = adjustments.where('adjustment.number', 'in', changedSince(changed_since));
    const rows = await adjustments
      .orderBy('adjustment.position')
      .limit(page_size + 1)
      .execute();
    return toPage(rows, page_size, (row) => row.position, toAdjustment);
  }

  private adjustments() {
    return this.db
      .selectFrom('sandbox_supply_chain.stock_adjustment as adjustment')
      .leftJoin('sandbox_supply_chain.stock_adjustment as reversal', 'reversal.reverses', 'adjustment.number')
      .selectAll('adjustment')
      .select(['reversal.number as reversed_by', 'reversal.booked_at as reversed_at']);
  }

  /**
   * One statement for all. Of two with the same business key the first is booked. Levels are taken in one order, so that
   * two processes cannot wait for each other.
   */
  private async write(bookings: readonly Booking[]): Promise<(string | undefined)[]> {
    const { rows } = await sql<{ business_key: string; number: string }>`
      with booked as (
        insert into sandbox_supply_chain.stock_adjustment (business_key, location, reference, reason, lines, value,
          currency, reverses, reversal_reason, booked_at)
        select "businessKey", location, reference, reason, lines, (value ->> 'amount')::numeric,
          value ->> 'currency', reverses, "reversalReason", "bookedAt"
        from ${rowsOf(BOOKING, bookings)} as booking
        on conflict do nothing
        returning business_key, number, location, lines, booked_at
      ), taken as (
        select location, line ->> 'itemId' as item_id, sum((line ->> 'quantity')::numeric) as quantity,
          max(booked_at) as moved_at
        from booked, jsonb_array_elements(lines) as line
        group by 1, 2 order by 1, 2
      ), moved as (
        insert into sandbox_supply_chain.stock_level as level (location, item_id, on_hand, changed_at)
        select location, item_id, -quantity, moved_at from taken
        on conflict (location, item_id) do update set on_hand = level.on_hand + excluded.on_hand,
          changed_at = greatest(level.changed_at, excluded.changed_at)
        returning 1
      ), taken_of_lots as (
        select location || ':' || (line ->> 'itemId') || ':' || (line ->> 'lot') as id, location,
          line ->> 'itemId' as item_id, line ->> 'lot' as lot, sum((line ->> 'quantity')::numeric) as quantity,
          max(booked_at) as moved_at
        from booked, jsonb_array_elements(lines) as line
        where line ->> 'lot' is not null and (select count(*) from moved) >= 0 -- levels first, then lots
        group by 1, 2, 3, 4
      ), moved_of_lots as (
        insert into sandbox_supply_chain.stock_lot as lot (id, location, item_id, lot, on_hand, changed_at)
        select id, location, item_id, lot, -quantity, moved_at from taken_of_lots order by id collate "C"
        on conflict (id) do update set on_hand = lot.on_hand + excluded.on_hand,
          changed_at = greatest(lot.changed_at, excluded.changed_at)
      )
      select business_key, number from booked`.execute(this.db);
    const numbers = new Map(rows.map(({ business_key, number }) => [business_key, number]));
    return bookings.map(({ businessKey }) => taken(numbers, businessKey));
  }
}

/** The numbers of what was booked since, and of what was reversed since. */
const changedSince = (since: string) => sql<string>`(
  select unnest(array[number, reverses]) from sandbox_supply_chain.stock_adjustment
  where booked_at >= ${since}::timestamptz)`;

/** A number is given once, so that a second booking with the same business key goes without. */
function taken(numbers: Map<string, string>, businessKey: string): string | undefined {
  const number = numbers.get(businessKey);
  numbers.delete(businessKey);
  return number;
}

const toAdjustment = (row: Row & BookedRow): StockAdjustment => ({
  ...bookedOf(row),
  location: row.location,
  reference: row.reference,
  reason: row.reason,
  lines: row.lines,
});
