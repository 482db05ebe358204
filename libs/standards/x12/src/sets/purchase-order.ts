/** 850 purchase order, and 855 purchase order acknowledgment: what we order, and what the supplier says to it. */
import { an, date, decimal, id, oneOf } from '../guide/element.js';
import { required, situational } from '../guide/field.js';
import {
  type Balance,
  guide,
  loop,
  many,
  maybe,
  one,
  type PartOf,
  segment,
  type ShapeOf,
  some,
} from '../guide/guide.js';
import { numberOf, sumOf } from './decimal.js';
import { DTM } from './segments.js';
import { HEADING, LINE_DETAILS, partyLoop, productIds, TD5, totalsLoop, TXI } from './supply.segments.js';

const BEG = segment('BEG', 'order', {
  purpose: required(1, id(2, 2)), // BEG01 00 original, 01 cancellation, 05 replacement
  type: required(2, id(2, 2)), // BEG02 SA stand-alone
  number: required(3, an(1, 22)), // BEG03 purchase order number
  release: situational(4, an(1, 30)), // BEG04
  date: required(5, date), // BEG05
  contract: situational(6, an(1, 30)), // BEG06
  acknowledgment: situational(7, id(2, 2)), // BEG07
});

const PO1 = segment(
  'PO1',
  'line',
  {
    line: situational(1, an(1, 20)), // PO101
    quantity: situational(2, decimal(15)), // PO102
    unit: situational(3, id(2, 2)), // PO103
    price: situational(4, decimal(17)), // PO104 of one unit
    priceBasis: situational(5, id(2, 2)), // PO105
    products: productIds(6), // PO106–25
  },
  ['C0302', 'C0504'],
);

const orderLine = loop(
  'PO1',
  'line',
  {
    line: one(PO1),
    ...LINE_DETAILS,
    carriers: many(TD5, 12),
    taxes: many(TXI, 10),
    parties: many(partyLoop, 200),
  },
  { called: ({ line }, index) => `Line ${line.line ?? index}` },
);

interface Counted {
  readonly lines: readonly { readonly line: { readonly quantity?: string } }[];
  readonly totals?: { readonly totals: { readonly lines: string; readonly hash?: string } };
}

/** CTT01 is the number of lines, and CTT02, where it is there, the sum of their quantities. */
const linesCounted: Balance<Counted> = ({ lines, totals }, told) => {
  if (!totals) return;
  const { lines: count, hash } = totals.totals;
  if (Number(count) !== lines.length) {
    const detail = `CTT-01 counts ${numberOf(count).toFixed()} lines, but ${lines.length} came`;
    told({ rule: 'line-count', where: '', detail, pointer: 'CTT-01' });
  }
  const sum = sumOf(lines.map(({ line }) => line.quantity));
  if (hash !== undefined && !sum.equals(numberOf(hash))) {
    const detail = `CTT-02 sums up to ${numberOf(hash).toFixed()}, but the quantities are ${sum.toFixed()}`;
    told({ rule: 'quantity-hash', where: '', detail, pointer: 'CTT-02' });
  }
};

export const PURCHASE_ORDER = guide(
  { id: '850', version: '004010', functionalId: 'PO', title: 'purchase order' },
  { order: one(BEG), ...HEADING, lines: some(orderLine, 100_000), totals: maybe(totalsLoop) },
  [linesCounted],
);

const BAK = segment('BAK', 'answer to an order', {
  purpose: required(1, id(2, 2)), // BAK01
  type: required(2, oneOf('AC', 'AD', 'AE', 'AH', 'AK', 'AP', 'AT', 'NA', 'RD', 'RF', 'RJ', 'RO', 'ZZ')), // BAK02 AD accepted, AC with changes, RJ rejected
  number: required(3, an(1, 22)), // BAK03 the number of our order
  date: required(4, date), // BAK04 of our order
  release: situational(5, an(1, 30)), // BAK05
  request: situational(6, an(1, 45)), // BAK06
  contract: situational(7, an(1, 30)), // BAK07
  reference: situational(8, an(1, 50)), // BAK08 the supplier's own number
  acknowledgedOn: situational(9, date), // BAK09
});

const ACK = segment(
  'ACK',
  'answer to a line',
  {
    status: required(
      1,
      oneOf(
        'AC',
        'AR',
        'BP',
        'DR',
        'IA',
        'IB',
        'IC',
        'ID',
        'IE',
        'IF',
        'IH',
        'IP',
        'IQ',
        'IR',
        'IS',
        'IW',
        'R1',
        'R2',
        'R3',
        'R4',
        'R5',
        'R6',
        'R7',
        'R8',
        'R9',
        'SP',
      ),
    ), // ACK01 IA accepted, IB backordered, IC accepted with changes, IR rejected
    quantity: situational(2, decimal(15)), // ACK02
    unit: situational(3, id(2, 2)), // ACK03
    dateQualifier: situational(4, id(3, 3)), // ACK04 068 scheduled to ship, 067 promised delivery
    date: situational(5, date), // ACK05
    request: situational(6, an(1, 45)), // ACK06
    products: productIds(7), // ACK07–26
  },
  ['P0203', 'C0405'],
);

/** What the supplier says to a line, in parts: so many now, so many later. */
export const LINE_ANSWERS = many(loop('ACK', 'answer to a line', { answer: one(ACK), dates: many(DTM, 1) }), 104);

const answeredLine = loop(
  'PO1',
  'line',
  {
    line: one(PO1),
    ...LINE_DETAILS,
    answers: LINE_ANSWERS,
    parties: many(partyLoop, 200),
  },
  { called: ({ line }, index) => `Line ${line.line ?? index}` },
);

export const PURCHASE_ORDER_ACKNOWLEDGMENT = guide(
  { id: '855', version: '004010', functionalId: 'PR', title: 'purchase order acknowledgment' },
  { answer: one(BAK), ...HEADING, lines: many(answeredLine, 100_000), totals: maybe(totalsLoop) },
);

export type PurchaseOrderSet = ShapeOf<typeof PURCHASE_ORDER>;
export type PurchaseOrderSetLine = PartOf<typeof orderLine>;
export type PurchaseOrderAcknowledgment = ShapeOf<typeof PURCHASE_ORDER_ACKNOWLEDGMENT>;
export type AcknowledgedLine = PartOf<typeof answeredLine>;
