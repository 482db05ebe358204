import { Decimal } from 'decimal.js';
import type { Item, ItemAvailability, SupplyOrderLine } from '@concord/canonical';
import type { Database } from '@concord/database';
import { sql } from 'kysely';
import { unitsOf } from '../held/order-rules.js';

interface OnHand {
  location: string;
  on_hand: string;
}

interface Ordered {
  location: string;
  needed_on: string;
  line: SupplyOrderLine;
}

interface Advised {
  supplier: string;
  available: string;
  unit: string | null;
  as_of: string;
}

/** What there is of an item, what is ordered of it, and what suppliers have; one moment, three reads. */
export async function readAvailability(database: Database, item: Item, now: Date): Promise<ItemAvailability> {
  const levels = await sql<OnHand>`
    select location, trim_scale(on_hand)::text as on_hand from sandbox_supply_chain.stock_level
    where item_id = ${item.id} order by location`.execute(database);
  const orders = await sql<Ordered>`
    select body ->> 'deliverTo' as location, body ->> 'neededOn' as needed_on, line
    from sandbox_supply_chain.document, jsonb_array_elements(body -> 'lines') as line
    where kind = 'order' and line ->> 'itemId' = ${item.id}
      and body ->> 'status' not in ('rejected', 'cancelled') and body ->> 'allReceived' = 'false'`.execute(database);
  const advised = await sql<Advised>`
    select body ->> 'supplier' as supplier, body ->> 'available' as available, body ->> 'unit' as unit,
      body ->> 'asOf' as as_of
    from sandbox_supply_chain.document where kind = 'supplier-stock' and body @> ${JSON.stringify({ itemId: item.id })}::jsonb
    order by id`.execute(database);
  const inStockUnits = (quantity: Decimal.Value, unit: string) =>
    new Decimal(quantity).times(unitsOf(item).get(unit) ?? 1);
  const open = orders.rows.map(({ location, needed_on, line }) => ({
    location,
    quantity: inStockUnits(Decimal.max(0, Decimal.max(line.quantity, line.shipped).minus(line.received)), line.unit),
    backordered: inStockUnits(line.backordered, line.unit),
    expected: line.promisedOn ?? needed_on,
  }));
  const locations = levels.rows.map(({ location, on_hand: onHand }) => {
    const coming = open.filter((one) => one.location === location && one.quantity.greaterThan(0));
    const [nextDelivery] = coming.map(({ expected }) => expected).sort();
    return { location, onHand, onOrder: sumOf(coming.map(({ quantity }) => quantity)), nextDelivery };
  });
  return {
    itemId: item.id,
    unit: item.stockUnit,
    onHand: sumOf(levels.rows.map(({ on_hand }) => on_hand)),
    onOrder: sumOf(open.map(({ quantity }) => quantity)),
    backordered: sumOf(open.map(({ backordered }) => backordered)),
    locations,
    suppliers: advised.rows.map(({ supplier, available, unit, as_of: asOf }) => ({
      supplier,
      available: inStockUnits(available, unit ?? item.stockUnit).toFixed(),
      asOf,
    })),
    asOf: now.toISOString(),
  };
}

const sumOf = (quantities: readonly Decimal.Value[]): string =>
  quantities.reduce<Decimal>((sum, quantity) => sum.plus(quantity), new Decimal(0)).toFixed();
