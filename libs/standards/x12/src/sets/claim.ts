/**
 * 837 health care claims: professional (005010X222A1) and institutional (005010X223A2), with what both have in common: the
 * billing provider (2000A), the subscriber (2000B), the patient where it is another person (2000C), the claim (2300) and its
 * service lines (2400).
 */
import { guide, loop, many, maybe, one, type PartOf, segment, type ShapeOf, some, use } from '../guide/guide.js';
import { an, decimal } from '../guide/element.js';
import { required } from '../guide/field.js';
import { chargesAgree } from './claim.balances.js';
import { otherPayersAgree } from './other-payer.balances.js';
import {
  CL1,
  CLM,
  CN1,
  drug,
  HI,
  institutionalAdjudications,
  K3,
  otherSubscriber,
  party,
  PAT,
  professionalAdjudications,
  providers,
  PWK,
  receiver,
  SBR,
  submitter,
  SV1,
  SV2,
} from './claim.segments.js';
import { AMT, BHT, DTP, LX, N3, N4, NM1, NTE, PER, PRV, QTY, REF } from './segments.js';

const CR1 = segment('CR1', 'ambulance', { unit: required(1, an(1, 2)), weight: required(2, decimal(10)) });
const lineCalled = (_: unknown, index: number) => `service line ${index}`;
const claimCalled = (value: object) =>
  `Claim ${(value as { claim?: { number?: string } }).claim?.number ?? '(no number)'}`;

const professionalLine = loop(
  '2400',
  'service line',
  {
    line: one(LX),
    service: one(SV1),
    paperwork: many(PWK, 10),
    dates: some(DTP, 15),
    quantities: many(QTY, 2),
    contract: maybe(CN1),
    references: many(REF, 20),
    amounts: many(AMT, 5),
    files: many(K3, 10),
    notes: many(NTE, 2),
    drugs: many(drug, 1),
    providers: providers('2420', 'provider of the line', ['82', 'QB', '77', 'DQ', 'DK', 'DN', 'P3', 'PW', '45'], 9),
    adjudications: professionalAdjudications,
  },
  { called: lineCalled },
);

const institutionalLine = loop(
  '2400',
  'service line',
  {
    line: one(LX),
    service: one(SV2),
    paperwork: many(PWK, 10),
    dates: many(DTP, 2),
    references: many(REF, 20),
    amounts: many(AMT, 5),
    notes: many(NTE, 2),
    drugs: many(drug, 1),
    providers: providers('2420', 'provider of the line', ['72', 'ZZ', '82', 'DN'], 4),
    adjudications: institutionalAdjudications,
  },
  { called: lineCalled },
);

const professionalClaim = loop(
  '2300',
  'claim',
  {
    claim: one(CLM),
    dates: many(DTP, 20),
    paperwork: many(PWK, 10),
    contract: maybe(CN1),
    amounts: many(AMT, 5),
    references: many(REF, 30),
    files: many(K3, 10),
    notes: many(NTE, 1),
    ambulance: maybe(CR1),
    codes: some(HI, 4),
    providers: providers('2310', 'provider of the claim', ['DN', 'P3', '82', '77', 'DQ', 'PW', '45'], 8),
    otherSubscribers: many(otherSubscriber, 10),
    lines: some(professionalLine, 50),
  },
  { called: claimCalled },
);

const institutionalClaim = loop(
  '2300',
  'claim',
  {
    claim: one(CLM),
    dates: some(DTP, 4),
    institution: maybe(CL1),
    paperwork: many(PWK, 10),
    contract: maybe(CN1),
    amounts: many(AMT, 5),
    references: many(REF, 30),
    files: many(K3, 10),
    notes: many(NTE, 11),
    codes: some(HI, 25),
    quantities: many(QTY, 4),
    providers: providers('2310', 'provider of the claim', ['71', '72', 'ZZ', '82', '77', 'DN'], 6),
    otherSubscribers: many(otherSubscriber, 10),
    lines: some(institutionalLine, 999),
  },
  { called: claimCalled },
);

const parts = <const C extends typeof professionalClaim | typeof institutionalClaim>(claim: C) => {
  const patient = loop(
    '2000C',
    'patient',
    { relation: one(PAT), patient: one(party('2010CA', 'patient', 'QC')), claims: many<C>(claim, 100) },
    { level: '23' },
  );
  const subscriber = loop(
    '2000B',
    'subscriber',
    {
      coverage: one(SBR),
      relation: maybe(PAT),
      subscriber: one(party('2010BA', 'subscriber', 'IL')),
      payer: one(party('2010BB', 'payer', 'PR')),
      claims: many<C>(claim, 100),
      patients: many(patient),
    },
    { level: '22' },
  );
  const billing = loop(
    '2000A',
    'billing provider',
    {
      specialty: maybe(PRV),
      provider: one(
        loop('2010AA', 'billing provider', {
          name: one(use(NM1, 'billing provider', 'entity', '85')),
          street: one(N3),
          city: one(N4),
          taxId: one(use(REF, 'tax identification', 'qualifier', 'EI')), // REF*EI employer identification number
          references: many(REF, 7),
          contacts: many(PER, 2),
        }),
      ),
      payTo: maybe(
        loop('2010AB', 'pay-to address', {
          name: one(use(NM1, 'pay-to address', 'entity', '87')),
          street: one(N3),
          city: one(N4),
        }),
      ),
      payToPlan: maybe(party('2010AC', 'pay-to plan', 'PE')),
      subscribers: some(subscriber),
    },
    { level: '20' },
  );
  return {
    beginning: one(BHT),
    references: many(REF, 1),
    submitter: one(submitter),
    receiver: one(receiver),
    providers: some(billing),
  };
};

export const PROFESSIONAL_CLAIM = guide(
  { id: '837', version: '005010X222A1', functionalId: 'HC', title: 'professional claim' },
  parts(professionalClaim),
  [chargesAgree('SV102'), otherPayersAgree('SV102')],
);

export const INSTITUTIONAL_CLAIM = guide(
  { id: '837', version: '005010X223A2', functionalId: 'HC', title: 'institutional claim' },
  parts(institutionalClaim),
  [chargesAgree('SV203'), otherPayersAgree('SV203')],
);

export type ProfessionalClaims = ShapeOf<typeof PROFESSIONAL_CLAIM>;
export type InstitutionalClaims = ShapeOf<typeof INSTITUTIONAL_CLAIM>;
export type ProfessionalClaim = PartOf<typeof professionalClaim>;
export type InstitutionalClaim = PartOf<typeof institutionalClaim>;
