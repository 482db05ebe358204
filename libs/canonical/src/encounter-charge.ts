import { Coding, Identifier } from './coding.js';
import { choice, code, decimal, instant, nested } from './field.js';
import type { Phi } from './phi.js';
import { changedAt, revision } from './revision.js';

/** FHIR ChargeItemStatus. */
export const ENCOUNTER_CHARGE_STATUS = [
  'planned',
  'billable',
  'not-billable',
  'aborted',
  'billed',
  'entered-in-error',
  'unknown',
] as const;

/** A charge that was keyed in or captured in the EHR. What it costs is said by the charge master, not by the EHR. */
export class EncounterCharge {
  @code('Identifier in the EHR')
  id!: string;

  @choice('Where it stands', ENCOUNTER_CHARGE_STATUS)
  status!: (typeof ENCOUNTER_CHARGE_STATUS)[number];

  @nested('What is charged; absent as long as nobody has coded it', () => Coding, { optional: true })
  code?: Coding;

  @decimal('How often or how much', { example: '1' })
  quantity!: string;

  @code('Encounter', { optional: true })
  encounterId?: string;

  @code('Patient', { optional: true, dataClass: 'phi' })
  patientId?: Phi<string>;

  @instant('When it was rendered', { optional: true })
  renderedAt?: string;

  @nested('The organization that rendered it, as the EHR names it', () => Identifier, { optional: true })
  organization?: Identifier;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}
