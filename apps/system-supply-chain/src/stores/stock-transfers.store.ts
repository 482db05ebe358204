/**
 * Stock transfers: booked with the levels and lots of both locations that they move, or not at all. Nobody moves what
 * somebody else has just taken: levels and lots are locked, in one order, before they are looked at.
 */
import { DEFAULT_PAGE_SIZE, pagePosition, Problem, toPage } from '@concord/canonical';
import type { Page, StockTransfer, StockTransferLine } from '@concord/canonical';
import type { Database } from '@concord/database';
import { Decimal } from 'decimal.js';
import { sql } from 'kysely';
import type { StockTransferQuery } from '../queries.js';
import { bookedOf, type BookedRow, type BookingOf } from './booked.js';

export type TransferBooking = BookingOf<StockTransfer>;

interface Row extends BookedRow {
  position: string;
  source: string;
  destination: string;
  reference: string;
  lines: StockTransferLine[];
}

const TRANSFERS = sql`
  select transfer.position::text, transfer.number, transfer.source, transfer.destination, transfer.reference,
    transfer.lines, transfer.value::text, transfer.currency, transfer.reverses, transfer.booked_at,
    reversal.number as reversed_by, reversal.booked_at as reversed_at
  from sandbox_supply_chain.stock_transfer as transfer
  left join sandbox_supply_chain.stock_transfer as reversal on reversal.reverses = transfer.number`;

export class StockTransfers {
  constructor(private readonly database: Database) {}

  /**
   * Books a transfer and gives its number. Undefined where its business key is known, or a reversal of the transfer that
   * it reverses: then nothing is booked. Throws `conflict` where less lies there than is moved, unless it is a reversal.
   */
  book(booking: TransferBooking): Promise<string | undefined> {
    return this.database.transaction().execute(async (tx) => {
      const places = [booking.from, booking.to];
      const items = [...new Set(booking.lines.map(({ itemId }) => itemId))];
      const levels = await sql<Lying>`
        select location, item_id, on_hand::text from sandbox_supply_chain.stock_level
        where location in (${sql.join(places)}) and item_id in (${sql.join(items)})
        order by location, item_id for update`.execute(tx);
      const lots = await sql<Lying>`
        select location, item_id, lot, on_hand::text from sandbox_supply_chain.stock_lot
        where location in (${sql.join(places)}) and item_id in (${sql.join(items)})
        order by id for update`.execute(tx);
      const inserted = await sql<{ number: string }>`
        insert into sandbox_supply_chain.stock_transfer (business_key, source, destination, reference, lines, value,
          currency, reverses, reversal_reason, booked_at)
        values (${booking.businessKey}, ${booking.from}, ${booking.to}, ${booking.reference},
          ${JSON.stringify(booking.lines)}::jsonb, ${booking.value.amount}, ${booking.value.currency},
          ${booking.reverses ?? null}, ${booking.reversalReason ?? null}, ${booking.bookedAt}::timestamptz)
        on conflict do nothing returning number`.execute(tx);
      const number = inserted.rows[0]?.number;
      if (number === undefined) return undefined;
      if (booking.reverses === undefined) refuseUnlessThere(booking, levels.rows, lots.rows);
      await move(tx, booking);
      return number;
    });
  }

  async read(number: string): Promise<StockTransfer | undefined> {
    const { rows } = await sql<Row>`${TRANSFERS} where transfer.number = ${number}`.execute(this.database);
    return rows[0] && toTransfer(rows[0]);
  }

  async readByBusinessKey(businessKey: string): Promise<StockTransfer | undefined> {
    const { rows } = await sql<Row>`${TRANSFERS} where transfer.business_key = ${businessKey}`.execute(this.database);
    return rows[0] && toTransfer(rows[0]);
  }

