/** FHIR R4 → canonical: patients and practitioners. Their elements are not checked on the way in, hence `wire`. */
import type * as Fhir from '@medplum/fhirtypes';
import type { Patient, Practitioner } from '@concord/canonical';
import { listOf, textOf } from './wire.js';

const GENDERS = ['male', 'female', 'other', 'unknown'] as const;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const NPI = 'http://hl7.org/fhir/sid/us-npi';

export function patientFromFhir(id: string, { name, birthDate, identifier, gender }: Fhir.Patient): Patient {
  const recordNumber = listOf(identifier).find(({ type }) => listOf(type?.coding).some(({ code }) => code === 'MR'));
  return {
    id,
    name: nameOf(name),
    birthDate: DAY.test(textOf(birthDate) ?? '') ? birthDate : undefined, // a year or a month alone is no day
    recordNumber: textOf(recordNumber?.value), // identifier of type MR (HL7 table 0203)
    gender: GENDERS.find((known) => known === gender) ?? 'unknown',
  };
}

export function practitionerFromFhir(id: string, { name, identifier }: Fhir.Practitioner): Practitioner {
  const npi = textOf(listOf(identifier).find(({ system }) => system === NPI)?.value);
  return { id, name: nameOf(name) ?? id, npi: npi?.slice(0, 20) };
}

/** The official name, or the first one: prefix, given names, family name. */
function nameOf(names: Fhir.HumanName[] | undefined): string | undefined {
  const [first] = listOf(names);
  const name = listOf(names).find(({ use }) => use === 'official') ?? first;
  if (!name) return undefined;
  const parts = [name.prefix, name.given, name.family].flat().flatMap((part) => textOf(part) ?? []);
  return textOf((textOf(name.text) ?? parts.join(' ')).slice(0, 200));
}
