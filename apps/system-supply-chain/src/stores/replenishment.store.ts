import { DEFAULT_PAGE_SIZE, isText, pagePosition, toPage } from '@concord/canonical';
import type { Page, ReplenishmentNeed } from '@concord/canonical';
import type { Database } from '@concord/database';
import { sql } from 'kysely';
import type { Replenishment } from '../ports/replenishment.port.js';
import type { ReplenishmentNeedQuery } from '../queries.js';

export class OwnReplenishment implements Replenishment {
  constructor(private readonly database: Database) {}

  /**
   * Par levels beside what lies there, what open orders bring and what open requisitions ask for, in one statement.
   * Quantities of orders and requisitions are in their own units, and are counted in stock units.
   */
  async listReplenishmentNeeds(query: ReplenishmentNeedQuery): Promise<Page<ReplenishmentNeed>> {
    const { location, item_id, due, page_token, page_size = DEFAULT_PAGE_SIZE } = query;
    const after = pagePosition<string>(page_token, isText) ?? '';
    const like = JSON.stringify({ ...(location ? { location } : {}), ...(item_id ? { itemId: item_id } : {}) });
    const { rows } = await sql<ReplenishmentNeed>`
      with coming as (
        select place, line ->> 'itemId' as item_id,
          sum(ordered * factor) as on_order, sum(asked * factor) as requested
        from (
          select body ->> 'deliverTo' as place, line, 0 as asked,
            greatest(0, greatest((line ->> 'quantity')::numeric, (line ->> 'shipped')::numeric)
              - (line ->> 'received')::numeric) as ordered
          from sandbox_supply_chain.document, jsonb_array_elements(body -> 'lines') as line
          where kind = 'order' and body ->> 'status' not in ('rejected', 'cancelled')
            and body ->> 'allReceived' = 'false'
          union all
          select body ->> 'location', line, (line ->> 'quantity')::numeric, 0
          from sandbox_supply_chain.document, jsonb_array_elements(body -> 'lines') as line
          where kind = 'requisition' and body ->> 'status' = 'open'
        ) as lines
        join sandbox_supply_chain.item on item.id = line ->> 'itemId'
        cross join lateral (
          select coalesce((
            select (unit ->> 'stockUnits')::numeric from jsonb_array_elements(item.units) as unit
            where unit ->> 'unit' = line ->> 'unit'), 1) as factor
        ) as unit
        group by 1, 2
      ), compared as (
        select par.id, body ->> 'location' as location, body ->> 'itemId' as "itemId", body ->> 'unit' as unit,
          coalesce(level.on_hand, 0) as on_hand, coalesce(coming.on_order, 0) as on_order,
          coalesce(coming.requested, 0) as requested, (body ->> 'parLevel')::numeric as par_level,
          (body ->> 'reorderPoint')::numeric as reorder_point
        from sandbox_supply_chain.document as par
        left join sandbox_supply_chain.stock_level as level
          on level.location = body ->> 'location' and level.item_id = body ->> 'itemId'
        left join coming on coming.place = body ->> 'location' and coming.item_id = body ->> 'itemId'
        where par.kind = 'par-level' and par.id > ${after} and body @> ${like}::jsonb
      ), needed as (
        select *, par_level - on_hand - on_order - requested as missing,
          on_hand + on_order + requested < reorder_point as due
        from compared
      )
      select id, location, "itemId", unit, trim_scale(on_hand)::text as "onHand", trim_scale(on_order)::text as "onOrder",
        trim_scale(requested)::text as requested, trim_scale(par_level)::text as "parLevel",
        trim_scale(reorder_point)::text as "reorderPoint", trim_scale(missing)::text as missing, due
      from needed
      where missing > 0 and (due or ${due !== 'true'})
      order by id limit ${page_size + 1}`.execute(this.database);
    return toPage(
      rows,
      page_size,
      ({ id }) => id,
      (need) => need,
    );
  }
}
