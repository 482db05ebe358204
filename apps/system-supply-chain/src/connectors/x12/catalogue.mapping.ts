/** An 832 and an 846 in our words. Pure: one field a line, with the X12 field in words. */
import type { CatalogueChange, CataloguePrice } from '@concord/canonical';
import type { AdvisedItem, CatalogueItem, InventoryAdvice } from '@concord/x12';
import { Decimal } from 'decimal.js';
import { dayOf, timeOf } from './dates.js';
import { numbered } from './taking.js';
import { unitOf } from './unit-codes.js';
import { unitPrice } from './unit-price.js';

/** CTP02 (X12 element 236) in our words. */
const PRICES: Readonly<Record<string, CataloguePrice['kind']>> = {
  CAT: 'list',
  LPR: 'list',
  DIS: 'list',
  CON: 'contract',
  NET: 'net',
  UCP: 'net',
  ACT: 'net',
  PRP: 'promotional',
  SPC: 'promotional',
  RES: 'resale',
  RTL: 'resale',
  MSR: 'resale',
  QTE: 'quoted',
};

/** G5301 in our words. */
const CHANGES: Readonly<Record<string, CatalogueChange['kind']>> = {
  '001': 'changed',
  '002': 'discontinued',
  '021': 'added',
};

type Told = NonNullable<CatalogueItem['prices']>[number];

/** Every price of an item; one of no kind is a list price, as CTP02 may be left out. */
export const pricesOf = ({ prices = [] }: CatalogueItem, currency: string): CataloguePrice[] =>
  prices.flatMap((told) => (told.price.price ? [priceOf(told, told.price.price, currency)] : []));

const priceOf = ({ price, currency, dates }: Told, amount: string, ofCatalogue: string): CataloguePrice => ({
  kind: price.type ? (PRICES[price.type] ?? 'other') : 'list', // CTP02 kind of the price
  price: unitPrice(amount, currency?.currency ?? ofCatalogue), // CTP03, CUR02
  unit: unitOf(price.unit), // CTP05 unit
  fromQuantity: price.quantity && new Decimal(price.quantity).toFixed(), // CTP04 from how many on
  effectiveOn: dateOf(dates, '007'), // DTM 007 effective
  endsOn: dateOf(dates, '036'), // DTM 036 expiry
});

const dateOf = (dates: Told['dates'], qualifier: string): string | undefined => {
  const date = dates?.find((one) => one.qualifier === qualifier)?.date;
  return date && dayOf(date);
};

/** What happened to an item; undefined where the supplier gives no number of his. */
export function changeOf(
  { item, change, descriptions }: CatalogueItem,
  prices: CataloguePrice[],
): Omit<CatalogueChange, 'id' | 'changedAt' | 'supplier'> | undefined {
  const supplierItemNumber = numbered(item.products, 'VN'); // LIN VN vendor's number
  if (!supplierItemNumber) return undefined;
  const list = prices.find(({ kind }) => kind === 'list');
  return {
    supplierItemNumber,
    kind: CHANGES[change?.code ?? ''] ?? (prices.length > 0 ? 'price-changed' : 'changed'), // G5301 what happened
    description: descriptions?.[0]?.text, // PID05
    price: list?.price,
    effectiveOn: list?.effectiveOn,
    prices: prices.length > 0 ? prices : undefined,
  };
}

/** QTY 33 available to sell, or else 17 on hand. */
export function availableOf({ quantities = [] }: AdvisedItem): { available: string; unit?: string } | undefined {
  const of = (qualifier: string) => quantities.find(({ quantity }) => quantity.qualifier === qualifier)?.quantity;
  const told = of('33') ?? of('17');
  return told && { available: new Decimal(told.quantity).toFixed(), unit: unitOf(told.unit) };
}

/** BIA04 and BIA05: the moment of which the supplier speaks. */
export const advisedAt = ({ date, time = '0000' }: InventoryAdvice['advice']): string =>
  `${dayOf(date)}T${timeOf(time)}Z`;
