import type { Phi } from '@concord/canonical';

import { codeOf, type Hl7Code, type Hl7Identifier, identifierOf } from './data-types.js';
import type { Hl7Message } from './message.js';
import { Reading } from './reading.js';
import type { Segment } from './segment.js';
import { dateOf } from './timestamp.js';

/** What a message about a visit says of it: ADT (HL7 2.5.1 chapter 3), and DFT or BAR, which carry the same segments. */
export interface EncounterFacts {
  /** What happened, as a trigger event: `A01` admitted, `A03` discharged, `A04` registered, `A08` corrected … */
  readonly event?: string;
  /** When it happened, in UTC. */
  readonly occurred?: string;
  readonly visitNumber: string;
  /** `I` inpatient, `O` outpatient, `E` emergency, `P` preadmission … (table 0004). */
  readonly patientClass?: string;
  readonly facility?: string;
  /** In UTC. */
  readonly admitted?: string;
  /** In UTC. */
  readonly discharged?: string;
  /** The facility's number of the attending doctor. */
  readonly attending?: string;
  readonly diagnoses: readonly DiagnosisFact[];
  readonly procedures: readonly ProcedureFact[];
  readonly insurance: readonly InsuranceFact[];
  readonly patient: PatientFacts;
}

export interface DiagnosisFact extends Hl7Code {
  /** `A` admitting, `W` working, `F` final (table 0052). */
  readonly type?: string;
}

export interface ProcedureFact extends Hl7Code {
  /** In UTC. */
  readonly performed?: string;
}

/** One coverage, the first being primary. */
export interface InsuranceFact {
  readonly plan?: Hl7Code;
  readonly company?: Hl7Identifier;
  readonly companyName?: string;
  readonly policyNumber?: Phi<string>;
}

export interface PatientFacts {
  readonly identifiers: readonly Phi<Hl7Identifier>[];
  readonly familyName?: Phi<string>;
  readonly givenName?: Phi<string>;
  /** `YYYY-MM-DD`, or less where the sender knew less. */
  readonly birthDate?: Phi<string>;
  /** `F`, `M`, `O`, `U`, `A`, `N` (table 0001). */
  readonly sex?: string;
}

/**
 * Throws `malformed` where the visit has no number or the patient no identifier, and where a time we rely on cannot be read,
 * with every fault at its pointer.
 */
export function readEncounterFacts(message: Hl7Message): EncounterFacts {
  const reading = new Reading(message);
  const [evn, pid, pv1] = ['EVN', 'PID', 'PV1'].map((name) => message.segment(name));
  const facts: EncounterFacts = {
    event: message.header.trigger ?? evn?.text(1), // EVN-1 event type, before version 2.2 the only place of it
    occurred: reading.instant(evn, 6) ?? reading.instant(evn, 2), // EVN-6 event occurred, else EVN-2 recorded
    visitNumber: reading.needed(
      pv1?.text(19) ?? pid?.text(18), // PV1-19 visit number, else PID-18 patient account number
      { segment: 'PV1', field: 19 },
      'the visit number',
    ),
    patientClass: pv1?.text(2), // PV1-2 patient class
    facility: pv1?.text(3, 4) ?? message.header.sendingFacility, // PV1-3.4 facility of the assigned location, else MSH-4
    admitted: reading.instant(pv1, 44), // PV1-44 admit time
    discharged: reading.instant(pv1, 45), // PV1-45 discharge time
    attending: pv1?.text(7), // PV1-7.1 attending doctor, id
    diagnoses: message.segments('DG1').flatMap(diagnosisOf),
    procedures: message.segments('PR1').flatMap((pr1) => procedureOf(pr1, reading)),
    insurance: message.segments('IN1').map(insuranceOf),
    patient: patientOf(pid, reading),
  };
  reading.done();
  return facts;
}

function diagnosisOf(dg1: Segment): DiagnosisFact[] {
  const code = codeOf(dg1.field(3)); // DG1-3 diagnosis code
  if (code === undefined) return [];
  return [{ ...code, system: code.system ?? dg1.text(2), type: dg1.text(6) }]; // DG1-2 coding method of old, DG1-6 type
}

function procedureOf(pr1: Segment, reading: Reading): ProcedureFact[] {
  const code = codeOf(pr1.field(3)); // PR1-3 procedure code
  if (code === undefined) return [];
  return [{ ...code, system: code.system ?? pr1.text(2), performed: reading.instant(pr1, 5) }]; // PR1-2 method, PR1-5 when
}

function insuranceOf(in1: Segment): InsuranceFact {
  return {
    plan: codeOf(in1.field(2)), // IN1-2 insurance plan
    company: identifierOf(in1.field(3)), // IN1-3 insurance company id
    companyName: in1.text(4), // IN1-4.1 insurance company name
    policyNumber: in1.text(36), // IN1-36 policy number
  };
}

function patientOf(pid: Segment | undefined, reading: Reading): PatientFacts {
  const identifiers = pid?.repetitions(3).flatMap((field) => identifierOf(field) ?? []); // PID-3 patient identifiers
  return {
    identifiers: reading.needed(
      identifiers?.length ? identifiers : undefined,
      { segment: 'PID', field: 3 },
      'the patient identifier',
    ),
    familyName: pid?.text(5, 1), // PID-5.1.1 surname
    givenName: pid?.text(5, 2), // PID-5.2 given name
    birthDate: dateOf(pid?.text(7), true), // PID-7 birth; nothing is charged by it, so an unreadable one is left out
    sex: pid?.text(8), // PID-8 administrative sex
  };
}
