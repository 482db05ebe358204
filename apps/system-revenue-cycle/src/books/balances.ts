import { minus, money, total, type ClaimAdjustment, type Money, type PatientBalance } from '@concord/canonical';
import type { Database } from '@concord/database';
import type { ClaimStore } from './claim.store.js';
import type { DocumentStore } from './document.store.js';
import type { Settlement } from './remittance.posting.js';

interface Accounts {
  readonly claims: ClaimStore;
  readonly settlements: DocumentStore<Settlement>;
  readonly adjustments: DocumentStore<Omit<ClaimAdjustment, 'id' | 'enteredAt' | 'changedAt'>>;
}

/** What is owed for some encounters, each summed from its claims, settlements and adjustments. */
export async function balancesOf(
  db: Database,
  { claims, settlements, adjustments }: Accounts,
  encounters: readonly string[],
): Promise<PatientBalance[]> {
  const charged = await claims.chargedFor(db, encounters);
  const settled = await settlements.ofEncounters(db, encounters);
  const adjusted = await adjustments.ofEncounters(db, encounters);
  return encounters.map((encounterId) => {
    const ofPayers = settled.filter((each) => each.encounterId === encounterId).map(({ body }) => body);
    const ofUs = adjusted.filter((each) => each.encounterId === encounterId).map(({ body }) => body);
    const fromPatient = ofUs.filter(({ kind }) => kind === 'patient-payment').map(({ amount }) => amount);
    const byUs = ofUs.filter(({ kind }) => kind !== 'patient-payment').map(({ amount }) => amount);
    return balance(encounterId, {
      charged: charged.get(encounterId) ?? money(0),
      paidByPayers: total(ofPayers.map(({ paid }) => paid)),
      adjusted: total([...ofPayers.map((each) => each.adjusted), ...byUs]),
      paidByPatient: total(fromPatient),
      patientResponsibility: total(ofPayers.map((each) => each.patientResponsibility)),
    });
  });
}

type Sums = Record<'charged' | 'paidByPayers' | 'adjusted' | 'paidByPatient' | 'patientResponsibility', Money>;

const balance = (encounterId: string, sums: Sums): PatientBalance => ({
  encounterId,
  ...sums,
  patientOwes: minus(sums.patientResponsibility, sums.paidByPatient),
  open: minus(minus(minus(sums.charged, sums.paidByPayers), sums.adjusted), sums.paidByPatient),
});
