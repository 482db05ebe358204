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

/** What lies where of each lot and serial number: what was received less what was taken under the lot. */
export async function listStockLots(database: Database, query: StockLotQuery): Promise<Page<StockLot>> {
  const { location, item_id, lot, expires_before, changed_since, page_token, page_size = DEFAULT_PAGE_SIZE } = query;
  const after = pagePosition<string>(page_token, isText) ?? '';
  const { rows } = await sql<Row>`
    select lot.id, lot.location, lot.item_id, lot.lot, lot.serial, lot.expires_on::text,
      trim_scale(lot.received - coalesce(used.quantity, 0))::text as on_hand, item.stock_unit as unit,
      greatest(lot.changed_at, used.moved_at) as changed_at
    from sandbox_supply_chain.stock_lot as lot
    join sandbox_supply_chain.item on item.id = lot.item_id
    left join lateral (
      select sum((line ->> 'quantity')::numeric) as quantity, max(adjustment.booked_at) as moved_at
      from sandbox_supply_chain.stock_adjustment as adjustment, jsonb_array_elements(adjustment.lines) as line
      where adjustment.location = lot.location and line ->> 'itemId' = lot.item_id and line ->> 'lot' = lot.lot
    ) as used on true
    where lot.id > ${after}
      and (${location ?? null}::text is null or lot.location = ${location ?? null})
      and (${item_id ?? null}::text is null or lot.item_id = ${item_id ?? null})
      and (${lot ?? null}::text is null or lot.lot = ${lot ?? null})
      and (${expires_before ?? null}::date is null or lot.expires_on < ${expires_before ?? null}::date)
      and ${changed_since === undefined ? sql`true` : movedSince(changed_since)}
    order by lot.id limit ${page_size + 1}`.execute(database);
  return toPage(rows, page_size, ({ id }) => id, toLot);
}

/** Received since, or taken from since. */
const movedSince = (since: string) => sql`(
  lot.changed_at >= ${since}::timestamptz or (lot.location, lot.item_id, lot.lot) in (
    select adjustment.location, line ->> 'itemId', line ->> 'lot'
    from sandbox_supply_chain.stock_adjustment as adjustment, jsonb_array_elements(adjustment.lines) as line
    where adjustment.booked_at >= ${since}::timestamptz))`;

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
