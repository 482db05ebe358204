import { Coding } from './coding.js';
import { choice, code, codes, instant, nested } from './field.js';
import type { Phi } from './phi.js';
import { changedAt, revision } from './revision.js';

/** FHIR AppointmentStatus. */
export const APPOINTMENT_STATUS = [
  'proposed',
  'pending',
  'booked',
  'arrived',
  'fulfilled',
  'cancelled',
  'noshow',
  'entered-in-error',
  'checked-in',
  'waitlist',
] as const;
export const SLOT_STATUS = ['free', 'busy', 'blocked'] as const;

/** A patient is expected: when, where, with whom, for what. */
export class Appointment {
  @code('Identifier in the EHR')
  id!: string;

  @choice('Where it stands', APPOINTMENT_STATUS)
  status!: (typeof APPOINTMENT_STATUS)[number];

  @instant('When it begins; absent on a waiting list', { optional: true })
  startsAt?: string;

  @instant('When it ends', { optional: true })
  endsAt?: string;

  @nested('What is to be done', () => Coding, { optional: true })
  service?: Coding;

  @nested('Why', () => Coding, { optional: true, dataClass: 'clinical' })
  reason?: Coding;

  @code('Patient', { optional: true, dataClass: 'phi' })
  patientId?: Phi<string>;

  @codes('Practitioners who take part', { max: 100 })
  practitionerIds!: string[];

  @code('Where', { optional: true })
  locationId?: string;

  @code('The encounter that came of it', { optional: true })
  encounterId?: string;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}

/** The time of a practitioner, or of a place, that can be booked. */
export class Schedule {
  @code('Identifier in the EHR')
  id!: string;

  @choice('Whether it is in use', ['active', 'inactive'])
  status!: 'active' | 'inactive';

  @nested('What it can be booked for', () => Coding, { optional: true })
  service?: Coding;

  @codes('Practitioners whose time it is', { max: 100 })
  practitionerIds!: string[];

  @code('The place whose time it is', { optional: true })
  locationId?: string;

  @instant('From when on it can be booked', { optional: true })
  startsAt?: string;

  @instant('Until when it can be booked', { optional: true })
  endsAt?: string;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}

/** A piece of a schedule. */
export class ScheduleSlot {
  @code('Identifier in the EHR')
  id!: string;

  @code('Schedule')
  scheduleId!: string;

  @choice('Whether it can be booked', SLOT_STATUS)
  status!: (typeof SLOT_STATUS)[number];

  @instant('When it begins')
  startsAt!: string;

  @instant('When it ends')
  endsAt!: string;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}
