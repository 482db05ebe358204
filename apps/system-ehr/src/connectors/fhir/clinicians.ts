import type { CodeableConcept, Encounter, Period, Reference } from '@medplum/fhirtypes';
import { PRACTITIONER_ROLE, type ClinicianTime } from '@concord/canonical';
import { targetOf } from '@concord/fhir';
import { clinicianTimes, type Presence } from '../clinician-time.js';
import { momentOf } from './moment.js';
import { textOf } from './wire.js';

type Participant = NonNullable<Encounter['participant']>[number];

/** The clinicians among the participants, each with the time of their own period or of the whole encounter. */
export function cliniciansOf({ participant = [], period }: Encounter): ClinicianTime[] {
  return clinicianTimes(participant.flatMap((one) => presenceOf(one, period)));
}

function presenceOf({ individual, type, period }: Participant, whole: Period | undefined): Presence[] {
  const practitionerId = practitionerIdOf(individual);
  if (practitionerId === undefined) return [];
  const { start, end } = { ...whole, ...period };
  const inCharge = codesOf(type).some((code) => IN_CHARGE.has(code));
  return [
    { practitionerId, role: roleOf(type), ...(inCharge ? { inCharge } : {}), from: momentOf(start), to: momentOf(end) },
  ];
}

/** The id behind any form of reference to a clinician; undefined for a relative of the patient. */
function practitionerIdOf({ reference, identifier }: Reference = {}): string | undefined {
  const target = targetOf(reference);
  if (target) return target.resourceType.startsWith('Practitioner') ? target.id : undefined;
  const searched = /^Practitioner(?:Role)?\?identifier=(?:[^|]*\|)?(.+)$/.exec(reference ?? '')?.[1];
  return searched ?? /^urn:uuid:(.+)$/.exec(reference ?? '')?.[1] ?? textOf(identifier?.value);
}

/** FHIR says how somebody took part (attending, performer, consultant …): a physician, unless the role itself is named. */
function roleOf(types: readonly CodeableConcept[] = []): ClinicianTime['role'] {
  const codes = codesOf(types);
  return PRACTITIONER_ROLE.find((role) => codes.includes(role)) ?? 'physician';
}

/** Attender and primary performer (HL7 v3 ParticipationType). */
const IN_CHARGE = new Set<string | undefined>(['ATND', 'PPRF']);

const codesOf = (types: readonly CodeableConcept[] = []) =>
  types.flatMap(({ coding = [] }) => coding.map(({ code }) => code));
