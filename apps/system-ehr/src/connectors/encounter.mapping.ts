import type { Encounter, Resource } from '@medplum/fhirtypes';
import { encounterFromFhir } from './fhir/fhir.mapping.js';
import { encounterOfTellings, type Telling } from './hl7v2/telling.js';
import type { EncounterContent, EncounterRecord } from './record.js';

type Part = Resource | Telling;

/**
 * The encounter that a record amounts to, in whatever order its parts came; undefined as long as nothing but details of
 * it is known. Where the EHR sends FHIR, its Encounter is the one; charges that come as HL7 v2 are added to it.
 */
export function encounterOf({ id, parts, mentioned }: EncounterRecord): EncounterContent | undefined {
  const [encounters, tellings, resources] = [[] as Encounter[], [] as Telling[], [] as Resource[]];
  for (const part of parts as readonly Part[]) {
    if (part.resourceType === 'Encounter') encounters.push(part);
    else if (part.resourceType === 'Telling') tellings.push(part);
    else resources.push(part);
  }
  const [encounter] = encounters;
  const told = encounterOfTellings(id, tellings);
  if (!encounter) return told;
  const content = encounterFromFhir(id, encounter, resources, mentioned as ReadonlyMap<string, Resource>);
  if (!told) return content;
  const charges = told.services.filter(({ kind }) => kind === 'charge');
  const codingStatus = told.codingStatus === 'complete' ? content.codingStatus : 'in-progress';
  return { ...content, services: [...content.services, ...charges], codingStatus };
}
