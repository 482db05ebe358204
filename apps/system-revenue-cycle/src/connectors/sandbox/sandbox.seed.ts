/**
 * What a billing office finds on its first day: encounters of last month with who insures them, what was claimed, what the
 * payer paid and what it refused. Entered as anybody enters it, under business keys of its own, so once.
 */
import { minus, money, times, total, type Money, type NewClaim, type NewRemittanceClaim } from '@concord/canonical';
import type { RevenueCycleConnector } from '../../connector.js';

interface SeededVisit {
  readonly payer: 'PRIVATE' | 'MEDICARE' | 'MEDICAID';
  readonly facility: string;
  /** Charge codes, one line each. */
  readonly charges: readonly string[];
  /** What the payer says of each line: pays its share of it, or refuses it for this reason (CARC). */
  readonly refused?: Readonly<Record<string, string>>;
}

const VISITS: readonly SeededVisit[] = [
  { payer: 'PRIVATE', facility: 'CLINIC-NORTH', charges: ['CH-VISIT-CHECKUP', 'CH-IMM-FLU'] },
  { payer: 'MEDICARE', facility: 'CLINIC-EAST', charges: ['CH-WELLNESS-ANNUAL'] },
  { payer: 'MEDICAID', facility: 'CLINIC-SOUTH', charges: ['CH-VISIT-SYMPTOM', 'CH-RESP-SPIROMETRY'] },
  {
    payer: 'PRIVATE',
    facility: 'CLINIC-WEST',
    charges: ['CH-VISIT-EMERGENCY', 'CH-PROC-SUTURE', 'CH-SUPPLY-SLING'],
    refused: { 'CH-SUPPLY-SLING': '50' }, // not deemed a medical necessity
  },
  {
    payer: 'MEDICARE',
    facility: 'CLINIC-NORTH',
    charges: ['CH-SCREEN-COLONOSCOPY'],
    refused: { 'CH-SCREEN-COLONOSCOPY': '119' }, // the benefit of this period is used up
  },
  {
    payer: 'MEDICAID',
    facility: 'CLINIC-EAST',
    charges: ['CH-VISIT-FOLLOW-UP'],
    refused: { 'CH-VISIT-FOLLOW-UP': '29' }, // the time to file has passed
  },
];

/** The part of what is allowed that the patient bears. */
const COINSURANCE = '0.1';
const DAY_MS = 86_400_000;

const dayBefore = (now: Date, days: number): string =>
  new Date(now.getTime() - days * DAY_MS).toISOString().slice(0, 10);

/** Enters what is missing. */
export async function seedAccounts(revenueCycle: RevenueCycleConnector, now: Date): Promise<void> {
  for (const [index, visit] of VISITS.entries()) {
    const key = `seed/visit-${index + 1}`;
    const encounterId = `seed-encounter-${index + 1}`;
    const { items: claimed } = await revenueCycle.listClaims({ encounter_id: encounterId });
    if (claimed.some(({ status }) => status === 'paid' || status === 'denied')) continue;
    await revenueCycle.createCoverage(key, {
      encounterId,
      payer: visit.payer,
      memberId: `W90000000${index + 1}`,
      familyName: 'SYNTHETICA',
      givenName: `SEEDA ${'ABCDEF'[index]}`,
      birthDate: '1970-01-01',
      gender: index % 2 ? 'male' : 'female',
      street: '1 SAMPLE ST',
      city: 'TESTVILLE',
      state: 'MI',
      zip: '489330000',
    });
    const serviceDate = dayBefore(now, 30 - index);
    const { number } = await revenueCycle.createClaim(
      key,
      await claimOf(revenueCycle, encounterId, visit, serviceDate),
    );
    const said = await settlementOf(revenueCycle, number, visit);
    await revenueCycle.createRemittance(key, {
      payer: visit.payer,
      traceNumber: `SEED-${index + 1}`,
      paidOn: dayBefore(now, 10 - index),
      amount: said.paid,
      claims: [said],
      providerAdjustments: [],
    });
  }
}

async function claimOf(
  revenueCycle: RevenueCycleConnector,
  encounterId: string,
  { payer, facility, charges }: SeededVisit,
  serviceDate: string,
): Promise<NewClaim> {
  const lines = [];
  for (const chargeCode of charges) {
    const { price: charge } = await revenueCycle.readChargeItem(chargeCode);
    const service = { system: 'http://snomed.info/sct', code: '185349003' };
    lines.push({ chargeCode, service, quantity: '1', charge });
  }
  const diagnoses = [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'Z00.00' }];
  return { encounterId, facility, payer, serviceDate, lines, diagnoses };
}

async function settlementOf(
  revenueCycle: RevenueCycleConnector,
  claimNumber: string,
  { payer, charges, refused = {} }: SeededVisit,
): Promise<NewRemittanceClaim> {
  const { expectedShare } = await revenueCycle.readPayer(payer);
  const lines: NewRemittanceClaim['lines'] = [];
  for (const [index, service] of charges.entries()) {
    const { price: charge } = await revenueCycle.readChargeItem(service);
    lines.push({
      line: index + 1,
      service,
      charge,
      remarks: [],
      ...paymentOf(charge, expectedShare, refused[service]),
    });
  }
  const adjustments = lines.flatMap((line) => line.adjustments);
  const ofPatient = adjustments.filter(({ group }) => group === 'PR').map(({ amount }) => amount);
  const isDenied = charges.every((code) => refused[code]);
  return {
    claimNumber,
    statusCode: isDenied ? '4' : '1', // X12 1029: 1 processed as primary, 4 denied
    payerClaimNumber: `P${claimNumber.slice(4)}`,
    charge: total(lines.map((line) => line.charge)),
    paid: total(lines.map((line) => line.paid)),
    patientResponsibility: total(ofPatient),
    adjustments: [],
    lines,
  };
}

/** Of the charge, the payer pays what the contract allows, less the part of the patient. */
function paymentOf(charge: Money, share: string, reason: string | undefined) {
  if (reason) return { paid: money(0), adjustments: [{ group: 'CO' as const, reason, amount: charge }] };
  const allowed = times(charge, share);
  const ofPatient = times(allowed, COINSURANCE);
  return {
    paid: minus(allowed, ofPatient),
    adjustments: [
      { group: 'CO' as const, reason: '45', amount: minus(charge, allowed) },
      { group: 'PR' as const, reason: '2', amount: ofPatient },
    ],
  };
}
