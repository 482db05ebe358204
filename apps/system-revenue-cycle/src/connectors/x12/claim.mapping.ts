/** A claim as an 837 (005010X222A1 professional, 005010X223A2 institutional), one field a line. */
import {
  isNpi,
  Problem,
  type ChargeItem,
  type Claim,
  type ClaimLine,
  type ClaimProvider,
  type NewCoverage,
  type ProblemFault,
} from '@concord/canonical';
import {
  checkShape,
  INSTITUTIONAL_CLAIM,
  PROFESSIONAL_CLAIM,
  writeSet,
  writeX12,
  type InstitutionalClaims,
  type ProfessionalClaims,
  type SetData,
} from '@concord/x12';
import type { Contracts } from '../../books/contracts.js';
import { coordinationFaults } from './coordination.js';
import { adjudicationsOf, otherSubscribersOf } from './other-payer.mapping.js';
import { groupHeaderOf, interchangeHeaderOf, type TradingPartner } from './partner.js';
import { insured } from './subscriber.mapping.js';
import { digitsOf, plain } from './x12-text.js';

export const ICD10 = 'http://hl7.org/fhir/sid/icd-10-cm';

/** What an 837 is made of; `purpose` says whether it raises the claim or takes it back. */
export interface Billed {
  readonly claim: Omit<Claim, 'id' | 'status' | 'expected' | 'createdAt' | 'changedAt'>;
  readonly coverage: NewCoverage;
  /** Other payers that insure the same patient. */
  readonly others: readonly NewCoverage[];
  readonly purpose: 'original' | 'void';
  /** The payer's number of the claim, where it is taken back. */
  readonly payerClaimNumber?: string;
}

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
  if (billed.claim.kind === 'professional') {
    const claims = [{ ...common(billed, contracts), ...professional(billed, contracts) }];
    return writeSet(PROFESSIONAL_CLAIM, controlNumber, withClaims<ProfessionalClaims>(frame, claims));
  }
  const claims = [{ ...common(billed, contracts), ...institutional(billed, contracts) }];
  return writeSet(INSTITUTIONAL_CLAIM, controlNumber, withClaims<InstitutionalClaims>(frame, claims));
}

/**
 * Refuses what a payer would refuse, before it is raised: SNIP levels 1 to 3 and the rules of the payer. Throws
 * `coding-incomplete` with every fault, in words for a biller and without any value that names a person.
 */
export function refuseUnsendable(billed: Billed, partner: TradingPartner, contracts: Contracts, at: Date): void {
  const uncoordinated = coordinationFaults(billed);
  // What does not balance is told once: by the names that it has in the claim, not by those in the 837.
  const ofGuide = guideFaults(billed, partner, contracts, at).filter(
    ({ code }) => !uncoordinated.length || code !== 'balance',
  );
  const faults = [...ruleFaults(billed, contracts, at), ...uncoordinated, ...ofGuide];
  if (!faults.length) return;
  const { encounterId: encounter, payer } = billed.claim;
  throw new Problem('coding-incomplete', faults[0]!.detail, {
    errors: faults.slice(0, 100),
    context: { encounter, payer },
  });
}

function ruleFaults({ claim, coverage }: Billed, { rules, chargeItems }: Contracts, at: Date): ProblemFault[] {
  const rule = rules.get(claim.payer);
  const faults: ProblemFault[] = [];
  if (!claim.diagnoses?.some(({ system }) => system === ICD10)) {
    faults.push(fault('/diagnoses', 'no-diagnosis', 'The claim names no diagnosis in ICD-10-CM'));
  }
  const days = (at.getTime() - Date.parse(claim.serviceDate)) / 86_400_000;
  if (rule && days > rule.timelyFilingDays) {
    faults.push(
      fault('/serviceDate', 'timely-filing', `The payer takes claims for ${rule.timelyFilingDays} days only`),
    );
  }
  if (rule && claim.lines.length > rule.mostLines) {
    faults.push(fault('/lines', 'too-many-lines', `The payer takes at most ${rule.mostLines} lines a claim`));
  }
  const provider = claim.provider?.npi;
  if (provider !== undefined && !isNpi(provider)) {
    faults.push(fault('/provider/npi', 'npi', 'The identifier of the provider has a wrong check digit'));
  }
  for (const [i, { chargeCode }] of claim.lines.entries()) {
    const item = chargeItems.get(chargeCode);
    if (rule?.authorizationNeeded.includes(chargeCode) && !coverage.authorizationNumber) {
      const detail = `Line ${i + 1} (${chargeCode}) needs an authorization: enter its number with the coverage`;
      faults.push(fault(`/lines/${i}/chargeCode`, 'no-authorization', detail));
    }
    if (claim.kind === 'professional' && !item?.hcpcs) {
      const detail = `Line ${i + 1} (${chargeCode}) has no HCPCS code, which a professional claim needs`;
      faults.push(fault(`/lines/${i}/chargeCode`, 'no-procedure', detail));
    }
    if (claim.kind !== 'professional' && !item?.revenueCode) {
      const detail = `Line ${i + 1} (${chargeCode}) has no revenue code, which an institutional claim needs`;
      faults.push(fault(`/lines/${i}/chargeCode`, 'no-revenue-code', detail));
    }
  }
  return faults;
}

function guideFaults(billed: Billed, partner: TradingPartner, contracts: Contracts, at: Date): ProblemFault[] {
  const frame = frameOf(billed, partner, contracts, 'CHECK', at);
  const findings =
    billed.claim.kind === 'professional'
      ? checkShape(
          PROFESSIONAL_CLAIM,
          withClaims<ProfessionalClaims>(frame, [{ ...common(billed, contracts), ...professional(billed, contracts) }]),
        )
      : checkShape(
          INSTITUTIONAL_CLAIM,
          withClaims<InstitutionalClaims>(frame, [
            { ...common(billed, contracts), ...institutional(billed, contracts) },
          ]),
        );
  const found = findings.map(({ pointer, code, message }) => fault(pointer, code, message));
  if (found.length) return found;
  try {
    const set = claimSet(billed, partner, contracts, '0001', 'CHECK', at);
    const group = { header: groupHeaderOf(partner, guideOf(billed.claim), 1, at), sets: [set] };
    const interchange = { header: interchangeHeaderOf(partner, 1, at), groups: [group] };
    writeX12([interchange], { delimiters: partner.delimiters });
    return [];
  } catch (error) {
    if (error instanceof Problem && error.errors) return [...error.errors];
    throw error;
  }
}

const fault = (pointer: string, code: string, detail: string): ProblemFault => ({ pointer, code, detail });

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
function withClaims<Claims>(frame: ReturnType<typeof frameOf>, claims: readonly object[]): Claims {
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
