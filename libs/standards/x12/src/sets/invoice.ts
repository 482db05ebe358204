/** 810 invoice. Amounts in TDS and SAC are whole cents (X12 type N2), prices are decimals. */
import { an, date, decimal, id, n0 } from '../guide/element.js';
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
import { DTM, NTE, PER, REF } from './segments.js';
import {
  CTP,
  CTT,
  CUR,
  descriptionLoop,
  FOB,
  ITD,
  noteLoop,
  partyLoop,
  PO4,
  productIds,
  SAC,
  TXI,
} from './supply.segments.js';

const BIG = segment('BIG', 'invoice', {
  date: required(1, date), // BIG01
  number: required(2, an(1, 22)), // BIG02
  orderDate: situational(3, date), // BIG03
  order: situational(4, an(1, 22)), // BIG04 number of our order
  release: situational(5, an(1, 30)), // BIG05
  change: situational(6, an(1, 8)), // BIG06
  type: situational(7, id(2, 2)), // BIG07 DI debit, CR credit memo
  purpose: situational(8, id(2, 2)), // BIG08
});

const IT1 = segment('IT1', 'line', {
  line: situational(1, an(1, 20)), // IT101
  quantity: situational(2, decimal(10)), // IT102
  unit: situational(3, id(2, 2)), // IT103
  price: situational(4, decimal(17)), // IT104
  priceBasis: situational(5, id(2, 2)), // IT105
  products: productIds(6), // IT106–25
});

const allowance = loop('SAC', 'allowance or charge', { allowance: one(SAC), taxes: many(TXI, 10) });

const invoiceLine = loop(
  'IT1',
  'line',
  {
    line: one(IT1),
    currency: maybe(CUR),
    taxes: many(TXI, 10),
    prices: many(CTP, 25),
    descriptions: many(descriptionLoop, 1000),
    packings: many(PO4, 100),
    references: many(REF, 50),
    contacts: many(PER, 5),
    dates: many(DTM, 10),
    allowances: many(allowance, 25),
    parties: many(partyLoop, 200),
  },
  { called: ({ line }, index) => `Line ${line.line ?? index}` },
);

interface Totals {
  readonly lines: readonly {
    readonly line: { readonly quantity?: string; readonly price?: string };
    readonly taxes?: readonly Tax[];
    readonly allowances?: readonly Allowance[];
  }[];
  readonly total: { readonly total: string };
  readonly taxes?: readonly Tax[];
  readonly allowances?: readonly Allowance[];
}

interface Tax {
  readonly amount?: string;
}

interface Allowance {
  readonly allowance: { readonly indicator: string; readonly amount?: string };
}

const signed = ({ allowance: { indicator, amount } }: Allowance): string => {
  const sign = { A: -1, C: 1 }[indicator] ?? 0;
  return numberOf(amount).times(sign).toFixed();
};

/** TDS01 = lines + charges − allowances + taxes, each line rounded to the cent. */
const totalAgrees: Balance<Totals> = ({ lines, total, taxes = [], allowances = [] }, told) => {
  const goods = lines.map(({ line }) =>
    numberOf(line.quantity).times(numberOf(line.price)).times(100).toDecimalPlaces(0).toFixed(),
  );
  const extra = [...allowances, ...lines.flatMap((line) => line.allowances ?? [])].map(signed);
  const tax = [...taxes, ...lines.flatMap((line) => line.taxes ?? [])].map(({ amount }) =>
    numberOf(amount).times(100).toFixed(),
  );
  const expected = sumOf([...goods, ...extra, ...tax]);
  const stated = numberOf(total.total);
  if (stated.equals(expected)) return;
  const detail = `TDS-01 is ${stated.div(100).toFixed(2)}, but lines, charges and taxes are ${expected.div(100).toFixed(2)}`;
  told({ rule: 'invoice-total', where: '', detail, pointer: 'TDS-01' });
};

export const INVOICE = guide(
  { id: '810', version: '004010', functionalId: 'IN', title: 'invoice' },
  {
    invoice: one(BIG),
    remarks: many(NTE, 100),
    currency: maybe(CUR),
    references: many(REF, 12),
    contacts: many(PER, 3),
    parties: many(partyLoop, 200),
    terms: many(ITD, 5),
    dates: many(DTM, 10),
    freight: maybe(FOB),
    notes: many(noteLoop, 1),
    lines: some(invoiceLine, 200_000),
    total: one(
      segment('TDS', 'total', {
        total: required(1, n0(15)),
        discountable: situational(2, n0(15)),
        discounted: situational(3, n0(15)),
        discount: situational(4, n0(15)),
      }),
    ),
    taxes: many(TXI, 10),
    carrier: maybe(
      segment('CAD', 'carrier', {
        mode: situational(1, id(1, 2)), // CAD01
        carrier: situational(4, an(2, 4)), // CAD04 SCAC
        routing: situational(5, an(1, 35)), // CAD05
        referenceQualifier: situational(7, id(2, 3)), // CAD07
        reference: situational(8, an(1, 50)), // CAD08
      }),
    ),
    allowances: many(allowance, 25),
    summaries: many(
      segment('ISS', 'shipment summary', {
        quantity: situational(1, decimal(10)),
        unit: situational(2, id(2, 2)),
        weight: situational(3, decimal(10)),
        weightUnit: situational(4, id(2, 2)),
      }),
      10,
    ),
    totals: maybe(CTT),
  },
  [totalAgrees],
);

export type InvoiceSet = ShapeOf<typeof INVOICE>;
export type InvoiceSetLine = PartOf<typeof invoiceLine>;
