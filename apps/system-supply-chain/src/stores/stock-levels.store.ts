import { DEFAULT_PAGE_SIZE, pagePosition, toPage, type Page, type StockLevel } from '@concord/canonical';
import type { Database } from '@concord/database';
import { sql } from 'kysely';
import type { StockLevelQuery } from '../queries.js';

type Tables = {
  'sandbox_supply_chain.stock_level': {
    location: string;
    item_id: string;
    on_hand: string;
    changed_at: Date;
  };
  'sandbox_supply_chain.item': { id: string; stock_unit: string };
};

type Position = [location: string, itemId: string];

const isPosition = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');

const positionOf = ({ location, itemId }: Pick<StockLevel, 'location' | 'itemId'>): Position => [location, itemId];

/** As it is set now; nothing where nobody has set one. */
const parLevel = sql<string>`coalesce((
  select body ->> 'parLevel' from sandbox_supply_chain.document
  where kind = 'par-level' and id = level.location || ':' || level.item_id), '0')`;

/** How much lies where now, by location and item. Quantities are written without zeros at the end. */
export async function listStockLevels(database: Database, query: StockLevelQuery): Promise<Page<StockLevel>> {
  const { location, item_id, changed_since, page_token, page_size = DEFAULT_PAGE_SIZE } = query;
  const after = pagePosition<Position>(page_token, isPosition);
  let levels = database
    .$extendTables<Tables>()
    .selectFrom('sandbox_supply_chain.stock_level as level')
    .innerJoin('sandbox_supply_chain.item as item', 'item.id', 'level.item_id')
    .select(['level.location', 'level.item_id as itemId', 'item.stock_unit as unit', 'level.changed_at'])
    .select(sql<string>`trim_scale(level.on_hand)`.as('onHand'))
    .select(parLevel.as('parLevel'));
  if (location) levels = levels.where('level.location', '=', location);
  if (item_id) levels = levels.where('level.item_id', '=', item_id);
  if (changed_since) levels = levels.where('level.changed_at', '>=', new Date(changed_since));
  if (after) {
    levels = levels.where((is) => is(is.refTuple('level.location', 'level.item_id'), '>', is.tuple(...after)));
  }
  const ordered = levels.orderBy('level.location').orderBy('level.item_id');
  return toPage(await ordered.limit(page_size + 1).execute(), page_size, positionOf, toLevel);
}

const toLevel = ({ changed_at, ...level }: Omit<StockLevel, 'changedAt'> & { changed_at: Date }): StockLevel => ({
  ...level,
  changedAt: changed_at.toISOString(),
});
