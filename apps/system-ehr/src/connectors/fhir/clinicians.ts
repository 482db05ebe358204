import type { CodeableConcept, Encounter, Period } from '@medplum/fhirtypes';
import { PRACTITIONER_ROLE, type ClinicianTime } from '@concord/canonical';
import { clinicianTimes, type Presence } from '../clinician-time.js';
import { clinicianIn } from './clinician-reference.js';
import { momentOf } from './moment.js';

type Participant = NonNullable<Encounter['participant']>[number];

/** The clinicians among the participants, each with the time of their own period or of the whole encounter. */
export function cliniciansOf({ participant = [], period }: Encounter): ClinicianTime[] {
  return clinicianTimes(participant.flatMap((one) => presenceOf(one, period)));
}

function presenceOf({ individual, type, period }: Participant, whole: Period | undefined): Presence[] {
  const named = clinicianIn(individual);
  if (!named) return [];
  const { start, end } = { ...whole, ...period };
  const inCharge = codesOf(type).some((code) => IN_CHARGE.has(code));
  return [
    { ...named, role: roleOf(type), ...(inCharge ? { inCharge } : {}), from: momentOf(start), to: momentOf(end) },
  ];
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
