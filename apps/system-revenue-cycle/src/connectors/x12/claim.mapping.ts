/** A claim as an 837 (005010X222A1 professional, 005010X223A2 institutional), one field a line. */
import type { ChargeItem, Claim, ClaimLine, ClaimProvider } from '@concord/canonical';
import {
  checkShape,
  INSTITUTIONAL_CLAIM,
  PROFESSIONAL_CLAIM,
  writeSet,
  type Finding,
  type InstitutionalClaims,
  type ProfessionalClaims,
  type SetData,
} from '@concord/x12';
import type { Contracts } from '../../books/contracts.js';
import type { Billed } from './billed.js';
import { adjudicationsOf, otherSubscribersOf } from './other-payer.mapping.js';
import type { TradingPartner } from './partner.js';
import { insured } from './subscriber.mapping.js';
import { digitsOf, plain } from './x12-text.js';

export const ICD10 = 'http://hl7.org/fhir/sid/icd-10-cm';

export type ClaimGuide = typeof PROFESSIONAL_CLAIM | typeof INSTITUTIONAL_CLAIM;

export const guideOf = ({ kind }: Pick<Claim, 'kind'>): ClaimGuide =>
  kind === 'professional' ? PROFESSIONAL_CLAIM : INSTITUTIONAL_CLAIM;

const FREQUENCY = { original: '1', void: '8' } as const;

const GENDER = { male: 'M', female: 'F', other: 'U', unknown: 'U' } as const;

/** One transaction set for one claim, so that an acknowledgment of the set is one of the claim. */
export function claimSet(
  billed: Billed,
  partner: TradingPartner,
  contracts: Contracts,
  controlNumber: string,
  batch: string,
  at: Date,
): SetData {
  const frame = frameOf(billed, partner, contracts, batch, at);
  return billed.claim.kind === 'professional'
    ? writeSet(PROFESSIONAL_CLAIM, controlNumber, professionalClaims(billed, contracts, frame))
    : writeSet(INSTITUTIONAL_CLAIM, controlNumber, institutionalClaims(billed, contracts, frame));
}

/** What its guide says against a claim (SNIP levels 1 to 3) before it is in any batch. */
export function findingsOf(
  billed: Billed,
  partner: TradingPartner,
  contracts: Contracts,
  at: Date,
): readonly Finding[] {
  const frame = frameOf(billed, partner, contracts, 'CHECK', at);
  return billed.claim.kind === 'professional'
    ? checkShape(PROFESSIONAL_CLAIM, professionalClaims(billed, contracts, frame))
    : checkShape(INSTITUTIONAL_CLAIM, institutionalClaims(billed, contracts, frame));
}

type Frame = ReturnType<typeof frameOf>;

const professionalClaims = (billed: Billed, contracts: Contracts, frame: Frame) =>
  withClaims<ProfessionalClaims>(frame, [{ ...common(billed, contracts), ...professional(billed, contracts) }]);

const institutionalClaims = (billed: Billed, contracts: Contracts, frame: Frame) =>
  withClaims<InstitutionalClaims>(frame, [{ ...common(billed, contracts), ...institutional(billed, contracts) }]);

const frameOf = (
  { claim, coverage }: Billed,
  { sender, receiver, billing }: TradingPartner,
  { payers, rules }: Contracts,
  batch: string,
  at: Date,
) => ({
  beginning: {
    structure: '0019', // BHT01 information source, subscriber, dependent
    purpose: '00', // BHT02 original
    reference: batch, // BHT03 our number of the batch
    date: digitsOf(at.toISOString().slice(0, 10)), // BHT04
    time: at.toISOString().slice(11, 16).replace(':', ''), // BHT05
    type: 'CH', // BHT06 chargeable
  },
  submitter: {
    name: { type: '2', name: plain(billing.name), idQualifier: '46', id: sender }, // NM1*41
    contacts: [{ function: 'IC', name: 'BILLING OFFICE', numberQualifier: 'TE', number: billing.phone }], // PER
  },
  receiver: { name: { type: '2', name: receiver, idQualifier: '46', id: receiver } }, // NM1*40
  provider: {
    name: { type: '2', name: plain(billing.name), idQualifier: 'XX', id: billing.npi }, // NM1*85 billing provider
    street: { line1: plain(billing.street) }, // N301
    city: { city: plain(billing.city), state: billing.state, postalCode: billing.zip }, // N4
    taxId: { value: billing.taxId }, // REF*EI
  },
  subscriber: {
    coverage: insured(coverage, payers.get(claim.payer), 'primary'), // SBR
    subscriber: {
      name: {
        type: '1', // NM102 person
        name: plain(coverage.familyName), // NM103
        first: plain(coverage.givenName), // NM104
        idQualifier: 'MI', // NM108 member identification
        id: coverage.memberId, // NM109
      },
      street: { line1: plain(coverage.street) }, // N301
      city: { city: plain(coverage.city), state: coverage.state, postalCode: coverage.zip }, // N4
      birth: { format: 'D8', birthDate: digitsOf(coverage.birthDate), sex: GENDER[coverage.gender] }, // DMG
    },
    payer: {
      name: {
        type: '2',
        name: plain(payers.get(claim.payer)?.name ?? claim.payer), // NM103
        idQualifier: 'PI', // NM108 payer identification
        id: rules.get(claim.payer)?.electronicId ?? claim.payer, // NM109
      },
    },
  },
});

