/** FHIR R4 → canonical: patients and practitioners. Their elements are not checked on the way in, hence `wire`. */
import type * as Fhir from '@medplum/fhirtypes';
import { PRACTITIONER_ROLE, type Patient, type Practitioner, type PractitionerRole } from '@concord/canonical';
import { codingOf } from './coding.js';
import type { Content } from '../record.js';
import { momentOf } from './moment.js';
import { idOf, idsOf } from './reference-id.js';
import { identifierOf } from './service-provider.js';
import { listOf, textOf } from './wire.js';

const GENDERS = ['male', 'female', 'other', 'unknown'] as const;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
export const US_NPI = 'http://hl7.org/fhir/sid/us-npi';

export function patientFromFhir(id: string, { name, birthDate, identifier, gender }: Fhir.Patient): Content<Patient> {
  const recordNumber = listOf(identifier).find(({ type }) => listOf(type?.coding).some(({ code }) => code === 'MR'));
  return {
    id,
    name: nameOf(name),
    birthDate: DAY.test(textOf(birthDate) ?? '') ? birthDate : undefined, // a year or a month alone is no day
    recordNumber: textOf(recordNumber?.value), // identifier of type MR (HL7 table 0203)
    gender: GENDERS.find((known) => known === gender) ?? 'unknown',
  };
}

export function practitionerFromFhir(id: string, { name, identifier }: Fhir.Practitioner): Content<Practitioner> {
  const npi = textOf(listOf(identifier).find(({ system }) => system === US_NPI)?.value);
  const { family, given } = officialOf(name) ?? {};
  return {
    id,
    name: nameOf(name) ?? id,
    familyName: textOf(family)?.slice(0, 60),
    givenName: textOf([given].flat()[0])?.slice(0, 35),
    npi: npi?.slice(0, 20),
  };
}

/** PractitionerRole (FHIR R4 §8.5): what somebody does for an organization. */
export function roleFromFhir(id: string, from: Fhir.PractitionerRole): Content<PractitionerRole> {
  const codes = listOf(from.code).flatMap(({ coding }) => listOf(coding).map(({ code }) => textOf(code)));
  return {
    id,
    practitionerId: idOf(from.practitioner, 'Practitioner'),
    role: PRACTITIONER_ROLE.find((role) => codes.includes(role)) ?? ROLE_OF_CODE.get(codes[0]) ?? 'other',
    specialty: codingOf(listOf(from.specialty)[0]),
    organization: identifierOf(from.organization),
    locationIds: idsOf(listOf(from.location), 'Location'),
    active: from.active !== false,
    from: momentOf(from.period?.start)?.slice(0, DAY_LENGTH),
    until: momentOf(from.period?.end)?.slice(0, DAY_LENGTH),
  };
}

/** PractitionerRole codes of FHIR R4 that have another word with us. */
const ROLE_OF_CODE = new Map<string | undefined, PractitionerRole['role']>([
  ['doctor', 'physician'],
  ['nurse', 'nurse'],
]);

const DAY_LENGTH = 'YYYY-MM-DD'.length;

/** The official name, or the first one: prefix, given names, family name. */
function nameOf(names: Fhir.HumanName[] | undefined): string | undefined {
  const name = officialOf(names);
  if (!name) return undefined;
  const parts = [name.prefix, name.given, name.family].flat().flatMap((part) => textOf(part) ?? []);
  return textOf((textOf(name.text) ?? parts.join(' ')).slice(0, 200));
}

const officialOf = (names: Fhir.HumanName[] | undefined): Fhir.HumanName | undefined =>
  listOf(names).find(({ use }) => use === 'official') ?? listOf(names)[0];
