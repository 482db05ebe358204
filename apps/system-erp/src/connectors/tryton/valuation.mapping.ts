/** What Tryton has of a product at a location, and what it counts as its cost, as the value of its stock. */
import { money, type InventoryValuation } from '@concord/canonical';
import { changedAtOf, fromWireDecimal, type Stamped, type WireDecimal } from '@concord/tryton';
import { Decimal } from 'decimal.js';
import { createHash } from 'node:crypto';

type Changed = Omit<Stamped, '_timestamp'>;

export const STOCKED_FIELDS = [
  'code',
  'quantity',
  'cost_price',
  'default_uom.name',
  'cost_prices.company',
  'cost_prices.create_date',
  'cost_prices.write_date',
];

/** A product, seen from one company at one location. */
export interface WireStocked {
  readonly id: number;
  readonly code: string;
  readonly quantity: number;
  /** Of one unit; whether an average or fixed, the product's cost price method says. */
  readonly cost_price: WireDecimal | null;
  readonly 'default_uom.': { readonly name: string };
  readonly 'cost_prices.': readonly (Changed & { readonly company: number | null })[];
}

export interface WireMoved extends Changed {
  readonly id: number;
  readonly product: number;
  readonly from_location: number;
  readonly to_location: number;
}

/** Where, and in whose books. */
export interface Stand {
  readonly location: string;
  readonly legalEntity: string;
  readonly currency: string;
  readonly company: number;
}

/** @param moved the last move of the product there */
export function toValuation(
  { code: item, cost_price, ...product }: WireStocked,
  { location, legalEntity, currency, company }: Stand,
  moved: Changed | undefined,
): InventoryValuation {
  const averageCost = new Decimal(cost_price ? fromWireDecimal(cost_price) : 0).toDecimalPlaces(6).toFixed();
  const quantity = new Decimal(product.quantity).toDecimalPlaces(6).toFixed();
  const value = money(new Decimal(quantity).times(averageCost).toDecimalPlaces(2).toFixed(), currency);
  const costed = product['cost_prices.'].filter((cost) => cost.company === company);
  const changes = [...costed, ...(moved ? [moved] : [])].map(changedAtOf).sort();
  return {
    item,
    location,
    legalEntity,
    quantity,
    unit: product['default_uom.'].name,
    value,
    averageCost,
    revision: createHash('sha256').update(`${quantity} ${averageCost}`).digest('hex').slice(0, 16),
    changedAt: changes.at(-1) ?? NEVER,
  };
}

/** What neither moved nor was priced has always been so. */
const NEVER = '1970-01-01T00:00:00.000Z';