  /** In the order of booking. */
  async list(query: StockTransferQuery): Promise<Page<StockTransfer>> {
    const { reference, from, to, changed_since, page_token, page_size = DEFAULT_PAGE_SIZE } = query;
    const after = pagePosition<number>(page_token, Number.isSafeInteger) ?? 0;
    const asked = [
      sql`transfer.position > ${after}`,
      ...(reference === undefined ? [] : [sql`transfer.reference = ${reference}`]),
      ...(from === undefined ? [] : [sql`transfer.source = ${from}`]),
      ...(to === undefined ? [] : [sql`transfer.destination = ${to}`]),
      ...(changed_since === undefined
        ? []
        : [sql`coalesce(reversal.booked_at, transfer.booked_at) >= ${changed_since}::timestamptz`]),
    ];
    const { rows } = await sql<Row>`
      ${TRANSFERS} where ${sql.join(asked, sql` and `)}
      order by transfer.position limit ${page_size + 1}`.execute(this.database);
    return toPage(rows, page_size, ({ position }) => Number(position), toTransfer);
  }
}

interface Lying {
  location: string;
  item_id: string;
  lot?: string | null;
  on_hand: string;
}

function refuseUnlessThere({ from, lines }: TransferBooking, levels: readonly Lying[], lots: readonly Lying[]): void {
  for (const { itemId, lot } of lines) {
    const ofItem = lines.filter((line) => line.itemId === itemId);
    refuseUnlessEnough(ofItem, levels, { from, itemId });
    if (lot !== undefined)
      refuseUnlessEnough(
        ofItem.filter((line) => line.lot === lot),
        lots,
        { from, itemId, lot },
      );
  }
}

function refuseUnlessEnough(
  lines: readonly StockTransferLine[],
  lying: readonly Lying[],
  { from, itemId, lot }: { from: string; itemId: string; lot?: string },
): void {
  const there = lying.find((one) => one.location === from && one.item_id === itemId && (one.lot ?? undefined) === lot);
  const onHand = new Decimal(there?.on_hand ?? 0);
  const moved = lines.reduce((sum, { quantity }) => sum.plus(quantity), new Decimal(0));
  if (moved.lessThanOrEqualTo(onHand)) return;
  const context = { location: from, item: itemId, ...(lot === undefined ? {} : { lot }), onHand: onHand.toFixed() };
  throw new Problem('conflict', 'Less lies there than is to be moved', { context });
}

/** Levels first, then lots, each in one order, as adjustments take them. A lot keeps its expiry where it comes to. */
async function move(tx: Database, { from, to, lines, bookedAt }: TransferBooking): Promise<void> {
  const moved = sql`
    select place.location, line ->> 'itemId' as item_id, line ->> 'lot' as lot,
      sum(place.sign * (line ->> 'quantity')::numeric) as quantity
    from jsonb_array_elements(${JSON.stringify(lines)}::jsonb) as line,
      (values (${from}::text, -1), (${to}::text, 1)) as place (location, sign)
    group by 1, 2, 3`;
  await sql`
    insert into sandbox_supply_chain.stock_level as level (location, item_id, on_hand, changed_at)
    select location, item_id, sum(quantity), ${bookedAt}::timestamptz from (${moved}) as moved
    group by 1, 2 order by 1, 2
    on conflict (location, item_id) do update set on_hand = level.on_hand + excluded.on_hand,
      changed_at = greatest(level.changed_at, excluded.changed_at)`.execute(tx);
  await sql`
    insert into sandbox_supply_chain.stock_lot as lot (id, location, item_id, lot, serial, expires_on, on_hand, changed_at)
    select location || ':' || item_id || ':' || moved.lot, location, item_id, moved.lot, known.serial, known.expires_on,
      quantity, ${bookedAt}::timestamptz
    from (${moved}) as moved
    left join lateral (
      select serial, expires_on from sandbox_supply_chain.stock_lot
      where id = ${from} || ':' || moved.item_id || ':' || moved.lot) as known on true
    where moved.lot is not null
    order by (location || ':' || item_id || ':' || moved.lot) collate "C"
    on conflict (id) do update set on_hand = lot.on_hand + excluded.on_hand,
      changed_at = greatest(lot.changed_at, excluded.changed_at)`.execute(tx);
}

const toTransfer = (row: Row): StockTransfer => ({
  ...bookedOf(row),
  from: row.source,
  to: row.destination,
  reference: row.reference,
  lines: row.lines,
});
