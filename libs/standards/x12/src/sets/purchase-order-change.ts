/** 860 purchase order change, and 865 its acknowledgment: that an order is changed or cancelled, and what the supplier says. */
import { an, date, decimal, id } from '../guide/element.js';
import { composite, required, situational } from '../guide/field.js';
import { guide, loop, many, maybe, one, type PartOf, segment, type ShapeOf } from '../guide/guide.js';
import { LINE_ANSWERS } from './purchase-order.js';
import { HEADING, LINE_DETAILS, partyLoop, productIds, totalsLoop } from './supply.segments.js';

const BCH = segment('BCH', 'change of an order', {
  purpose: required(1, id(2, 2)), // BCH01 01 cancellation, 04 change
  type: required(2, id(2, 2)), // BCH02 SA stand-alone
  number: required(3, an(1, 22)), // BCH03 purchase order number
  release: situational(4, an(1, 30)), // BCH04
  sequence: situational(5, an(1, 8)), // BCH05 which change of the order it is
  date: required(6, date), // BCH06 of the order
  request: situational(7, an(1, 45)), // BCH07
  contract: situational(8, an(1, 30)), // BCH08
  reference: situational(9, an(1, 50)), // BCH09
  acknowledgedOn: situational(10, date), // BCH10
  changedOn: situational(11, date), // BCH11 of the change
});

const POC = segment(
  'POC',
  'line',
  {
    line: situational(1, an(1, 20)), // POC01
    change: required(2, id(2, 2)), // POC02 DI delete, QD less, QI more, PC price, NC no change
    quantity: situational(3, decimal(15)), // POC03
    left: situational(4, decimal(9)), // POC04 left to receive
    unit: situational(5, composite({ unit: required(1, id(2, 2)) })), // POC05
    price: situational(6, decimal(17)), // POC06
    priceBasis: situational(7, id(2, 2)), // POC07
    products: productIds(8), // POC08–27
  },
  ['C0605'],
);

const changedLine = loop(
  'POC',
  'line',
  {
    line: one(POC),
    ...LINE_DETAILS,
    answers: LINE_ANSWERS,
    parties: many(partyLoop, 200),
  },
  { called: ({ line }, index) => `Line ${line.line ?? index}` },
);

export const PURCHASE_ORDER_CHANGE = guide(
  { id: '860', version: '004010', functionalId: 'PC', title: 'purchase order change' },
  { change: one(BCH), ...HEADING, lines: many(changedLine, 100_000), totals: maybe(totalsLoop) },
);

const BCA = segment('BCA', 'answer to a change', {
  purpose: required(1, id(2, 2)), // BCA01
  type: situational(2, id(2, 2)), // BCA02 AD accepted, AC with changes, RJ rejected
  number: required(3, an(1, 22)), // BCA03 the number of our order
  release: situational(4, an(1, 30)), // BCA04
  sequence: situational(5, an(1, 8)), // BCA05
  date: required(6, date), // BCA06 of our order
  request: situational(7, an(1, 45)), // BCA07
  contract: situational(8, an(1, 30)), // BCA08
  reference: situational(9, an(1, 50)), // BCA09 the supplier's own number
  acknowledgedOn: situational(10, date), // BCA10
});

export const PURCHASE_ORDER_CHANGE_ACKNOWLEDGMENT = guide(
  { id: '865', version: '004010', functionalId: 'CA', title: 'purchase order change acknowledgment' },
  { answer: one(BCA), ...HEADING, lines: many(changedLine, 100_000), totals: maybe(totalsLoop) },
);

export type PurchaseOrderChange = ShapeOf<typeof PURCHASE_ORDER_CHANGE>;
export type PurchaseOrderChangeAcknowledgment = ShapeOf<typeof PURCHASE_ORDER_CHANGE_ACKNOWLEDGMENT>;
export type ChangedLine = PartOf<typeof changedLine>;
