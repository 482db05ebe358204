import type { Bundle } from '@medplum/fhirtypes';
import { CODE, Problem } from '@concord/canonical';
import { encounterIdOf, instantOf, lookupIn, readFhir, type FhirUpsert } from '@concord/fhir';
import type { Change } from '../record.js';
import { coveragesBeside } from './coverages.js';
import { KEPT, mentionsOf, parentOf } from './references.js';
import { listOf } from './wire.js';

/**
 * What FHIR content changes in the record, in the order it is to be taken. Throws `validation-failed`, with the JSON
 * pointers of `readFhir`, for what that refuses, and for a resource of an encounter whose id Concord cannot carry.
 */
export function changesOf(json: unknown): Change[] {
  const input = readFhir(json);
  const lookup = lookupIn(input);
  const coverages = coveragesBeside(input);
  return input.resources.flatMap((change): Change[] => {
    const { resourceType, id } = change.resource;
    if (!KEPT.has(resourceType)) return [];
    const key = `${resourceType}/${id}`;
    if (change.operation === 'delete') return [{ key, mentions: [] }];
    const { resource } = change;
    const encounterId = encounterIdOf(resource, lookup);
    if (encounterId !== undefined && !CODE.test(encounterId)) throw uncarried(json, resource);
    const parent = encounterId === undefined ? parentOf(resource) : undefined;
    const mentions = [...mentionsOf(resource), ...(coverages.get(key) ?? [])];
    return [{ key, body: resource, encounterId, parent, mentions, changedAt: instantOf(resource.meta?.lastUpdated) }];
  });
}

function uncarried(json: unknown, { id, resourceType }: FhirUpsert['resource']): Problem {
  const entries = listOf((json as Bundle).entry);
  const entry = entries.findIndex(({ resource }) => resource?.id === id && resource?.resourceType === resourceType);
  const pointer = entry < 0 ? '' : `/entry/${entry}/resource`;
  const detail = 'The id of an Encounter must begin with a letter or a digit';
  return new Problem('validation-failed', detail, { errors: [{ pointer, code: 'format', detail }] });
}
