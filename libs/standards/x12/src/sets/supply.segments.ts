/** Segments of the supply chain sets, 004010 and 005010. */
import { an, date, decimal, id, n0, oneOf } from '../guide/element.js';
import { required, series, situational } from '../guide/field.js';
import { loop, many, maybe, one, segment } from '../guide/guide.js';
import { AMT, DTM, N3, N4, NTE, PER, REF } from './segments.js';

/** Pairs of qualifier and number: UP GTIN-12, UK GTIN-14, VN vendor's number, IN buyer's number, LT lot, SN serial, N4 NDC. */
export const productIds = (at: number, count = 10) =>
  series(at, 2, count, {
    qualifier: required(1, id(2, 2)),
    id: required(2, an(1, 48)),
  });

export const N1 = segment(
  'N1',
  'party',
  {
    entity: required(1, id(2, 3)), // N101 BY buyer, SE seller, ST ship to, BT bill to, SF ship from, VN vendor
    name: situational(2, an(1, 60)), // N102
    idQualifier: situational(3, id(1, 2)), // N103 92 assigned by the buyer, 91 by the seller, UL GLN, 9 D-U-N-S
    id: situational(4, an(2, 80)), // N104
  },
  ['R0203', 'P0304'],
);

export const partyLoop = loop('N1', 'party', {
  party: one(N1),
  names: many(
    segment('N2', 'more of the name', { line1: required(1, an(1, 60)), line2: situational(2, an(1, 60)) }),
    2,
  ),
  streets: many(N3, 2),
  city: maybe(N4),
  references: many(REF, 12),
  contacts: many(PER, 5),
});

export const CUR = segment('CUR', 'currency', {
  entity: required(1, id(2, 3)), // CUR01
  currency: required(2, id(3, 3)), // CUR02 ISO 4217
  rate: situational(3, decimal(10)), // CUR03
});

export const PID = segment('PID', 'description', {
  type: required(1, oneOf('F', 'S', 'X')), // PID01 F free text
  characteristic: situational(2, id(2, 3)), // PID02
  agency: situational(3, id(2, 2)), // PID03
  code: situational(4, an(1, 12)), // PID04
  text: situational(5, an(1, 80)), // PID05
});

export const PO4 = segment(
  'PO4',
  'packing',
  {
    pack: situational(1, n0(6)), // PO401 inner packs in one
    size: situational(2, decimal(8)), // PO402
    unit: situational(3, id(2, 2)), // PO403
    packaging: situational(4, an(3, 5)), // PO404
    weightQualifier: situational(5, id(1, 2)), // PO405
    weight: situational(6, decimal(9)), // PO406
    weightUnit: situational(7, id(2, 2)), // PO407
    volume: situational(8, decimal(9)), // PO408
    volumeUnit: situational(9, id(2, 2)), // PO409
    length: situational(10, decimal(8)), // PO410
    width: situational(11, decimal(8)), // PO411
    height: situational(12, decimal(8)), // PO412
    dimensionUnit: situational(13, id(2, 2)), // PO413
    innerPack: situational(14, n0(6)), // PO414
  },
  ['P0203', 'C0506', 'P0607', 'P0809'],
);

export const CTP = segment('CTP', 'price', {
  priceClass: situational(1, id(2, 2)), // CTP01
  type: situational(2, id(3, 3)), // CTP02 CON contract, LPR list, CAT catalogue
  price: situational(3, decimal(17)), // CTP03
  quantity: situational(4, decimal(15)), // CTP04
  unit: situational(5, id(2, 2)), // CTP05
});

export const TD1 = segment('TD1', 'packages', {
  packaging: situational(1, an(3, 5)), // TD101
  count: situational(2, n0(7)), // TD102
  weightQualifier: situational(6, id(1, 2)), // TD106
  weight: situational(7, decimal(10)), // TD107
  weightUnit: situational(8, id(2, 2)), // TD108
  volume: situational(9, decimal(8)), // TD109
  volumeUnit: situational(10, id(2, 2)), // TD110
});

export const TD5 = segment('TD5', 'carrier', {
  sequence: situational(1, id(1, 2)), // TD501
  carrierQualifier: situational(2, id(1, 2)), // TD502 2 SCAC
  carrier: situational(3, an(2, 80)), // TD503
  mode: situational(4, id(1, 2)), // TD504 M motor, A air
  routing: situational(5, an(1, 35)), // TD505
  status: situational(6, id(2, 2)), // TD506
  locationQualifier: situational(7, id(1, 2)), // TD507
  location: situational(8, an(1, 30)), // TD508
});

export const TD3 = segment('TD3', 'equipment', {
  code: situational(1, id(2, 2)), // TD301
  initial: situational(2, an(1, 4)), // TD302
  number: situational(3, an(1, 15)), // TD303
});

