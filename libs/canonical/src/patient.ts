import { choice, code, day, text } from './field.js';
import type { Phi } from './phi.js';
import { changedAt, revision } from './revision.js';

/** The least that identifies a patient to a clinic. Only callers with the scope `ehr/phi.identify` see the marked fields. */
export class Patient {
  @code('Identifier in the EHR; says nothing by itself')
  id!: string;

  @text('Name', { optional: true, dataClass: 'phi' })
  name?: Phi<string>;

  @day('Birth date', { optional: true, dataClass: 'phi' })
  birthDate?: Phi<string>;

  @text('Medical record number', { optional: true, dataClass: 'phi' })
  recordNumber?: Phi<string>;

  @choice('Administrative gender (FHIR)', ['male', 'female', 'other', 'unknown'])
  gender!: 'male' | 'female' | 'other' | 'unknown';

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}
