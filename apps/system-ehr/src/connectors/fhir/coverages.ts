import type { Coverage, Encounter } from '@medplum/fhirtypes';
import { resourcesOf, type FhirInput } from '@concord/fhir';
import { textOf } from './wire.js';

/**
 * The coverages that came together with an encounter of the same patient, by key of the encounter: R4 ties a Coverage to
 * a person, and only a claim ties it to an encounter.
 */
export function coveragesBeside(input: FhirInput): ReadonlyMap<string, readonly string[]> {
  const coverages = resourcesOf(input, 'Coverage');
  if (coverages.length === 0) return new Map();
  return new Map(
    resourcesOf(input, 'Encounter').map((encounter) => [
      `Encounter/${encounter.id}`,
      coverages.filter((coverage) => isOfPatient(coverage, encounter)).map(({ id }) => `Coverage/${id}`),
    ]),
  );
}

const isOfPatient = ({ beneficiary }: Partial<Coverage>, { subject }: Encounter): boolean =>
  subject?.reference !== undefined && textOf(beneficiary?.reference) === subject.reference;
