/** Shipment receipts, and the levels and lots that they raise. They can only be added. */
import { DEFAULT_PAGE_SIZE, pagePosition, toPage } from '@concord/canonical';
import type { Page, ShipmentReceipt, ShipmentReceiptLine } from '@concord/canonical';
import type { Database } from '@concord/database';
import { sql } from 'kysely';
import type { ShipmentReceiptQuery } from '../queries.js';
import { bookedOf, type BookedRow, type BookingOf } from './booked.js';

export type ReceiptBooking = BookingOf<ShipmentReceipt>;

interface Row extends BookedRow {
  position: string;
  shipment: string;
  order_id: string;
  supplier: string;
  location: string;
  lines: ShipmentReceiptLine[];
}

const RECEIPTS = sql`
  select receipt.position::text, receipt.number, receipt.shipment, receipt.order_id, receipt.supplier, receipt.location,
    receipt.lines, receipt.value::text, receipt.currency, receipt.reverses, receipt.booked_at,
    reversal.number as reversed_by, reversal.booked_at as reversed_at
  from sandbox_supply_chain.shipment_receipt as receipt
  left join sandbox_supply_chain.shipment_receipt as reversal on reversal.reverses = receipt.number`;

export class ShipmentReceipts {
  constructor(private readonly database: Database) {}

  /** Keeps a receipt and gives its number. Undefined where its business key is known: then nothing is kept. */
  async book(booking: ReceiptBooking): Promise<string | undefined> {
    const { rows } = await sql<{ number: string }>`
      insert into sandbox_supply_chain.shipment_receipt (business_key, shipment, order_id, supplier, location, lines,
        value, currency, reverses, reversal_reason, booked_at)
      values (${booking.businessKey}, ${booking.shipment}, ${booking.order}, ${booking.supplier}, ${booking.location},
        ${JSON.stringify(booking.lines)}::jsonb, ${booking.value.amount}, ${booking.value.currency},
        ${booking.reverses ?? null}, ${booking.reversalReason ?? null}, ${booking.bookedAt}::timestamptz)
      on conflict (business_key) do nothing returning number`.execute(this.database);
    return rows[0]?.number;
  }

  /**
   * Levels first, then lots, each in one order, as adjustments take them. A lot keeps the expiry that it had first; of
   * several pieces with serial numbers no one number is told.
   */
  async raiseStock({ location, lines, bookedAt }: Pick<ReceiptBooking, 'location' | 'lines' | 'bookedAt'>) {
    const came = sql`
      jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as came ("itemId" text, "stockQuantity" numeric, lot text,
        serial text, "expiresOn" date)`;
    await sql`
      insert into sandbox_supply_chain.stock_level as level (location, item_id, on_hand, changed_at)
      select ${location}, "itemId", sum("stockQuantity"), ${bookedAt}::timestamptz from ${came}
      group by 2 order by 2
      on conflict (location, item_id) do update set on_hand = level.on_hand + excluded.on_hand,
        changed_at = greatest(level.changed_at, excluded.changed_at)`.execute(this.database);
    await sql`
      insert into sandbox_supply_chain.stock_lot as lot (id, location, item_id, lot, serial, expires_on, on_hand, changed_at)
      select ${location} || ':' || "itemId" || ':' || lot, ${location}, "itemId", lot,
        case when count(*) = 1 then min(serial) end, min("expiresOn"), sum("stockQuantity"), ${bookedAt}::timestamptz
      from ${came}
      where lot is not null
      group by "itemId", lot order by (${location} || ':' || "itemId" || ':' || lot) collate "C"
      on conflict (id) do update set on_hand = lot.on_hand + excluded.on_hand,
        serial = case when lot.serial = excluded.serial or excluded.on_hand < 0 then lot.serial
          when lot.on_hand <= 0 then excluded.serial end,
        expires_on = coalesce(lot.expires_on, excluded.expires_on),
        changed_at = greatest(lot.changed_at, excluded.changed_at)`.execute(this.database);
  }

  async read(number: string): Promise<ShipmentReceipt | undefined> {
    const { rows } = await sql<Row>`${RECEIPTS} where receipt.number = ${number}`.execute(this.database);
    return rows[0] && toReceipt(rows[0]);
  }

  async readByBusinessKey(businessKey: string): Promise<ShipmentReceipt | undefined> {
    const { rows } = await sql<Row>`${RECEIPTS} where receipt.business_key = ${businessKey}`.execute(this.database);
    return rows[0] && toReceipt(rows[0]);
  }

  /** In the order of booking. */
  async list(query: ShipmentReceiptQuery): Promise<Page<ShipmentReceipt>> {
    const { shipment, order, location, changed_since, page_token, page_size = DEFAULT_PAGE_SIZE } = query;
    const after = pagePosition<number>(page_token, Number.isSafeInteger) ?? 0;
    const asked = [
      sql`receipt.position > ${after}`,
      ...(shipment === undefined ? [] : [sql`receipt.shipment = ${shipment}`]),
      ...(order === undefined ? [] : [sql`receipt.order_id = ${order}`]),
      ...(location === undefined ? [] : [sql`receipt.location = ${location}`]),
      ...(changed_since === undefined
        ? []
        : [sql`coalesce(reversal.booked_at, receipt.booked_at) >= ${changed_since}::timestamptz`]),
    ];
    const { rows } = await sql<Row>`
      ${RECEIPTS} where ${sql.join(asked, sql` and `)}
      order by receipt.position limit ${page_size + 1}`.execute(this.database);
    return toPage(rows, page_size, ({ position }) => Number(position), toReceipt);
  }
}

const toReceipt = (row: Row): ShipmentReceipt => ({
  ...bookedOf(row),
  shipment: row.shipment,
  order: row.order_id,
  supplier: row.supplier,
  location: row.location,
  lines: row.lines,
});
