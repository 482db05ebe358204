/** Forty patients and twelve practitioners whom nobody can mistake for real ones. */
import type { Patient, Practitioner } from '@medplum/fhirtypes';
import type { Database } from '@concord/database';
import type { Vault } from '@concord/events';
import { entryOfChange } from './entry.js';
import { addUnknownEntries } from './writes.js';

const number = (i: number): string => String(i + 1).padStart(2, '0');

const numbered = <T>(count: number, make: (nn: string, i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(number(i), i));

const patients = numbered(40, (nn, i): Patient => ({
  resourceType: 'Patient',
  id: `synthetic-patient-${nn}`,
  identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'urn:concord:synthetic-record', value: `SYN-${nn}` }],
  name: [{ use: 'official', family: `Synthetica ${nn}`, given: [i % 2 ? 'Testus' : 'Testa'] }],
  gender: i % 2 ? 'male' : 'female',
  birthDate: `19${40 + i}-01-01`,
}));

const practitioners = numbered(12, (nn): Practitioner => ({
  resourceType: 'Practitioner',
  id: `synthetic-practitioner-${nn}`,
  name: [{ use: 'official', family: `Practica ${nn}`, given: ['Testa'], prefix: ['Dr.'] }],
}));

/** Whom the sandbox knows before anybody has sent anything. Who is known already stays as he is. */
export async function seed(database: Database, vault: Vault): Promise<void> {
  const entries = [...patients, ...practitioners].flatMap((body) => {
    const key = `${body.resourceType}/${body.id}`;
    return entryOfChange(vault, { key, body, mentions: [] }) ?? [];
  });
  await addUnknownEntries(database, entries);
}
