/** What is known of people → canonical. Pure. */
import type { Patient, Practitioner } from '@concord/canonical';
import type { Content } from '../record.js';
import type { Sheet } from './sheet.js';

export const patientOfSheet = (id: string, sheet: Sheet): Content<Patient> => ({
  id,
  name: sheet.value('name'),
  birthDate: sheet.value('birthDate'),
  recordNumber: sheet.value('recordNumber'),
  gender: sheet.value<Patient['gender']>('gender') ?? 'unknown',
});

export const practitionerOfSheet = (id: string, sheet: Sheet): Content<Practitioner> => ({
  id,
  name: sheet.value('name') ?? id,
  npi: sheet.value('npi'),
});
