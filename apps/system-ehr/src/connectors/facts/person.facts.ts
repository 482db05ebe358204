/** What is known of people → canonical. Pure. */
import type { Patient, Practitioner, PractitionerRole } from '@concord/canonical';
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
  familyName: sheet.value<string>('familyName')?.slice(0, 60),
  givenName: sheet.value<string>('givenName')?.slice(0, 35),
  npi: sheet.value('npi'),
});

export const roleOfSheet = (id: string, sheet: Sheet): Content<PractitionerRole> => ({
  id,
  practitionerId: sheet.value('practitionerId'),
  role: sheet.value<PractitionerRole['role']>('role') ?? 'other',
  specialty: sheet.value('specialty'),
  organization: sheet.value('organization'),
  locationIds: sheet.value('locationIds') ?? [],
  active: sheet.value<boolean>('active') ?? true,
  from: sheet.value('from'),
  until: sheet.value('until'),
});
