import { checkOf } from './elements.js';
import type { Entry } from './entry.js';
import type { Faults } from './fault.js';
import type { FhirChange, FhirUpsert } from './input.js';
import type { References } from './resolve.js';

/** The entry as a change: references resolved, the elements we read checked, the id in its place. */
export function changeOf(entry: Entry, references: References, faults: Faults): FhirChange {
  const { operation, resourceType, id, resource = {}, fullUrl, pointer } = entry;
  if (operation === 'delete') return { operation, resource: { resourceType, id }, fullUrl };
  const resolved = references.resolve(resource, pointer);
  checkOf(resourceType)(resolved, pointer, faults);
  const known = resolved['id'] === id ? resolved : { ...resolved, id };
  return { operation, resource: known as unknown as FhirUpsert['resource'], fullUrl };
}