export const ITD = segment('ITD', 'terms', {
  type: situational(1, id(2, 2)), // ITD01
  basis: situational(2, id(1, 2)), // ITD02
  discountPercent: situational(3, decimal(6)), // ITD03
  discountDate: situational(4, date), // ITD04
  discountDays: situational(5, n0(3)), // ITD05
  netDate: situational(6, date), // ITD06
  netDays: situational(7, n0(3)), // ITD07
  discount: situational(8, n0(10)), // ITD08
  deferredDate: situational(9, date), // ITD09
  deferred: situational(10, n0(10)), // ITD10
  percentPayable: situational(11, decimal(5)), // ITD11
  text: situational(12, an(1, 80)), // ITD12
  day: situational(13, n0(2)), // ITD13
  method: situational(14, id(1, 2)), // ITD14
});

export const FOB = segment('FOB', 'delivery terms', {
  payment: required(1, id(2, 2)), // FOB01
  locationQualifier: situational(2, id(1, 2)), // FOB02
  description: situational(3, an(1, 80)), // FOB03
  termsQualifier: situational(4, id(2, 2)), // FOB04
  terms: situational(5, id(3, 3)), // FOB05
  placeQualifier: situational(6, id(1, 2)), // FOB06
  place: situational(7, an(1, 80)), // FOB07
});

export const SAC = segment('SAC', 'allowance or charge', {
  indicator: required(1, oneOf('A', 'C', 'N', 'S', 'P', 'Q', 'R')), // SAC01 A allowance, C charge
  code: situational(2, id(4, 4)), // SAC02
  agency: situational(3, id(2, 2)), // SAC03
  agencyCode: situational(4, an(1, 10)), // SAC04
  amount: situational(5, n0(15)), // SAC05 in cents
  percentQualifier: situational(6, id(1, 1)), // SAC06
  percent: situational(7, decimal(6)), // SAC07
  rate: situational(8, decimal(9)), // SAC08
  unit: situational(9, id(2, 2)), // SAC09
  quantity: situational(10, decimal(15)), // SAC10
  quantity2: situational(11, decimal(15)), // SAC11
  method: situational(12, id(2, 2)), // SAC12
  reference: situational(13, an(1, 30)), // SAC13
  option: situational(14, an(1, 20)), // SAC14
  description: situational(15, an(1, 80)), // SAC15
  language: situational(16, id(2, 3)), // SAC16
});

export const TXI = segment('TXI', 'tax', {
  type: required(1, id(2, 2)), // TXI01 ST state sales tax
  amount: situational(2, decimal()), // TXI02
  percent: situational(3, decimal(10)), // TXI03
  jurisdictionQualifier: situational(4, id(2, 2)), // TXI04
  jurisdiction: situational(5, an(1, 10)), // TXI05
  exempt: situational(6, id(1, 1)), // TXI06
  relationship: situational(7, id(1, 1)), // TXI07
  base: situational(8, decimal(9)), // TXI08
});

export const MSG = segment('MSG', 'message', { text: required(1, an(1, 264)), control: situational(2, id(2, 2)) });
export const PKG = segment('PKG', 'packaging', {
  type: situational(1, id(1, 1)), // PKG01
  characteristic: situational(2, id(1, 5)), // PKG02
  agency: situational(3, id(2, 2)), // PKG03
  code: situational(4, an(1, 7)), // PKG04
  text: situational(5, an(1, 80)), // PKG05
});

export const CTT = segment('CTT', 'totals', {
  lines: required(1, n0(6)), // CTT01 number of lines
  hash: situational(2, decimal(10)), // CTT02 sum of the quantities
});

export const noteLoop = loop('N9', 'note', {
  reference: one(
    segment('N9', 'note', {
      qualifier: required(1, id(2, 3)),
      value: situational(2, an(1, 80)),
      description: situational(3, an(1, 80)),
    }),
  ),
  messages: many(MSG, 1000),
});

export const descriptionLoop = loop('PID', 'description', { description: one(PID) });

/** What is said of a line, whether it is ordered, changed or answered. */
export const LINE_DETAILS = {
  currency: maybe(CUR),
  prices: many(CTP, 25),
  descriptions: many(descriptionLoop, 1000),
  packings: many(PO4, 100),
  references: many(REF, 50),
  allowances: many(SAC, 25),
  dates: many(DTM, 10),
};

export const totalsLoop = loop('CTT', 'totals', { totals: one(CTT), amount: maybe(AMT) });

/** What may stand at the head of an order and of its answer, beside the parties. */
export const HEADING = {
  currency: maybe(CUR),
  references: many(REF, 50),
  contacts: many(PER, 3),
  taxes: many(TXI, 10),
  freight: many(FOB, 10),
  terms: many(ITD, 5),
  dates: many(DTM, 10),
  packaging: many(PKG, 200),
  packages: many(TD1, 200),
  carriers: many(TD5, 12),
  notes: many(noteLoop, 1000),
  remarks: many(NTE, 100),
  parties: many(partyLoop, 200),
};
