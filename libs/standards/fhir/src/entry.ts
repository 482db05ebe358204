import type { Faults } from './fault.js';
import type { FhirForm } from './input.js';
import { isObject, type JsonObject, objectOr, textOr } from './json.js';
import { idIn, isId, type Target, targetOf } from './reference.js';

/** An entry of a bundle before references are resolved: what is to happen to which resource. */
export interface Entry extends Target {
  readonly operation: 'upsert' | 'delete';
  /** As it came; absent from deletions. */
  readonly resource?: JsonObject;
  readonly fullUrl?: string;
  /** Where the resource stands in the input. */
  readonly pointer: string;
}

const METHODS: readonly unknown[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Reads one entry (FHIR R4 §2.36.5). `undefined` for an entry that changes nothing (a query in a batch, the outcome of a
 * search, an `id-only` notification), and for one with a fault, which is noted.
 */
export function readEntry(entry: unknown, form: FhirForm, pointer: string, faults: Faults): Entry | undefined {
  if (!isObject(entry)) return void faults.add(pointer, 'type', `${pointer} must be an object`);
  const request = objectOr(entry['request']);
  const { method } = request;
  const url = textOr(request['url']);
  const fullUrl = textOr(entry['fullUrl']);
  const isRequested = form === 'transaction' || form === 'batch';
  if ((isRequested || method !== undefined) && !METHODS.includes(method)) {
    return void faults.add(`${pointer}/request/method`, 'code', `The method must be one of ${METHODS.join(', ')}`);
  }
  if (method === 'PATCH') {
    return void faults.add(`${pointer}/request/method`, 'unsupported', 'Send the whole resource instead of a patch');
  }
  if (method === 'DELETE') return readDeletion(url, fullUrl, pointer, faults);
  if (isRequested && (method === 'GET' || method === 'HEAD')) return undefined;
  if (form === 'searchset' && objectOr(entry['search'])['mode'] === 'outcome') return undefined;
  if (form === 'subscription-notification' && entry['resource'] === undefined) return undefined;
  return readResource(entry['resource'], `${pointer}/resource`, faults, fullUrl, url);
}

/** Reads a resource: its type, and the id it is known by, which may be told by the entry around it. */
export function readResource(
  resource: unknown,
  pointer: string,
  faults: Faults,
  fullUrl?: string,
  url?: string,
): Entry | undefined {
  if (!isObject(resource)) return void faults.add(pointer, 'type', 'A resource must be a JSON object');
  const resourceType = textOr(resource['resourceType']);
  if (resourceType === undefined || !/^[A-Z][A-Za-z]+$/.test(resourceType)) {
    return void faults.add(`${pointer}/resourceType`, 'required', 'A resource must name its resourceType');
  }
  const id = resource['id'] ?? idIn(url, resourceType) ?? idOf(fullUrl, resourceType);
  if (id === undefined) return void faults.add(`${pointer}/id`, 'required', `${pointer}/id is missing`);
  if (!isId(id)) return void faults.add(`${pointer}/id`, 'format', `${pointer}/id must be a FHIR id`);
  return { operation: 'upsert', resourceType, id, resource, fullUrl, pointer };
}

/** A deletion names its resource in the URL that was called; a history may name it in `fullUrl` only. */
function readDeletion(url: string | undefined, fullUrl: string | undefined, pointer: string, faults: Faults) {
  const target = targetOf(url) ?? targetOf(fullUrl);
  if (!target) {
    return void faults.add(`${pointer}/request/url`, 'format', 'A deletion must name one resource as Type/id');
  }
  return { ...target, operation: 'delete', fullUrl, pointer } as const;
}

/** The id in a `fullUrl`: behind the type in a URL, or the UUID itself of a resource that has no other id yet. */
const idOf = (fullUrl: string | undefined, resourceType: string): string | undefined =>
  idIn(fullUrl, resourceType) ?? /^urn:uuid:([0-9a-f-]{36})$/i.exec(fullUrl ?? '')?.[1];
