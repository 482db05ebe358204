/**
 * 856 ship notice: one shipment (HL S) with its orders (O), pallets (T) and packs (P) down to the items (I). Orders may be
 * packed, or hold their items without packing.
 */
import { an, date, decimal, id } from '../guide/element.js';
import { required, situational } from '../guide/field.js';
import { guide, loop, many, maybe, one, type PartOf, segment, type ShapeOf, some } from '../guide/guide.js';
import { DTM, REF } from './segments.js';
import { CTT, FOB, PID, partyLoop, PO4, productIds, TD1, TD3, TD5 } from './supply.segments.js';

const BSN = segment('BSN', 'ship notice', {
  purpose: required(1, id(2, 2)), // BSN01
  number: required(2, an(2, 30)), // BSN02 the supplier's number of the shipment
  date: required(3, date), // BSN03
  time: required(4, an(4, 8)), // BSN04
  structure: situational(5, id(4, 4)), // BSN05 0001 shipment, order, packing, item; 0004 shipment, order, item
});

const PRF = segment('PRF', 'order', {
  number: required(1, an(1, 22)), // PRF01 number of our order
  release: situational(2, an(1, 30)), // PRF02
  change: situational(3, an(1, 8)), // PRF03
  date: situational(4, date), // PRF04
});

const MAN = segment('MAN', 'marks', {
  qualifier: required(1, id(1, 2)), // MAN01 GM SSCC-18
  number: required(2, an(1, 48)), // MAN02
  numberTo: situational(3, an(1, 48)), // MAN03
});

const LIN = segment('LIN', 'item', {
  line: situational(1, an(1, 20)), // LIN01 line of our order
  products: productIds(2, 15), // LIN02–31
});

const SN1 = segment('SN1', 'what is shipped', {
  line: situational(1, an(1, 20)), // SN101
  quantity: required(2, decimal(10)), // SN102
  unit: required(3, id(2, 2)), // SN103
  shippedToDate: situational(4, decimal(15)), // SN104
  ordered: situational(5, decimal(9)), // SN105
  orderedUnit: situational(6, id(2, 2)), // SN106
});

const content = {
  item: maybe(LIN),
  shipped: maybe(SN1),
  order: maybe(PRF),
  packing: many(PO4, 10),
  descriptions: many(PID, 200),
  packages: many(TD1, 20),
  carriers: many(TD5, 12),
  equipment: many(TD3, 12),
  references: many(REF, 200),
  marks: many(MAN, 1000),
  dates: many(DTM, 10),
  freight: many(FOB, 1),
  parties: many(partyLoop, 200),
};

const item = loop('I', 'item', content, { level: 'I' });
const pack = loop('P', 'pack', { ...content, items: many(item) }, { level: 'P' });
const pallet = loop('T', 'pallet', { ...content, packs: many(pack), items: many(item) }, { level: 'T' });
const order = loop(
  'O',
  'order',
  { ...content, pallets: many(pallet), packs: many(pack), items: many(item) },
  { level: 'O' },
);
const shipment = loop('S', 'shipment', { ...content, orders: some(order) }, { level: 'S' });

export const SHIP_NOTICE = guide(
  { id: '856', version: '004010', functionalId: 'SH', title: 'ship notice' },
  { notice: one(BSN), dates: many(DTM, 10), shipment: one(shipment), totals: maybe(CTT) },
);

export type ShipNotice = ShapeOf<typeof SHIP_NOTICE>;
export type ShippedOrder = PartOf<typeof order>;
export type ShippedItem = PartOf<typeof item>;

/** The items of an order, however they are packed. */
export const itemsOf = ({ pallets = [], packs = [], items = [] }: ShippedOrder): ShippedItem[] => [
  ...pallets.flatMap((one) => [...(one.packs ?? []).flatMap((inner) => inner.items ?? []), ...(one.items ?? [])]),
  ...packs.flatMap((one) => one.items ?? []),
  ...items,
];
