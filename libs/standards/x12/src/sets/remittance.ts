/**
 * 835 health care claim payment (005010X221A1): one payment of a payer (BPR), the claims it is for (2100), their service
 * lines (2110), why less was paid than billed (CAS), and what was withheld or added without a claim (PLB).
 */
import { an, date, decimal, id, oneOf } from '../guide/element.js';
import { composite, required, series, situational } from '../guide/field.js';
import { among, guide, loop, many, maybe, one, type PartOf, segment, type ShapeOf, some, use } from '../guide/guide.js';
import { CAS } from './claim-adjustments.js';
import { remittanceBalances } from './remittance.balances.js';
import { AMT, DTM, LQ, LX, N3, N4, NM1, PER, PROCEDURE, QTY, REF } from './segments.js';

const BPR = segment('BPR', 'payment', {
  handling: required(1, oneOf('C', 'D', 'H', 'I', 'P', 'U', 'X')), // BPR01 I remittance only, H notification, …
  amount: required(2, decimal()), // BPR02 total paid; may not be below zero
  creditOrDebit: required(3, oneOf('C', 'D')), // BPR03
  method: required(4, oneOf('ACH', 'BOP', 'CHK', 'FWT', 'NON')), // BPR04
  format: situational(5, oneOf('CCP', 'CTX')), // BPR05
  payerBankQualifier: situational(6, oneOf('01', '04')), // BPR06
  payerBank: situational(7, an(3, 12)), // BPR07
  payerAccountQualifier: situational(8, oneOf('DA')), // BPR08
  payerAccount: situational(9, an(1, 35)), // BPR09
  payer: situational(10, an(10, 10)), // BPR10 1 and the payer's tax number
  payerSupplement: situational(11, an(9, 9)), // BPR11
  payeeBankQualifier: situational(12, oneOf('01', '04')), // BPR12
  payeeBank: situational(13, an(3, 12)), // BPR13
  payeeAccountQualifier: situational(14, oneOf('DA', 'SG')), // BPR14
  payeeAccount: situational(15, an(1, 35)), // BPR15
  date: required(16, date), // BPR16 of the payment
});

const TRN = segment('TRN', 'trace', {
  type: required(1, oneOf('1')), // TRN01
  number: required(2, an(1, 50)), // TRN02 check or EFT number
  payer: required(3, an(10, 10)), // TRN03
  supplement: situational(4, an(1, 50)), // TRN04
});

const CUR = segment('CUR', 'currency', {
  entity: required(1, id(2, 3)),
  currency: required(2, id(3, 3)),
  rate: situational(3, decimal(10)),
});

const N1 = segment('N1', 'party', {
  entity: required(1, id(2, 3)), // N101 PR payer, PE payee
  name: situational(2, an(1, 60)), // N102
  idQualifier: situational(3, id(1, 2)), // N103 XX national provider identifier, FI tax number, XV plan
  id: situational(4, an(2, 80)), // N104
});

const RDM = segment('RDM', 'remittance delivery', {
  method: required(1, id(1, 2)),
  name: situational(2, an(1, 60)),
  address: situational(3, an(1, 256)),
});

const TS3 = segment('TS3', 'provider summary', {
  provider: required(1, an(1, 50)), // TS301
  facility: required(2, an(1, 2)), // TS302
  fiscalEnd: required(3, date), // TS303
  claims: required(4, decimal(15)), // TS304
  charge: required(5, decimal()), // TS305
});

const CLP = segment('CLP', 'claim payment', {
  number: required(1, an(1, 38)), // CLP01 the provider's own number, from CLM01
  status: required(2, id(1, 2)), // CLP02 1 primary, 2 secondary, 3 tertiary, 4 denied, 19–21 forwarded, 22 reversal, 23 not ours, 25 predetermination
  charge: required(3, decimal()), // CLP03 billed
  paid: required(4, decimal()), // CLP04
  patientResponsibility: situational(5, decimal()), // CLP05
  filing: situational(6, id(1, 2)), // CLP06
  payerNumber: situational(7, an(1, 50)), // CLP07 the payer's number of the claim
  facility: situational(8, an(1, 2)), // CLP08
  frequency: situational(9, id(1, 1)), // CLP09
  drg: situational(11, id(1, 4)), // CLP11
  drgWeight: situational(12, decimal(15)), // CLP12
  dischargeFraction: situational(13, decimal(10)), // CLP13
});

