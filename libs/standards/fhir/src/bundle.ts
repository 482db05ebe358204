import { changeOf } from './change.js';
import { type Entry, readEntry } from './entry.js';
import type { Faults } from './fault.js';
import type { FhirChange, FhirForm, FhirInput } from './input.js';
import { type JsonObject, listOr, objectOr, textOr } from './json.js';
import { isNotificationStatus, readNotification } from './notification.js';
import { targetOf } from './reference.js';
import { type Names, References, urnReferenceIn } from './resolve.js';

/** The Bundle types that are taken in (FHIR R4 §2.36); documents, messages and responses are not. */
const TYPES = ['transaction', 'batch', 'collection', 'searchset', 'history', 'subscription-notification'] as const;

const NOTHING: FhirInput = { form: 'collection', resources: [] };

export function readBundle(bundle: JsonObject, faults: Faults): FhirInput {
  const entries = listOr(bundle['entry']);
  if (bundle['entry'] !== undefined && bundle['entry'] !== entries)
    faults.add('/entry', 'type', '/entry must be an array');
  const type = TYPES.find((known) => known === bundle['type']);
  if (type === undefined) {
    faults.add('/type', 'unsupported', `/type must be one of ${TYPES.join(', ')}`);
    return NOTHING;
  }
  const status = objectOr(entries[0])['resource'];
  if ((type === 'history' || type === 'subscription-notification') && isNotificationStatus(status)) {
    const form = 'subscription-notification';
    const { resources, references } = readEntries(entries, 1, form, faults);
    return { form, resources, notification: readNotification(status, '/entry/0/resource', references, faults) };
  }
  if (type === 'subscription-notification') {
    faults.add('/entry/0/resource', 'required', 'A notification must begin with the status of its subscription');
    return NOTHING;
  }
  const { resources } = readEntries(entries, 0, type, faults);
  // A history comes with the newest first (FHIR R4 §3.1.0.13).
  return { form: type, resources: type === 'history' ? resources.reverse() : resources };
}

function readEntries(entries: readonly unknown[], from: number, form: FhirForm, faults: Faults) {
  const read: Entry[] = [];
  for (let i = from; i < entries.length; i++) {
    const entry = readEntry(entries[i], form, `/entry/${i}`, faults);
    if (entry) read.push(entry);
  }
  const references = new References(namesOf(entries, read));
  const resources = read.map((entry) => changeOf(entry, references, faults));
  if (form === 'transaction' && references.unresolved) noteUnresolved(resources, read, faults);
  return { resources, references };
}

/** Entries without a resource are named too: of an `id-only` notification the events still say `Type/id`. */
function namesOf(entries: readonly unknown[], read: readonly Entry[]): Names {
  const names = new Map<string, string>();
  for (const entry of entries) {
    const fullUrl = textOr(objectOr(entry)['fullUrl']);
    const target = targetOf(fullUrl);
    if (fullUrl !== undefined && target) names.set(fullUrl, `${target.resourceType}/${target.id}`);
  }
  for (const { fullUrl, resourceType, id } of read)
    if (fullUrl !== undefined) names.set(fullUrl, `${resourceType}/${id}`);
  return names;
}

function noteUnresolved(changes: readonly FhirChange[], read: readonly Entry[], faults: Faults): void {
  changes.forEach(({ resource }, i) => {
    const pointer = urnReferenceIn(resource, read[i]?.pointer ?? '');
    if (pointer !== undefined) faults.add(pointer, 'unresolved', `${pointer} refers to no entry of the transaction`);
  });
}
