/** 832 price and sales catalogue, and 846 inventory advice: what a supplier sells, at which price, and what he has of it. */
import { an, date, decimal, id } from '../guide/element.js';
import { required, situational } from '../guide/field.js';
import { guide, loop, many, maybe, one, type PartOf, segment, type ShapeOf } from '../guide/guide.js';
import { DTM, PER, REF } from './segments.js';
import { CTP, CTT, CUR, partyLoop, PID, PO4, productIds } from './supply.segments.js';

const LIN = segment('LIN', 'item', {
  line: situational(1, an(1, 20)), // LIN01
  products: productIds(2, 15), // LIN02–31
});

const BCT = segment('BCT', 'catalogue', {
  purpose: required(1, id(2, 2)), // BCT01 PC price catalogue, RC resale catalogue
  number: situational(2, an(1, 15)), // BCT02
  version: situational(3, an(1, 15)), // BCT03
  revision: situational(4, an(1, 6)), // BCT04
  change: situational(10, id(2, 2)), // BCT10 02 add, 04 change, 05 replace
});

const catalogueItem = loop(
  'LIN',
  'item',
  {
    item: one(LIN),
    change: maybe(segment('G53', 'what happened to it', { code: required(1, id(3, 3)) })), // G5301 001 changed, 002 deleted, 021 added
    dates: many(DTM, 10),
    references: many(REF, 12),
    contacts: many(PER, 3),
    descriptions: many(PID, 200),
    packings: many(PO4, 100),
    prices: many(loop('CTP', 'price', { price: one(CTP), currency: maybe(CUR), dates: many(DTM, 10) }), 100),
  },
  { called: ({ item }, index) => `Item ${item.products?.[0]?.id ?? index}` },
);

export const PRICE_CATALOGUE = guide(
  { id: '832', version: '004010', functionalId: 'SC', title: 'price catalogue' },
  {
    catalogue: one(BCT),
    references: many(REF, 12),
    contacts: many(PER, 3),
    dates: many(DTM, 10),
    currency: maybe(CUR),
    parties: many(partyLoop, 1000),
    items: many(catalogueItem),
    totals: maybe(CTT),
  },
);

const BIA = segment('BIA', 'inventory advice', {
  purpose: required(1, id(2, 2)), // BIA01
  type: required(2, id(2, 2)), // BIA02 SI seller's inventory, DD distributor's
  number: required(3, an(1, 50)), // BIA03
  date: required(4, date), // BIA04
  time: situational(5, an(4, 8)), // BIA05
});

const QTY = segment('QTY', 'quantity', {
  qualifier: required(1, id(2, 2)), // QTY01 33 available to sell, 17 on hand, 63 on order
  quantity: required(2, decimal(15)), // QTY02
  unit: situational(3, id(2, 2)), // QTY03
});

const stockItem = loop(
  'LIN',
  'item',
  {
    item: one(LIN),
    descriptions: many(PID, 200),
    dates: many(DTM, 10),
    prices: many(CTP, 6),
    references: many(REF, 12),
    quantities: many(loop('QTY', 'quantity', { quantity: one(QTY), dates: many(DTM, 10) }), 99),
    parties: many(partyLoop, 10),
  },
  { called: ({ item }, index) => `Item ${item.products?.[0]?.id ?? index}` },
);

export const INVENTORY_ADVICE = guide(
  { id: '846', version: '004010', functionalId: 'IB', title: 'inventory advice' },
  {
    advice: one(BIA),
    dates: many(DTM, 10),
    references: many(REF, 12),
    contacts: many(PER, 3),
    parties: many(partyLoop, 5),
    items: many(stockItem),
    totals: maybe(CTT),
  },
);

export type PriceCatalogue = ShapeOf<typeof PRICE_CATALOGUE>;
export type CatalogueItem = PartOf<typeof catalogueItem>;
export type InventoryAdvice = ShapeOf<typeof INVENTORY_ADVICE>;
export type AdvisedItem = PartOf<typeof stockItem>;
