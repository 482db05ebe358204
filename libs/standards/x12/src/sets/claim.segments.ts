/** Segments of the professional and the institutional claim (005010X222A1, 005010X223A2). */
import { an, date, decimal, id, n0, oneOf } from '../guide/element.js';
import { composite, list, required, situational } from '../guide/field.js';
import { among, loop, many, maybe, one, segment, some, use } from '../guide/guide.js';
import { CAS, INSTITUTIONAL_SVD, PROFESSIONAL_SVD } from './claim-adjustments.js';
import { AMT, DTP, N3, N4, NM1, PER, PRV, REF } from './segments.js';

export const SBR = segment('SBR', 'subscriber', {
  order: required(1, oneOf('P', 'S', 'T', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'U')), // SBR01 primary, secondary, tertiary, …
  relationship: situational(2, id(2, 2)), // SBR02 18 self
  groupNumber: situational(3, an(1, 50)), // SBR03
  groupName: situational(4, an(1, 60)), // SBR04
  insuranceType: situational(5, id(1, 3)), // SBR05
  coordination: situational(6, id(1, 1)), // SBR06
  employment: situational(8, id(2, 2)), // SBR08
  filing: situational(9, id(1, 2)), // SBR09 claim filing indicator: CI commercial, MB Medicare B, MC Medicaid
});

export const PAT = segment('PAT', 'patient', {
  relationship: situational(1, id(2, 2)), // PAT01
  deathDateFormat: situational(5, oneOf('D8')), // PAT05
  deathDate: situational(6, date), // PAT06
  weightUnit: situational(7, id(2, 2)), // PAT07
  weight: situational(8, decimal(10)), // PAT08
  pregnant: situational(9, oneOf('Y')), // PAT09
});

export const DMG = segment('DMG', 'birth date and sex', {
  format: required(1, oneOf('D8')), // DMG01
  birthDate: required(2, date), // DMG02
  sex: situational(3, oneOf('F', 'M', 'U')), // DMG03
});

export const CLM = segment('CLM', 'claim', {
  number: required(1, an(1, 38)), // CLM01 the provider's own number of the claim
  charge: required(2, decimal()), // CLM02 total charge
  place: required(
    5,
    composite({
      facility: required(1, an(1, 2)), // CLM05-1 place of service, or type of bill without its last digit
      qualifier: required(2, oneOf('A', 'B')), // CLM05-2 A type of bill, B place of service
      frequency: required(3, id(1, 1)), // CLM05-3 1 original, 7 replacement, 8 void
    }),
  ),
  signature: situational(6, oneOf('Y', 'N')), // CLM06
  assignment: situational(7, oneOf('A', 'B', 'C')), // CLM07
  benefitsAssigned: situational(8, oneOf('Y', 'N', 'W')), // CLM08
  release: situational(9, oneOf('I', 'Y', 'P')), // CLM09
  patientSignature: situational(10, oneOf('P')), // CLM10
  cause: situational(
    11,
    composite({
      code1: required(1, id(2, 3)),
      code2: situational(2, id(2, 3)),
      code3: situational(3, id(2, 3)),
      state: situational(4, id(2, 2)),
      country: situational(5, id(2, 3)),
    }),
  ), // CLM11 accident
  program: situational(12, id(2, 3)), // CLM12
  delayReason: situational(20, id(1, 2)), // CLM20
});

export const CN1 = segment('CN1', 'contract', {
  type: required(1, id(2, 2)),
  amount: situational(2, decimal()),
  percent: situational(3, decimal(6)),
  code: situational(4, an(1, 50)),
  terms: situational(5, decimal(6)),
  version: situational(6, an(1, 30)),
});

export const PWK = segment('PWK', 'paperwork', {
  type: required(1, id(2, 2)), // PWK01
  transmission: required(2, id(1, 2)), // PWK02
  controlQualifier: situational(5, oneOf('AC')), // PWK05
  control: situational(6, an(2, 80)), // PWK06
});

export const HI = segment('HI', 'health care codes', {
  codes: list(
    1,
    12,
    composite({
      qualifier: required(1, id(1, 3)), // HI01-1 ABK principal ICD-10 diagnosis, ABF other, BK and BF ICD-9, BBR procedure, BE value, BG condition
      code: required(2, an(1, 30)), // HI01-2
      dateFormat: situational(3, id(2, 3)), // HI01-3
      date: situational(4, an(1, 35)), // HI01-4
      amount: situational(5, decimal()), // HI01-5 of a value code
      quantity: situational(6, decimal(15)), // HI01-6
      version: situational(7, an(1, 30)), // HI01-7
      lastDate: situational(8, an(1, 30)), // HI01-8
      presentOnAdmission: situational(9, oneOf('N', 'U', 'W', 'Y')), // HI01-9
    }),
  ),
});

export const CL1 = segment('CL1', 'institutional claim', {
  admissionType: situational(1, id(1, 1)), // CL101
  admissionSource: situational(2, id(1, 1)), // CL102
  patientStatus: situational(3, id(1, 2)), // CL103
});

export const K3 = segment('K3', 'file information', { text: required(1, an(1, 80)) });

