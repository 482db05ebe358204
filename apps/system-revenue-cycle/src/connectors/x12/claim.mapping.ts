/** A claim as an 837 (005010X222A1 professional, 005010X223A2 institutional), one field a line. */
import {
  ADJUSTMENT_GROUPS,
  Problem,
  total,
  type ChargeItem,
  type Claim,
  type ClaimLine,
  type ClaimProvider,
  type NewCoverage,
  type OtherPayerDecision,
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
import { groupHeaderOf, interchangeHeaderOf, isNpi, type TradingPartner } from './partner.js';

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

/** Claim filing indicator (SBR09), by the kind of payer. */
const FILING = { commercial: 'CI', medicare: 'MA', medicaid: 'MC', 'self-pay': '09' } as const;

/** SBR01, by which of several pays first. */
const ORDERS = { primary: 'P', secondary: 'S', tertiary: 'T' } as const;

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
  const faults = [...ruleFaults(billed, contracts, at), ...guideFaults(billed, partner, contracts, at)];
  if (!faults.length) return;
  const { encounterId: encounter, payer } = billed.claim;
  throw new Problem('coding-incomplete', faults[0]!.detail, {
    errors: faults.slice(0, 100),
    context: { encounter, payer },
  });
}

/** The payer must insure the patient, and what he decided must come to the charge (837 guides, balancing of loop 2320). */
function decisionFaults({ otherDecisions = [], charge }: Billed['claim'], others: Billed['others']): ProblemFault[] {
  return otherDecisions.flatMap(({ payer, paid, adjustments }, i) => {
    const pointer = `/otherDecisions/${i}`;
    const faults: ProblemFault[] = [];
    if (!others.some((other) => other.payer === payer))
      faults.push(
        fault(`${pointer}/payer`, 'no-coverage', 'Another payer decided, and no coverage with him is entered'),
      );
    const amounts = [paid, ...adjustments.map(({ amount }) => amount)];
    const isSame = amounts.every(({ currency }) => currency === charge.currency);
    if (!isSame || total(amounts, charge.currency).amount !== charge.amount)
      faults.push(
        fault(pointer, 'cob-balance', 'The payment and the adjustments do not come to the charge of the claim'),
      );
    return faults;
  });
}

function ruleFaults({ claim, coverage, others }: Billed, { rules, chargeItems }: Contracts, at: Date): ProblemFault[] {
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
  faults.push(...decisionFaults(claim, others));
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
    coverage: {
      order: ORDERS[coverage.order ?? 'primary'], // SBR01 who pays first
      relationship: '18', // SBR02 self
      filing: FILING[payers.get(claim.payer)?.kind ?? 'commercial'], // SBR09
    },
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
  const otherSubscribers = billed.others
    .slice(0, MOST_OTHERS)
    .map((other) => otherSubscriberOf(other, decisionOf(billed.claim, other), contracts));
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

/** The guides allow ten. */
const MOST_OTHERS = 10;

const decisionOf = ({ otherDecisions = [] }: Billed['claim'], { payer }: NewCoverage) =>
  otherDecisions.find((one) => one.payer === payer);

/** Loop 2320: who else insures the patient and, where that is known, what he decided, so that the payers can coordinate. */
const otherSubscriberOf = (
  other: NewCoverage,
  decision: OtherPayerDecision | undefined,
  { payers, rules }: Contracts,
) => ({
  subscriber: {
    order: ORDERS[other.order ?? 'secondary'], // SBR01 who pays first
    relationship: '18', // SBR02 self
    filing: FILING[payers.get(other.payer)?.kind ?? 'commercial'], // SBR09
  },
  ...(decision ? decided(decision) : {}),
  coverage: { benefitsAssigned: 'Y', release: 'Y' }, // OI03, OI06
  parties: [
    {
      name: {
        entity: 'IL', // NM101 insured
        type: '1', // NM102 person
        name: plain(other.familyName), // NM103
        first: plain(other.givenName), // NM104
        idQualifier: 'MI', // NM108 member identification
        id: other.memberId, // NM109
      },
    },
    {
      name: {
        entity: 'PR', // NM101 payer
        type: '2', // NM102 organization
        name: plain(payers.get(other.payer)?.name ?? other.payer), // NM103
        idQualifier: 'PI', // NM108 payer identification
        id: rules.get(other.payer)?.electronicId ?? other.payer, // NM109
      },
      ...(decision
        ? { dates: [{ qualifier: '573', format: 'D8', value: digitsOf(decision.decidedOn) }] } // DTP*573 adjudication
        : {}),
    },
  ],
});

/** One CAS has room for six adjustments of a group. */
const A_SEGMENT = 6;

const decided = ({ paid, adjustments, patientOwes }: OtherPayerDecision) => ({
  adjustments: ADJUSTMENT_GROUPS.flatMap((group) => {
    const ofGroup = adjustments
      .filter((one) => one.group === group)
      .map(({ reason, amount, quantity }) => ({ reason, amount: amount.amount, ...(quantity ? { quantity } : {}) }));
    const segments = Math.ceil(ofGroup.length / A_SEGMENT);
    return Array.from({ length: segments }, (_, i) => ({
      group, // CAS01
      adjustments: ofGroup.slice(i * A_SEGMENT, (i + 1) * A_SEGMENT), // CAS02 to CAS19
    }));
  }),
  amounts: [
    { qualifier: 'D', amount: paid.amount }, // AMT*D payer paid amount
    ...(patientOwes ? [{ qualifier: 'EAF', amount: patientOwes.amount }] : []), // AMT*EAF remaining patient liability
  ],
});

const professional = ({ claim, purpose }: Billed, { chargeItems }: Contracts) => ({
  claim: {
    ...claimSegment(claim),
    place: { facility: '22', qualifier: 'B', frequency: FREQUENCY[purpose] }, // CLM05 22 on campus outpatient hospital
    signature: 'Y', // CLM06 provider signature on file
  },
  lines: claim.lines.map((line, i) => ({
    line: { number: String(i + 1) }, // LX01
    service: {
      procedure: { qualifier: 'HC', code: chargeItems.get(line.chargeCode)?.hcpcs ?? '' }, // SV101
      charge: line.charge.amount, // SV102
      unit: 'UN', // SV103
      quantity: line.quantity, // SV104
      diagnoses: { first: '1' }, // SV107 the principal diagnosis
    },
    dates: [{ qualifier: '472', format: 'D8', value: digitsOf(claim.serviceDate) }], // DTP*472 day of service
  })),
});

const institutional = ({ claim, purpose }: Billed, { chargeItems }: Contracts) => ({
  claim: {
    ...claimSegment(claim),
    place: { facility: typeOfBill(claim.lines, chargeItems), qualifier: 'A', frequency: FREQUENCY[purpose] }, // CLM05
  },
  dates: [{ qualifier: '434', format: 'RD8', value: `${digitsOf(claim.serviceDate)}-${digitsOf(claim.serviceDate)}` }], // DTP*434 statement from-to
  institution: {
    admissionType: '3', // CL101 elective
    admissionSource: '1', // CL102 from home
    patientStatus: '01', // CL103 discharged to home
  },
  lines: claim.lines.map((line, i) => {
    const item = chargeItems.get(line.chargeCode);
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

const digitsOf = (day: string): string => day.replaceAll('-', '');

/** In the X12 character set: capitals without accents. */
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase();
