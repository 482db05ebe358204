import { DEFAULT_PAGE_SIZE, pagePosition, toPage, type Page, type StockLot } from '@concord/canonical';
import type { Database } from '@concord/database';
import { sql } from 'kysely';
import type { StockLotQuery } from '../queries.js';

interface Row {
  id: string;
  location: string;
  item_id: string;
  lot: string | null;
  serial: string | null;
  expires_on: string | null;
  on_hand: string;
  unit: string;
  changed_at: Date;
}

const isText = (value: unknown): boolean => typeof value === 'string';

/** What lies where of each lot and serial number. */
export async function listStockLots(database: Database, query: StockLotQuery): Promise<Page<StockLot>> {
  const { location, item_id, lot, expires_before, changed_since, page_token, page_size = DEFAULT_PAGE_SIZE } = query;
  const after = pagePosition<string>(page_token, isText) ?? '';
  const asked = [
    sql`lot.id > ${after}`,
    ...(location === undefined ? [] : [sql`lot.location = ${location}`]),
    ...(item_id === undefined ? [] : [sql`lot.item_id = ${item_id}`]),
    ...(lot === undefined ? [] : [sql`lot.lot = ${lot}`]),
    ...(expires_before === undefined ? [] : [sql`lot.expires_on < ${expires_before}::date`]),
    ...(changed_since === undefined ? [] : [sql`lot.changed_at >= ${changed_since}::timestamptz`]),
  ];
  const { rows } = await sql<Row>`
    select lot.id, lot.location, lot.item_id, lot.lot, lot.serial, lot.expires_on::text,
      trim_scale(lot.on_hand)::text as on_hand, item.stock_unit as unit, lot.changed_at
    from sandbox_supply_chain.stock_lot as lot
    join sandbox_supply_chain.item on item.id = lot.item_id
    where ${sql.join(asked, sql` and `)}
    order by lot.id limit ${page_size + 1}`.execute(database);
  return toPage(rows, page_size, ({ id }) => id, toLot);
}

const toLot = (row: Row): StockLot => ({
  id: row.id,
  location: row.location,
  itemId: row.item_id,
  lot: row.lot ?? undefined,
  serial: row.serial ?? undefined,
  expiresOn: row.expires_on ?? undefined,
  onHand: row.on_hand,
  unit: row.unit,
  changedAt: row.changed_at.toISOString(),
});
