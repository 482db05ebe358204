import { CODE, type Coding } from '@concord/canonical';
import { fault, malformedBy, type Said, type Segment } from '@concord/hl7v2';
import type { Facts, Statement } from '../facts/statement.js';
import {
  bedStatements,
  facilityOf,
  placeMentions,
  placeOf,
  practitionerMentions,
  type Place,
} from './mentions.statement.js';
import { keptSegments, patientIdOf, patientStatements } from './patient.statement.js';
import type { Source } from './source.js';

/** The status that an ADT event leads to (HL7 2.5.1 §3.3); events that are not here leave it as it is. */
const STATUS_AFTER = new Map<string | undefined, string>([
  ['A01', 'in-progress'], // admitted
  ['A03', 'finished'], // discharged
  ['A04', 'in-progress'], // registered
  ['A05', 'planned'], // to be admitted
  ['A11', 'cancelled'], // admission taken back
  ['A13', 'in-progress'], // discharge taken back
  ['A38', 'cancelled'], // pre-admission taken back
]);

/** Patient class (PV1-2, HL7 table 0004). */
const CLASS = new Map<string, string>([
  ['O', 'ambulatory'], // outpatient
  ['P', 'ambulatory'], // preadmission
  ['R', 'ambulatory'], // recurring
  ['E', 'emergency'],
  ['I', 'inpatient'],
  ['B', 'inpatient'], // obstetrics
]);

/** The number of the visit: PV1-19 visit number, else PID-18 patient account number. */
export const visitNumberOf = ({ message }: Source): string | undefined =>
  message.segment('PV1')?.text(19) ?? message.segment('PID')?.text(18);

/** What an ADT or a DFT says of a visit, of its patient, and of whom and what it mentions. */
export function visitStatements(source: Source, more: Facts = {}): Statement[] {
  const { message, reading } = source;
  const [pid, pv1] = [message.segment('PID'), message.segment('PV1')];
  const visit = reading.needed(visitNumberOf(source), { segment: 'PV1', field: 19 }, 'the visit number');
  const patientId = reading.needed(patientIdOf(source), { segment: 'PID', field: 3 }, 'the patient identifier');
  refuseUnusableVisitNumber(visit, pid);
  const { sendingFacility } = message.header;
  const attending = pv1?.field(7); // PV1-7 attending doctor
  const ward = placeOf(pv1?.field(3), undefined); // PV1-3 assigned location
  const facts: Facts = {
    patientId,
    status: STATUS_AFTER.get(message.header.type === 'ADT' ? message.header.trigger : undefined),
    class: classOf(source, pv1), // PV1-2 patient class
    facility: nullOr(pv1?.said(3, 4), facilityOf), // PV1-3.4 facility of the assigned location
    sender: sendingFacility && facilityOf(sendingFacility), // MSH-4
    locationId: ward?.id,
    ...timesOf(source, pv1),
    'clinician:attending': nullOr(
      attending?.said(),
      (id) => source.id(id, 'PV1-7') && { practitionerId: id, role: 'physician', inCharge: true },
    ),
    ...listed(source, 'DG1', ['diagnoses', 'diagnosis:'], 21), // DG1-21 action code
    ...listed(source, 'PR1', ['procedures', 'procedure:'], 20), // PR1-20 action code
    payer: payerOf(message.segment('IN1')), // the first coverage is the primary one
    ...more,
    ...keptSegments(source),
  };
  return [
    source.state('encounter', visit, facts),
    ...patientStatements(source),
    ...practitionerMentions(source, [attending]),
    ...placeMentions(source, [ward]),
    ...bedStatusOf(source, pv1, ward),
    ...procedureStatements(source, visit, patientId),
  ];
}

/** Bed status (PV1-40, HL7 table 0116). */
const BED_STATUS = new Map([
  ['C', 'closed'],
  ['H', 'housekeeping'],
  ['I', 'isolated'],
  ['K', 'contaminated'],
  ['O', 'occupied'],
  ['U', 'free'],
]);

function bedStatusOf(source: Source, pv1: Segment | undefined, ward: Place | undefined): Statement[] {
  const status = BED_STATUS.get(pv1?.text(40) ?? '');
  return ward && status ? bedStatements(source, ward, { status }, source.saidAt) : [];
}

