import type { Encounter, Resource } from '@medplum/fhirtypes';
import { encounterFromFhir } from './fhir/fhir.mapping.js';
import { chargesOf } from './hl7v2/charges.js';
import { encounterFromHl7 } from './hl7v2/hl7v2.mapping.js';
import type { VisitMessage } from './hl7v2/visit-message.js';
import type { EncounterContent, EncounterRecord } from './record.js';

type Part = Resource | VisitMessage;

/**
 * The encounter that a record amounts to, in whatever order its parts came; undefined as long as nothing but details of
 * it is known. Where the EHR sends FHIR, its Encounter is the one; charges that come as HL7 v2 are added to it.
 */
export function encounterOf({ id, parts, mentioned }: EncounterRecord): EncounterContent | undefined {
  const [encounters, messages, resources] = [[] as Encounter[], [] as VisitMessage[], [] as Resource[]];
  for (const part of parts as readonly Part[]) {
    if (part.resourceType === 'Encounter') encounters.push(part);
    else if (part.resourceType === 'VisitMessage') messages.push(part);
    else resources.push(part);
  }
  const [encounter] = encounters;
  if (!encounter) return encounterFromHl7(id, messages);
  const content = encounterFromFhir(id, encounter, resources, mentioned as ReadonlyMap<string, Resource>);
  if (messages.length === 0) return content;
  const { services, isCoded } = chargesOf(messages);
  const codingStatus = isCoded ? content.codingStatus : 'in-progress';
  return { ...content, services: [...content.services, ...services], codingStatus };
}