export const SV1 = segment('SV1', 'professional service', {
  procedure: required(
    1,
    composite({
      qualifier: required(1, oneOf('HC', 'ER', 'IV', 'WK')), // SV101-1 HC HCPCS and CPT
      code: required(2, an(1, 48)), // SV101-2
      modifier1: situational(3, an(2, 2)),
      modifier2: situational(4, an(2, 2)),
      modifier3: situational(5, an(2, 2)),
      modifier4: situational(6, an(2, 2)),
      description: situational(7, an(1, 80)), // SV101-7
    }),
  ),
  charge: required(2, decimal()), // SV102 line charge
  unit: required(3, oneOf('UN', 'MJ')), // SV103 UN units, MJ minutes
  quantity: required(4, decimal(15)), // SV104
  place: situational(5, an(1, 2)), // SV105
  diagnoses: situational(
    7,
    composite({
      first: required(1, n0(2)),
      second: situational(2, n0(2)),
      third: situational(3, n0(2)),
      fourth: situational(4, n0(2)),
    }),
  ), // SV107 which codes of HI
  emergency: situational(9, oneOf('Y')), // SV109
  screening: situational(11, oneOf('Y')), // SV111
  familyPlanning: situational(12, oneOf('Y')), // SV112
  copayExempt: situational(15, id(1, 1)), // SV115
});

export const SV2 = segment('SV2', 'institutional service', {
  revenueCode: required(1, an(1, 48)), // SV201
  procedure: situational(
    2,
    composite({
      qualifier: required(1, oneOf('HC', 'ER', 'HP', 'IV', 'WK')), // SV202-1
      code: required(2, an(1, 48)), // SV202-2
      modifier1: situational(3, an(2, 2)),
      modifier2: situational(4, an(2, 2)),
      modifier3: situational(5, an(2, 2)),
      modifier4: situational(6, an(2, 2)),
      description: situational(7, an(1, 80)),
    }),
  ),
  charge: required(3, decimal()), // SV203 line charge
  unit: required(4, oneOf('DA', 'UN')), // SV204 DA days, UN units
  quantity: required(5, decimal(15)), // SV205
  nonCovered: situational(7, decimal()), // SV207
});

export const LIN = segment('LIN', 'drug', {
  qualifier: required(2, oneOf('N4', 'EN', 'EO', 'HI', 'ON', 'UK', 'UP')), // LIN02 N4 national drug code
  code: required(3, an(1, 48)), // LIN03
});

export const CTP = segment('CTP', 'drug quantity', {
  quantity: required(4, decimal(15)), // CTP04
  unit: required(5, composite({ unit: required(1, oneOf('F2', 'GR', 'ME', 'ML', 'UN')) })), // CTP05
});

const address = { street: maybe(N3), city: maybe(N4) };

/** A provider, a person or an organization with what is told of it; `entities` says in which role. */
export const party = <const C extends string>(loopId: string, title: string, entity: C) =>
  loop(loopId, title, {
    name: one(use(NM1, title, 'entity', entity)),
    ...address,
    birth: maybe(DMG),
    references: many(REF, 20),
    contacts: many(PER, 2),
  });

export const providers = (loopId: string, title: string, entities: readonly string[], max: number) =>
  many(
    loop(loopId, title, {
      name: one(among(NM1, title, 'entity', entities)),
      specialty: maybe(PRV),
      ...address,
      references: many(REF, 20),
      contacts: many(PER, 2),
    }),
    max,
  );

export const submitter = loop('1000A', 'submitter', {
  name: one(use(NM1, 'submitter', 'entity', '41')),
  contacts: some(PER, 2),
});

export const receiver = loop('1000B', 'receiver', { name: one(use(NM1, 'receiver', 'entity', '40')) });

export const otherSubscriber = loop('2320', 'other subscriber', {
  subscriber: one(SBR),
  adjustments: many(CAS, 5),
  amounts: many(AMT, 15),
  birth: maybe(DMG),
  coverage: maybe(
    segment('OI', 'other insurance', {
      benefitsAssigned: situational(3, oneOf('Y', 'N', 'W')), // OI03
      signature: situational(4, oneOf('P')), // OI04
      release: situational(6, oneOf('I', 'Y')), // OI06
    }),
  ),
  inpatient: maybe(
    segment('MIA', 'inpatient adjudication', {
      covered: situational(1, decimal(15)),
      remark1: situational(5, an(1, 50)),
    }),
  ),
  outpatient: maybe(
    segment('MOA', 'outpatient adjudication', {
      rate: situational(1, decimal(10)),
      payable: situational(2, decimal()),
      remark1: situational(3, an(1, 50)),
    }),
  ),
  parties: many(
    loop('2330', 'other party', {
      name: one(
        among(NM1, 'other party', 'entity', ['IL', 'PR', 'DN', 'P3', '82', '77', 'DQ', '85', '71', '72', 'ZZ']),
      ),
      ...address,
      dates: many(DTP, 5),
      references: many(REF, 20),
    }),
    10,
  ),
});

/** Loop 2430: what a payer before this one decided of the line; several for a payer who split the line. */
const lineAdjudication = <const S extends typeof PROFESSIONAL_SVD | typeof INSTITUTIONAL_SVD>(svd: S) =>
  many(
    loop('2430', 'line adjudication', {
      adjudication: one(svd),
      adjustments: many(CAS, 5),
      decidedOn: one(use(DTP, 'day of the decision', 'qualifier', '573')), // DTP*573 check or remittance date of the line
      remaining: maybe(use(AMT, 'remaining patient liability', 'qualifier', 'EAF')), // AMT*EAF
    }),
    15,
  );

export const professionalAdjudications = lineAdjudication(PROFESSIONAL_SVD);
export const institutionalAdjudications = lineAdjudication(INSTITUTIONAL_SVD);

export const drug = loop('2410', 'drug', { drug: one(LIN), quantity: maybe(CTP), references: many(REF, 1) });
