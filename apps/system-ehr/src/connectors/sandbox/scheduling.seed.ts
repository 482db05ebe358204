/** The weeks of the first six practitioners, with what is booked in them. */
import type { Appointment, Schedule, Slot } from '@medplum/fhirtypes';
import { facilityOf, numbered } from './people.seed.js';

const SERVICE = [
  { coding: [{ system: 'http://snomed.info/sct', code: '185349003', display: 'Encounter for check up' }] },
];
const FIRST_DAY = Date.parse('2027-01-04T09:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const schedules = numbered(6, (nn, i): Schedule => ({
  resourceType: 'Schedule',
  id: `synthetic-schedule-${nn}`,
  active: true,
  serviceType: SERVICE,
  actor: [{ reference: `Practitioner/synthetic-practitioner-${nn}` }, { reference: `Location/${facilityOf(i)}` }],
  planningHorizon: { start: new Date(FIRST_DAY).toISOString(), end: new Date(FIRST_DAY + 5 * DAY).toISOString() },
}));

const timeOf = (i: number) => {
  const start = FIRST_DAY + (i % 5) * DAY + Math.floor(i / 5) * HOUR;
  return { start: new Date(start).toISOString(), end: new Date(start + HOUR / 2).toISOString() };
};

const slots = schedules.flatMap((schedule) =>
  numbered(10, (nn, i): Slot => ({
    resourceType: 'Slot',
    id: `${schedule.id}-slot-${nn}`,
    schedule: { reference: `Schedule/${schedule.id}` },
    status: i % 2 ? 'free' : 'busy',
    ...timeOf(i),
  })),
);

const appointments = numbered(30, (nn, i): Appointment => ({
  resourceType: 'Appointment',
  id: `synthetic-appointment-${nn}`,
  status: i % 10 === 9 ? 'cancelled' : 'booked',
  serviceType: SERVICE,
  ...timeOf(2 * (i % 5)),
  slot: [{ reference: `Slot/synthetic-schedule-0${(i % 6) + 1}-slot-${String(2 * (i % 5) + 1).padStart(2, '0')}` }],
  participant: [
    { status: 'accepted', actor: { reference: `Patient/synthetic-patient-${nn}` } },
    { status: 'accepted', actor: { reference: `Practitioner/synthetic-practitioner-0${(i % 6) + 1}` } },
    { status: 'accepted', actor: { reference: `Location/${facilityOf(i % 6)}` } },
  ],
}));

export const scheduling = [...schedules, ...slots, ...appointments];
