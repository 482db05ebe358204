import { DEFAULT_PAGE_SIZE, pagePosition, toPage, type ItemUsage, type Page } from '@concord/canonical';
import type { Database } from '@concord/database';
import { sql } from 'kysely';
import type { ItemUsageQuery } from '../queries.js';

type Position = [location: string, itemId: string];

const isPosition = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');

/** What the adjustments of the days asked for took, less what they returned. */
export async function listItemUsage(database: Database, query: ItemUsageQuery): Promise<Page<ItemUsage>> {
  const { location, item_id, since, until, page_token, page_size = DEFAULT_PAGE_SIZE } = query;
  const [place, item] = pagePosition<Position>(page_token, isPosition) ?? ['', ''];
  const { rows } = await sql<ItemUsage>`
    select adjustment.location, line ->> 'itemId' as "itemId",
      trim_scale(sum((line ->> 'quantity')::numeric))::text as quantity, min(line ->> 'unit') as unit
    from sandbox_supply_chain.stock_adjustment as adjustment, jsonb_array_elements(adjustment.lines) as line
    where (adjustment.location collate "C", (line ->> 'itemId') collate "C") > (${place}, ${item})
      and (${location ?? null}::text is null or adjustment.location = ${location ?? null})
      and (${item_id ?? null}::text is null or line ->> 'itemId' = ${item_id ?? null})
      and (${since ?? null}::timestamptz is null or booked_at >= ${since ?? null}::timestamptz)
      and (${until ?? null}::timestamptz is null or booked_at < ${until ?? null}::timestamptz)
    group by 1, 2
    order by adjustment.location collate "C", (line ->> 'itemId') collate "C"
    limit ${page_size + 1}`.execute(database);
  return toPage(
    rows,
    page_size,
    (row): Position => [row.location, row.itemId],
    (row) => row,
  );
}