const MIA = segment('MIA', 'inpatient adjudication', {
  coveredDays: situational(1, decimal(15)), // MIA01
  pps: situational(2, decimal()), // MIA02
  lifetimeDays: situational(3, decimal(15)), // MIA03
  drgAmount: situational(4, decimal()), // MIA04
  remark: situational(5, an(1, 50)), // MIA05
  share: situational(6, decimal()), // MIA06
  more: situational(24, decimal()), // MIA24
});

const MOA = segment('MOA', 'outpatient adjudication', {
  rate: situational(1, decimal(10)), // MOA01
  payable: situational(2, decimal()), // MOA02
  remark1: situational(3, an(1, 50)), // MOA03
  remark2: situational(4, an(1, 50)), // MOA04
  remark3: situational(5, an(1, 50)), // MOA05
  remark4: situational(6, an(1, 50)), // MOA06
  remark5: situational(7, an(1, 50)), // MOA07
  esrd: situational(8, decimal()), // MOA08
  professional: situational(9, decimal()), // MOA09
});

const SVC = segment('SVC', 'service payment', {
  procedure: required(1, composite(PROCEDURE)), // SVC01
  charge: required(2, decimal()), // SVC02 billed
  paid: required(3, decimal()), // SVC03
  revenueCode: situational(4, an(1, 48)), // SVC04
  units: situational(5, decimal(15)), // SVC05 paid units
  submitted: situational(6, composite(PROCEDURE)), // SVC06 the procedure as billed, where another was paid
  submittedUnits: situational(7, decimal(15)), // SVC07
});

const PLB = segment('PLB', 'provider adjustment', {
  provider: required(1, an(1, 50)), // PLB01
  fiscalEnd: required(2, date), // PLB02
  adjustments: series(3, 2, 6, {
    reason: required(1, composite({ code: required(1, id(2, 2)), reference: situational(2, an(1, 50)) })), // PLB03, 05, … FB forwarding, WO recovery, L6 interest
    amount: required(2, decimal()), // PLB04, 06, … above zero lowers the payment
  }),
});

const linePayment = loop(
  '2110',
  'service payment',
  {
    service: one(SVC),
    dates: many(DTM, 2),
    adjustments: many(CAS, 99),
    references: many(REF, 20),
    amounts: many(AMT, 9),
    quantities: many(QTY, 6),
    remarks: many(LQ, 99),
  },
  { called: (_, index) => `service line ${index}` },
);

const claimPayment = loop(
  '2100',
  'claim payment',
  {
    claim: one(CLP),
    adjustments: many(CAS, 99),
    names: some(among(NM1, 'name', 'entity', ['QC', 'IL', '74', '82', 'TT', 'PR', 'GB']), 7), // QC patient, IL subscriber, 82 rendering
    inpatient: maybe(MIA),
    outpatient: maybe(MOA),
    references: many(REF, 20),
    dates: many(DTM, 9),
    contacts: many(PER, 2),
    amounts: many(AMT, 13),
    quantities: many(QTY, 14),
    lines: many(linePayment, 999),
  },
  { called: ({ claim }) => `Claim ${claim.number}` },
);

export const REMITTANCE = guide(
  { id: '835', version: '005010X221A1', functionalId: 'HP', title: 'remittance' },
  {
    payment: one(BPR),
    trace: one(TRN),
    currency: maybe(CUR),
    receiver: many(REF, 3),
    dates: many(DTM, 2),
    payer: one(
      loop('1000A', 'payer', {
        name: one(use(N1, 'payer', 'entity', 'PR')),
        street: maybe(N3),
        city: maybe(N4),
        references: many(REF, 4),
        contacts: many(PER, 10),
      }),
    ),
    payee: one(
      loop('1000B', 'payee', {
        name: one(use(N1, 'payee', 'entity', 'PE')),
        street: maybe(N3),
        city: maybe(N4),
        references: many(REF, 20),
        delivery: maybe(RDM),
      }),
    ),
    headers: many(loop('2000', 'header number', { line: one(LX), summary: maybe(TS3), claims: many(claimPayment) })),
    providerAdjustments: many(PLB),
  },
  remittanceBalances,
);

export type Remittance = ShapeOf<typeof REMITTANCE>;
export type ClaimPayment = PartOf<typeof claimPayment>;
export type LinePayment = PartOf<typeof linePayment>;
