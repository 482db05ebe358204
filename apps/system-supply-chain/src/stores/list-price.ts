import { Decimal } from 'decimal.js';
import { times, type CataloguePrice, type Item, type Money, type SupplierItem } from '@concord/canonical';
import { unitsOf } from '../held/order-rules.js';

/** What of a supplier's item its price depends on. */
type Priced = Pick<SupplierItem, 'listPrice' | 'prices' | 'orderUnit'>;

/**
 * The list price of one order unit on a day: the one that began last. A price that is announced does not hold before its
 * day, and one for large quantities only is none of a list.
 * @param item of the item master, whose units say how prices of other units compare
 */
export function listPriceOn(sold: Priced, item: Item | undefined, day: string): Money | undefined {
  const holding = (sold.prices ?? []).filter((price) => price.kind === 'list' && holds(price, day));
  const [latest] = holding.sort((a, b) => ((a.effectiveOn ?? '') < (b.effectiveOn ?? '') ? 1 : -1));
  return (latest && inUnit(latest, sold.orderUnit, item)) ?? sold.listPrice;
}

const holds = ({ effectiveOn, endsOn, fromQuantity = '1' }: CataloguePrice, day: string): boolean =>
  (effectiveOn ?? day) <= day && day <= (endsOn ?? day) && Number(fromQuantity) <= 1;

/** The price in another unit of the item; undefined where the item has no such unit. */
function inUnit({ price, unit }: CataloguePrice, wanted: string, item: Item | undefined): Money | undefined {
  if (unit === undefined || unit === wanted) return price;
  const units = item && unitsOf(item);
  const [from, to] = [units?.get(unit), units?.get(wanted)];
  return from && to ? times(price, new Decimal(to).div(from).toString()) : undefined;
}
