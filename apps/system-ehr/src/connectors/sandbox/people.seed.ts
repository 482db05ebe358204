/** Forty patients, twelve practitioners, and what those do where. */
import type { Patient, Practitioner, PractitionerRole } from '@medplum/fhirtypes';

export const numbered = <T>(count: number, make: (nn: string, i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(String(i + 1).padStart(2, '0'), i));

export const FACILITIES = ['CLINIC-NORTH', 'CLINIC-EAST', 'CLINIC-SOUTH'] as const;

export const facilityOf = (i: number) => FACILITIES[i % FACILITIES.length]!;

export const patients = numbered(40, (nn, i): Patient => ({
  resourceType: 'Patient',
  id: `synthetic-patient-${nn}`,
  identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'urn:concord:synthetic-record', value: `SYN-${nn}` }],
  name: [{ use: 'official', family: `Synthetica ${nn}`, given: [i % 2 ? 'Testus' : 'Testa'] }],
  gender: i % 2 ? 'male' : 'female',
  birthDate: `19${40 + i}-01-01`,
}));

export const practitioners = numbered(12, (nn): Practitioner => ({
  resourceType: 'Practitioner',
  id: `synthetic-practitioner-${nn}`,
  name: [{ use: 'official', family: `Practica ${nn}`, given: ['Testa'], prefix: ['Dr.'] }],
}));

const ROLES = ['physician', 'physician', 'nurse', 'therapist'] as const;
const SPECIALTIES = [
  { code: '394802001', display: 'General medicine' },
  { code: '394579002', display: 'Cardiology' },
  { code: '394537008', display: 'Paediatric specialty' },
];

export const roles = numbered(12, (nn, i): PractitionerRole => ({
  resourceType: 'PractitionerRole',
  id: `synthetic-role-${nn}`,
  active: true,
  period: { start: '2024-01-01' },
  practitioner: { reference: `Practitioner/synthetic-practitioner-${nn}` },
  organization: { identifier: { system: 'urn:concord:facility', value: facilityOf(i) } },
  code: [{ coding: [{ system: 'urn:concord:role', code: ROLES[i % ROLES.length] }] }],
  specialty: [{ coding: [{ system: 'http://snomed.info/sct', ...SPECIALTIES[i % SPECIALTIES.length] }] }],
  location: [{ reference: `Location/${facilityOf(i)}` }],
}));
