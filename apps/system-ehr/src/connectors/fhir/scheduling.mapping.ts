/** FHIR R4 Appointment, Schedule and Slot (§12.1–§12.3) → canonical. */
import type * as Fhir from '@medplum/fhirtypes';
import { APPOINTMENT_STATUS, type Appointment, type Schedule, type ScheduleSlot } from '@concord/canonical';
import { codingOf } from './coding.js';
import type { Content } from '../record.js';
import type { Context } from './context.js';
import { momentOf } from './moment.js';
import { firstIdOf, idOf, idsOf } from './reference-id.js';
import { listOf } from './wire.js';

export function appointmentFromFhir(
  id: string,
  from: Fhir.Appointment,
  { encounterId }: Context,
): Content<Appointment> {
  const actors = listOf(from.participant).map(({ actor }) => actor);
  return {
    id,
    status: APPOINTMENT_STATUS.find((known) => known === from.status) ?? 'pending',
    startsAt: momentOf(from.start),
    endsAt: momentOf(from.end),
    service: codingOf(listOf(from.serviceType)[0]),
    reason: codingOf(listOf(from.reasonCode)[0]),
    patientId: firstIdOf(actors, 'Patient'),
    practitionerIds: idsOf(actors, 'Practitioner', 'PractitionerRole'),
    locationId: firstIdOf(actors, 'Location'),
    encounterId,
  };
}

export function scheduleFromFhir(id: string, from: Fhir.Schedule): Content<Schedule> {
  return {
    id,
    status: from.active === false ? 'inactive' : 'active',
    service: codingOf(listOf(from.serviceType)[0]),
    practitionerIds: idsOf(listOf(from.actor), 'Practitioner', 'PractitionerRole'),
    locationId: firstIdOf(listOf(from.actor), 'Location'),
    startsAt: momentOf(from.planningHorizon?.start),
    endsAt: momentOf(from.planningHorizon?.end),
  };
}

/** SlotStatus (FHIR R4): what is tentatively booked, or was entered in error, nobody else can book. */
const SLOT_STATUS = new Map<string | undefined, ScheduleSlot['status']>([
  ['free', 'free'],
  ['busy', 'busy'],
  ['busy-tentative', 'busy'],
]);

/** Undefined for a slot without schedule or time, which says nothing. */
export function slotFromFhir(id: string, from: Fhir.Slot): Content<ScheduleSlot> | undefined {
  const scheduleId = idOf(from.schedule, 'Schedule');
  const [startsAt, endsAt] = [momentOf(from.start), momentOf(from.end)];
  if (scheduleId === undefined || startsAt === undefined || endsAt === undefined) return undefined;
  return { id, scheduleId, status: SLOT_STATUS.get(from.status) ?? 'blocked', startsAt, endsAt };
}
