/** What FHIR content that came was carried over, and what of it was not: element by element, without any value. */
import type { Encounter, Resource } from '@medplum/fhirtypes';
import { readFhir, targetOf, type FhirUpsert } from '@concord/fhir';
import type { EhrKind } from '../../resources.js';
import type { Loss } from '../facts/message-notes.js';
import { changesOf } from './fhir.changes.js';
import { encounterFromFhir } from './fhir.mapping.js';
import { lossIn } from './clinician-reference.js';
import { fromFhir, KINDS } from './kinds.js';
import { withLosses } from './losses.js';
import { KEPT } from './references.js';
import { listOf } from './wire.js';

export interface FhirTold {
  /** `Bundle transaction`, or the type of the one resource. */
  readonly type: string;
  readonly isMapped: boolean;
  readonly losses: readonly Loss[];
}

const NOT_READ = 'is not read: finance needs no such resource';
const NOT_NEEDED = 'is not carried: nothing here needs it';
const EXTENSION = 'is an extension, and not mapped';
const CLINICIAN = 'Encounter.participant.individual';
const MOST = 200;

/** An element is lost where neither the mapping of its encounter nor that of its own kind has looked at it. */
export function fhirTold(json: unknown): FhirTold {
  const input = readFhir(json);
  const upserts = input.resources.flatMap((change) => (change.operation === 'upsert' ? [change.resource] : []));
  // Of a resource that comes several times the last one holds.
  const resources = [...new Map(upserts.map((one) => [`${one.resourceType}/${one.id}`, one])).values()];
  const [read, unread] = [resources.filter(isRead), resources.filter((one) => !isRead(one))];
  const { lost } = withLosses(read, (watched) => mapAll(json, watched));
  const losses = new Map<string, Loss>();
  for (const { resourceType: place } of unread) losses.set(place, { place, reason: NOT_READ });
  for (const name of lost) {
    const [place, reason] = placeOf(name);
    if (place && losses.size < MOST) losses.set(place, { place, reason });
  }
  for (const one of read) {
    const participants = one.resourceType === 'Encounter' ? listOf(one.participant) : [];
    for (const reason of participants.flatMap(({ individual }) => lossIn(individual) ?? []))
      losses.set(CLINICIAN, { place: CLINICIAN, reason });
  }
  const [first] = resources;
  const type = input.form === 'resource' ? (first?.resourceType ?? 'Resource') : `Bundle ${input.form}`;
  return { type, isMapped: read.length > 0, losses: [...losses.values()] };
}

const kindOf = (type: string): EhrKind | undefined =>
  (Object.keys(KINDS) as EhrKind[]).find((kind) => (KINDS[kind].types as readonly string[]).includes(type));

const isRead = ({ resourceType }: Resource): boolean => KEPT.has(resourceType) || kindOf(resourceType) !== undefined;

/** Runs every mapping over what is watched: that of each encounter with what belongs to it, and that of each kind. */
function mapAll(json: unknown, watched: readonly Resource[]): void {
  const byKey = new Map(watched.map((one) => [`${one.resourceType}/${one.id}`, one]));
  const parts = Map.groupBy(
    changesOf(json).filter(({ encounterId }) => encounterId !== undefined),
    ({ encounterId }) => encounterId!,
  );
  for (const [id, changes] of parts) {
    const own = changes.flatMap(({ key }) => byKey.get(key) ?? []);
    const encounter = own.find((one): one is Encounter => one.resourceType === 'Encounter');
    const others = own.filter((one) => one !== encounter);
    if (encounter) encounterFromFhir(id, encounter, others, byKey);
  }
  const context = { lookup: (name: string) => (targetOf(name) ? byKey.get(name) : undefined) };
  for (const one of watched) {
    const kind = kindOf(one.resourceType);
    if (kind) fromFhir(kind, one as FhirUpsert['resource'], context);
  }
}

/** `Encounter.extension.valueCode` is told as `Encounter.extension`; what only names or dates the resource is no loss. */
function placeOf(name: string): [place: string | undefined, reason: string] {
  const parts = name.split('.');
  const extension = parts.findIndex((part) => part === 'extension' || part === 'modifierExtension');
  if (extension > 0) return [said(parts.slice(0, extension + 1)), EXTENSION];
  return parts[1] === 'meta' || parts[1] === 'id' ? [undefined, ''] : [said(parts), NOT_NEEDED];
}

/** Names of elements; whatever else a sender writes there is not repeated. */
const said = (parts: readonly string[]): string =>
  parts
    .map((part) => (/^_?[A-Za-z][A-Za-z0-9]{0,63}$/.test(part) ? part : '?'))
    .join('.')
    .slice(0, 200);
