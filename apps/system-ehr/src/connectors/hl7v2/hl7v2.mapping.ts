/** HL7 v2 → canonical: an encounter out of what messages said of a visit. Pure. */
import type { Coding, Encounter, EncounterService, Identifier } from '@concord/canonical';
import { clinicianTimes } from '../clinician-time.js';
import { distinct } from '../codings.js';
import type { EncounterContent } from '../record.js';
import { chargesOf } from './charges.js';
import { codingOf } from './code-systems.js';
import type { VisitMessage } from './visit-message.js';
import { visitOf, type Visit } from './visit.js';

/** Patient class (PV1-2, HL7 table 0004); a visit without one is of a clinic. */
const CLASS = new Map<string | undefined, Encounter['class']>([
  [undefined, 'ambulatory'],
  ['O', 'ambulatory'], // outpatient
  ['P', 'ambulatory'], // preadmission
  ['R', 'ambulatory'], // recurring
  ['E', 'emergency'],
  ['I', 'inpatient'],
  ['B', 'inpatient'], // obstetrics
]);

/** The sender's own names: of its facilities, and of codes whose system it left out. */
const FACILITY = 'urn:hl7v2:facility';
const UNSTATED = 'urn:hl7v2:unstated';

/** Undefined where no message was about the visit. */
export function encounterFromHl7(id: string, messages: readonly VisitMessage[]): EncounterContent | undefined {
  const visit = visitOf(messages);
  if (!visit) return undefined;
  const { facts, status } = visit;
  const { services, isCoded, days } = chargesOf(messages);
  const startedAt = visit.admitted ?? (days && `${days.first}T00:00:00.000Z`);
  const endedAt = visit.discharged ?? (days && status === 'finished' ? `${days.last}T00:00:00.000Z` : undefined);
  return {
    id,
    status,
    class: CLASS.get(facts.patientClass) ?? 'other',
    serviceProvider: facilityOf(facts.facility),
    startedAt,
    endedAt,
    codingStatus: isCoded ? 'complete' : 'in-progress',
    services: services.length ? [...services] : proceduresOf(visit),
    supplies: [],
    clinicians: attendingOf(visit, startedAt, endedAt),
    diagnoses: distinct(facts.diagnoses.flatMap((diagnosis) => codingOf(diagnosis, UNSTATED) ?? [])),
    payer: payerOf(visit),
  };
}

/** The procedures as recorded (PR1), until charges come and say what of them is billed. */
function proceduresOf({ facts }: Visit): EncounterService[] {
  const codes: Coding[] = facts.procedures.flatMap((procedure) => codingOf(procedure, UNSTATED) ?? []);
  return codes.map((code, i) => ({ id: `procedure-${i + 1}`, kind: 'procedure', code, quantity: '1' }));
}

function attendingOf({ facts }: Visit, from: string | undefined, to: string | undefined) {
  if (facts.attending === undefined) return [];
  return clinicianTimes([{ practitionerId: facts.attending, role: 'physician', from, to }]);
}

/** PV1-3.4 or MSH-4, without the blanks that an identifier cannot have. */
const facilityOf = (name: string | undefined): Identifier => ({
  system: FACILITY,
  value: (name ?? 'UNSTATED').replace(/[^\x21-\x7e]+/g, '-').slice(0, 100),
});

/** The first coverage is the primary one. */
function payerOf({ facts }: Visit): string | undefined {
  const [primary] = facts.insurance;
  return (primary?.companyName ?? primary?.plan?.text ?? primary?.plan?.code)?.slice(0, 200);
}