/** PR1: what was done during the visit, each under the visit and its code. */
function procedureStatements(source: Source, visit: string, patientId: string): Statement[] {
  return source.message.segments('PR1').flatMap((pr1) => {
    const code = source.coding(pr1.field(3), source.place(pr1, 3), pr1.text(2)); // PR1-3 procedure, PR1-2 coding method
    if (!code) return [];
    const doctor = source.id(pr1.text(11), source.place(pr1, 11)); // PR1-11 surgeon
    const facts = {
      status: pr1.text(20) === 'D' ? 'entered-in-error' : 'completed', // PR1-20 action code
      code,
      encounterId: visit,
      patientId,
      startedAt: source.instant(pr1, 5), // PR1-5 when
      practitionerIds: doctor === undefined ? [] : [doctor],
    };
    return [source.state('procedure', source.hiddenId('pr', visit, code.system, code.code), facts)];
  });
}

/** The visit number becomes the encounter's id everywhere; the number that identifies the patient must never. */
function refuseUnusableVisitNumber(visit: string | undefined, pid: Segment | undefined): void {
  if (visit === undefined) return; // said by whoever needs it
  const isRecordNumber = pid?.repetitions(3).some((field) => field.text() === visit);
  if (CODE.test(visit) && !isRecordNumber) return;
  const detail = isRecordNumber
    ? 'PV1-19: the visit number repeats the identifier of the patient; a visit needs a number of its own'
    : 'PV1-19: the visit number must be letters, digits and ._:- only';
  throw malformedBy([fault('PV1-19', 'format', detail)]);
}

function timesOf(source: Source, pv1: Segment | undefined): Facts {
  const { type, trigger, sentAt } = source.message.header;
  const evn = source.message.segment('EVN');
  const occurred = source.instant(evn, 6) ?? source.instant(evn, 2) ?? undefined; // EVN-6 occurred, else EVN-2 recorded
  const admitted = source.instant(pv1, 44); // PV1-44 admitted
  const discharged = source.instant(pv1, 45); // PV1-45 discharged
  const isAdt = type === 'ADT';
  if (isAdt && trigger === 'A13') return { startedAt: admitted, endedAt: null };
  return {
    startedAt: admitted ?? (isAdt && (trigger === 'A01' || trigger === 'A04') ? occurred : undefined),
    endedAt: discharged === undefined && isAdt && trigger === 'A03' ? (occurred ?? sentAt) : discharged,
  };
}

function classOf(source: Source, pv1: Segment | undefined): Said<string> {
  const said = pv1?.said(2);
  if (typeof said !== 'string') return said;
  const known = CLASS.get(said.toUpperCase());
  if (known === undefined) source.lose('PV1-2', 'is a class that finance does not tell apart');
  return known ?? 'other';
}

/**
 * DG1 and PR1. Without action codes the segments are all there is, a snapshot; with them each adds, changes or takes away one.
 * The code is in field 3; where it names no system, field 2 may.
 */
function listed(source: Source, name: 'DG1' | 'PR1', [whole, one]: readonly [string, string], action: number): Facts {
  const segments = source.message.segments(name);
  if (segments.length === 0) return {};
  const codings = segments.flatMap((segment): [Segment, Coding][] => {
    const method = segment.text(2); // DG1-2 or PR1-2 coding method, as it was said of old
    const coding = source.coding(segment.field(3), source.place(segment, 3), method); // DG1-3 or PR1-3
    return coding ? [[segment, coding]] : [];
  });
  if (segments.every((segment) => segment.text(action) === undefined)) {
    const isDeleted = segments.length === 1 && segments[0]!.said(3) === null;
    return { [whole]: isDeleted ? null : codings.length ? codings.map(([, coding]) => coding) : undefined };
  }
  return Object.fromEntries(
    codings.map(([segment, coding]) => {
      const isRemoved = segment.text(action) === 'D'; // HL7 table 0206: A added, D deleted, U updated
      return [`${one}${coding.system}|${coding.code}`, { ...coding, ...(isRemoved && { removed: true }) }];
    }),
  );
}

/** IN1-4 insurance company, else IN1-2 plan, in words, else its code. */
function payerOf(in1: Segment | undefined): Said<string> {
  if (in1?.said(4) === null) return null;
  return in1?.text(4) ?? in1?.text(2, 2) ?? in1?.text(2);
}

const nullOr = <T>(said: Said<string>, map: (text: string) => T | undefined): Said<T> =>
  typeof said === 'string' ? map(said) : said;
