import { Coding } from './coding.js';
import { choice, code, instant, nested } from './field.js';
import type { Phi } from './phi.js';
import { changedAt, revision } from './revision.js';

/** FHIR RequestStatus. */
export const ORDER_STATUS = [
  'draft',
  'active',
  'on-hold',
  'revoked',
  'completed',
  'entered-in-error',
  'unknown',
] as const;
export const ORDER_KIND = ['service', 'medication', 'device'] as const;

/** What a clinician asked for: a test, a treatment, a drug, a device. */
export class ClinicalOrder {
  @code('Identifier in the EHR')
  id!: string;

  @choice('What kind of thing is asked for', ORDER_KIND)
  kind!: (typeof ORDER_KIND)[number];

  @choice('Where it stands', ORDER_STATUS)
  status!: (typeof ORDER_STATUS)[number];

  @choice('How urgent', ['routine', 'urgent', 'asap', 'stat'])
  priority!: 'routine' | 'urgent' | 'asap' | 'stat';

  @nested('What is asked for; absent where nobody has coded it', () => Coding, {
    optional: true,
    dataClass: 'clinical',
  })
  code?: Coding;

  @code('Encounter in which it was asked for', { optional: true })
  encounterId?: string;

  @code('Patient', { optional: true, dataClass: 'phi' })
  patientId?: Phi<string>;

  @code('Practitioner who asks', { optional: true })
  practitionerId?: string;

  @instant('When it was asked for', { optional: true })
  orderedAt?: string;

  @instant('When it is to be done', { optional: true })
  dueAt?: string;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}
