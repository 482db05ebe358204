import { Coding } from './coding.js';
import { choice, code, codes, instant, nested } from './field.js';
import type { Phi } from './phi.js';
import { changedAt, revision } from './revision.js';

/** Of what is done to a patient (FHIR EventStatus). Only what is completed is charged. */
export const EVENT_STATUS = [
  'preparation',
  'in-progress',
  'not-done',
  'on-hold',
  'stopped',
  'completed',
  'entered-in-error',
  'unknown',
] as const;

/** Something that was done to a patient. */
export class Procedure {
  @code('Identifier in the EHR')
  id!: string;

  @choice('Where it stands', EVENT_STATUS)
  status!: (typeof EVENT_STATUS)[number];

  @nested('What was done; absent as long as nobody has coded it', () => Coding, { optional: true })
  code?: Coding;

  @code('Encounter in which it was done', { optional: true })
  encounterId?: string;

  @code('Patient', { optional: true, dataClass: 'phi' })
  patientId?: Phi<string>;

  @instant('When it was done, or began', { optional: true })
  startedAt?: string;

  @instant('When it ended', { optional: true })
  endedAt?: string;

  @codes('Practitioners who did it', { max: 100 })
  practitionerIds!: string[];

  @code('Where it was done', { optional: true })
  locationId?: string;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}
