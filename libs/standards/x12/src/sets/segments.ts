/** Segments that many guides share. Elements follow X12 005010; 004010 differs in lengths only, which are the wider ones here. */
import { an, date, decimal, id, n0, oneOf } from '../guide/element.js';
import { composite, required, situational } from '../guide/field.js';
import { segment } from '../guide/guide.js';

export const NM1 = segment(
  'NM1',
  'name',
  {
    entity: required(1, id(2, 3)), // NM101 who in this loop
    type: required(2, oneOf('1', '2', '3', '4', '5', '6', '7', '8', 'C', 'D', 'F', 'L', 'R', 'S')), // NM102 1 person, 2 organization
    name: situational(3, an(1, 60)), // NM103 last name, or the organization's
    first: situational(4, an(1, 35)), // NM104
    middle: situational(5, an(1, 25)), // NM105
    prefix: situational(6, an(1, 10)), // NM106
    suffix: situational(7, an(1, 10)), // NM107
    idQualifier: situational(8, id(1, 2)), // NM108 XX national provider identifier, MI member, PI payer, 46 ETIN
    id: situational(9, an(2, 80)), // NM109
    relationship: situational(10, id(2, 2)), // NM110
  },
  ['P0809'],
);

export const N3 = segment('N3', 'street', {
  line1: required(1, an(1, 55)), // N301
  line2: situational(2, an(1, 55)), // N302
});

export const N4 = segment('N4', 'city', {
  city: situational(1, an(2, 30)), // N401
  state: situational(2, id(2, 2)), // N402
  postalCode: situational(3, id(3, 15)), // N403
  country: situational(4, id(2, 3)), // N404
  locationQualifier: situational(5, id(1, 2)), // N405
  location: situational(6, an(1, 30)), // N406
  subdivision: situational(7, id(1, 3)), // N407
});

export const REF = segment('REF', 'reference', {
  qualifier: required(1, id(2, 3)), // REF01
  value: situational(2, an(1, 80)), // REF02
  description: situational(3, an(1, 80)), // REF03
  more: situational(4, composite({ qualifier: required(1, id(2, 3)), value: required(2, an(1, 80)) })), // REF04
});

export const DTP = segment('DTP', 'date', {
  qualifier: required(1, id(3, 3)), // DTP01
  format: required(2, oneOf('D8', 'RD8', 'DT', 'D6', 'TM', 'RD6')), // DTP02 D8 a day, RD8 from-to
  value: required(3, an(1, 35)), // DTP03
});

export const DTM = segment('DTM', 'date', {
  qualifier: required(1, id(3, 3)), // DTM01
  date: situational(2, date), // DTM02
  time: situational(3, an(4, 8)), // DTM03
  zone: situational(4, id(2, 2)), // DTM04
  format: situational(5, id(2, 3)), // DTM05
  period: situational(6, an(1, 35)), // DTM06
});

export const PER = segment(
  'PER',
  'contact',
  {
    function: required(1, id(2, 2)), // PER01
    name: situational(2, an(1, 60)), // PER02
    numberQualifier: situational(3, id(2, 2)), // PER03 TE telephone, EM electronic mail, FX, UR
    number: situational(4, an(1, 256)), // PER04
    number2Qualifier: situational(5, id(2, 2)), // PER05
    number2: situational(6, an(1, 256)), // PER06
    number3Qualifier: situational(7, id(2, 2)), // PER07
    number3: situational(8, an(1, 256)), // PER08
  },
  ['P0304', 'P0506', 'P0708'],
);

export const AMT = segment('AMT', 'amount', {
  qualifier: required(1, id(1, 3)), // AMT01
  amount: required(2, decimal()), // AMT02
  creditOrDebit: situational(3, oneOf('C', 'D')), // AMT03
});

export const QTY = segment('QTY', 'quantity', {
  qualifier: required(1, id(2, 2)), // QTY01
  quantity: situational(2, decimal(15)), // QTY02
  unit: situational(3, composite({ unit: required(1, id(2, 2)) })), // QTY03
});

export const LX = segment('LX', 'line number', { number: required(1, n0(6)) }); // LX01

export const NTE = segment('NTE', 'note', {
  reference: situational(1, id(3, 3)), // NTE01
  text: required(2, an(1, 80)), // NTE02
});

export const LQ = segment('LQ', 'code', {
  list: situational(1, id(1, 3)), // LQ01 HE remark codes
  code: situational(2, an(1, 30)), // LQ02
});

export const PRV = segment('PRV', 'provider specialty', {
  provider: required(1, id(1, 3)), // PRV01
  qualifier: situational(2, id(2, 3)), // PRV02 PXC taxonomy
  taxonomy: situational(3, an(1, 50)), // PRV03
});

export const BHT = segment('BHT', 'beginning', {
  structure: required(1, an(4, 4)), // BHT01 0019 for claims
  purpose: required(2, id(2, 2)), // BHT02 00 original, 18 reissue
  reference: situational(3, an(1, 50)), // BHT03 number of the batch
  date: required(4, date), // BHT04
  time: situational(5, an(4, 8)), // BHT05
  type: situational(6, id(2, 2)), // BHT06 CH chargeable, RP encounter
});

/** A medical code with its modifiers, as in SV101, SV202, SVC01 and SVD03. */
export const PROCEDURE = {
  qualifier: required(1, oneOf('HC', 'AD', 'ER', 'HP', 'IV', 'N4', 'N6', 'NU', 'RB', 'UI', 'WK', 'ZZ', 'IN', 'ID')),
  code: required(2, an(1, 48)),
  modifier1: situational(3, an(2, 2)),
  modifier2: situational(4, an(2, 2)),
  modifier3: situational(5, an(2, 2)),
  modifier4: situational(6, an(2, 2)),
  description: situational(7, an(1, 80)),
};
