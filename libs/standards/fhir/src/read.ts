import { readBundle } from './bundle.js';
import { changeOf } from './change.js';
import { readResource } from './entry.js';
import { Faults } from './fault.js';
import type { FhirInput } from './input.js';
import { isObject } from './json.js';
import { References } from './resolve.js';

/**
 * Reads FHIR R4 (4.0.1) JSON of any form: one resource, or a Bundle of any type in `FhirForm`. Throws `validation-failed` with
 * all faults at their JSON pointers, and never a value: for what is no resource, a Bundle type we do not take, a resource
 * without type or id, elements we read that are not of their FHIR type, and a transaction that refers by URN to an entry it
 * does not have. No schema is consulted: elements that nobody here reads pass as they are.
 */
export function readFhir(json: unknown): FhirInput {
  const faults = new Faults();
  const input = isObject(json) && json['resourceType'] === 'Bundle' ? readBundle(json, faults) : readOne(json, faults);
  faults.done();
  return input;
}

function readOne(json: unknown, faults: Faults): FhirInput {
  const entry = readResource(json, '', faults);
  return { form: 'resource', resources: entry ? [changeOf(entry, new References(new Map()), faults)] : [] };
}