/** The frame around the claim. What it says is checked by the guide, so its words are not narrowed here. */
function withClaims<Claims>(frame: Frame, claims: readonly object[]): Claims {
  const { provider, subscriber, ...rest } = frame;
  return { ...rest, providers: [{ provider, subscribers: [{ ...subscriber, claims }] }] } as Claims;
}

const common = (billed: Billed, contracts: Contracts) => {
  const references = referencesOf(billed);
  const otherSubscribers = otherSubscribersOf(billed, contracts);
  return {
    ...(references.length ? { references } : {}),
    codes: diagnosisCodes(billed.claim),
    ...(billed.claim.provider ? { providers: [treatedBy(billed.claim.provider, billed.claim.kind)] } : {}),
    ...(otherSubscribers.length ? { otherSubscribers } : {}),
  };
};

const referencesOf = ({ coverage, purpose, payerClaimNumber }: Billed) => [
  ...(coverage.authorizationNumber ? [{ qualifier: 'G1', value: coverage.authorizationNumber }] : []), // REF*G1 prior authorization
  ...(purpose === 'void' && payerClaimNumber ? [{ qualifier: 'F8', value: payerClaimNumber }] : []), // REF*F8 payer claim control number
];

/** NM1*82 rendering provider of a professional claim, NM1*71 attending provider of an institutional one. */
const treatedBy = ({ npi, familyName, givenName }: ClaimProvider, kind: Claim['kind']) => ({
  name: {
    entity: kind === 'professional' ? '82' : '71', // NM101
    type: '1', // NM102 person
    name: plain(familyName), // NM103
    ...(givenName ? { first: plain(givenName) } : {}), // NM104
    idQualifier: 'XX', // NM108 national provider identifier
    id: npi, // NM109
  },
});

const professional = ({ claim, purpose }: Billed, contracts: Contracts) => ({
  claim: {
    ...claimSegment(claim),
    place: { facility: '22', qualifier: 'B', frequency: FREQUENCY[purpose] }, // CLM05 22 on campus outpatient hospital
    signature: 'Y', // CLM06 provider signature on file
  },
  lines: claim.lines.map((line, i) => ({
    line: { number: String(i + 1) }, // LX01
    service: {
      procedure: { qualifier: 'HC', code: contracts.chargeItems.get(line.chargeCode)?.hcpcs ?? '' }, // SV101
      charge: line.charge.amount, // SV102
      unit: 'UN', // SV103
      quantity: line.quantity, // SV104
      diagnoses: { first: '1' }, // SV107 the principal diagnosis
    },
    dates: [{ qualifier: '472', format: 'D8', value: digitsOf(claim.serviceDate) }], // DTP*472 day of service
    ...adjudicationsOf(claim, line, i + 1, contracts), // loop 2430
  })),
});

const institutional = ({ claim, purpose }: Billed, contracts: Contracts) => ({
  claim: {
    ...claimSegment(claim),
    place: { facility: typeOfBill(claim.lines, contracts.chargeItems), qualifier: 'A', frequency: FREQUENCY[purpose] }, // CLM05
  },
  dates: [{ qualifier: '434', format: 'RD8', value: `${digitsOf(claim.serviceDate)}-${digitsOf(claim.serviceDate)}` }], // DTP*434 statement from-to
  institution: {
    admissionType: '3', // CL101 elective
    admissionSource: '1', // CL102 from home
    patientStatus: '01', // CL103 discharged to home
  },
  lines: claim.lines.map((line, i) => {
    const item = contracts.chargeItems.get(line.chargeCode);
    return {
      line: { number: String(i + 1) }, // LX01
      service: {
        revenueCode: item?.revenueCode ?? '', // SV201
        ...(item?.hcpcs ? { procedure: { qualifier: 'HC', code: item.hcpcs } } : {}), // SV202
        charge: line.charge.amount, // SV203
        unit: 'UN', // SV204
        quantity: line.quantity, // SV205
      },
      dates: [{ qualifier: '472', format: 'D8', value: digitsOf(claim.serviceDate) }], // DTP*472 day of service
      ...adjudicationsOf(claim, line, i + 1, contracts), // loop 2430
    };
  }),
});

const claimSegment = ({ number, charge }: Billed['claim']) => ({
  number, // CLM01 our number; comes back in 277CA and 835
  charge: charge.amount, // CLM02
  assignment: 'A', // CLM07 accepts assignment
  benefitsAssigned: 'Y', // CLM08
  release: 'Y', // CLM09
});

/** 11 inpatient, 13 outpatient: the first two digits behind the zero of the type of bill. */
const typeOfBill = (lines: readonly ClaimLine[], items: ReadonlyMap<string, ChargeItem>): string =>
  lines.some(({ chargeCode }) => items.get(chargeCode)?.serviceLine === 'INPATIENT') ? '11' : '13';

/** HI: the principal diagnosis in a segment of its own, the others behind it; without the dot. */
function diagnosisCodes({ diagnoses = [] }: Billed['claim']) {
  const [first, ...others] = diagnoses
    .filter(({ system }) => system === ICD10)
    .map(({ code }) => code.replace('.', ''));
  const principal = first ? [{ codes: [{ qualifier: 'ABK', code: first }] }] : [];
  return others.length ? [...principal, { codes: others.map((code) => ({ qualifier: 'ABF', code })) }] : principal;
}
