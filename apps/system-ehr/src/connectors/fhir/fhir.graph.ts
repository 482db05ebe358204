/**
 * One encounter with everything that tells of it, as the EHR knows it now. Where R4 has a search by encounter that is
 * asked, together with the encounter; where it has none (immunizations, deliveries, uses of devices), the patient's.
 */
import type { Encounter, Reference, Resource } from '@medplum/fhirtypes';
import { encounterIdOf, targetOf, type Lookup } from '@concord/fhir';
import type { EncounterContent } from '../record.js';
import type { FhirClient, Identified } from './fhir.client.js';
import { encounterFromFhir } from './fhir.mapping.js';
import { mentionsOf, parentOf } from './references.js';
import { listOf, textOf } from './wire.js';

export interface EncounterGraph {
  readonly encounter: Encounter & Identified;
  readonly content: EncounterContent;
  /** The answer that told of it, byte for byte. */
  readonly text: string;
}

/** R4 search parameters that lead from a resource to its encounter. */
const BY_ENCOUNTER = [
  'Procedure:encounter',
  'ChargeItem:context',
  'MedicationAdministration:context',
  'Condition:encounter',
  'Claim:encounter',
];

const BY_PATIENT = ['Immunization', 'DeviceUseStatement', 'SupplyDelivery'] as const;
const A_PAGE = '200';
const IDS_A_SEARCH = 50;

/** Throws `not-found` where the EHR has no such encounter. */
export async function fetchGraph(ehr: FhirClient, id: string): Promise<EncounterGraph | undefined> {
  const revincludes = BY_ENCOUNTER.map((include) => ['_revinclude', include] as const);
  const { text, matches, included } = await ehr.search('Encounter', [['_id', id], ...revincludes]);
  const encounter = matches.find((one): one is Encounter & Identified => one.resourceType === 'Encounter');
  if (!encounter) return undefined;
  const parts = [...included, ...(await ofPatient(ehr, encounter, included))];
  const mentioned = await fetchMentioned(ehr, await resolved(ehr, [encounter, ...parts]));
  return { encounter, content: encounterFromFhir(encounter.id, encounter, parts, mentioned), text };
}

/** What belongs to the encounter among what is the patient's. */
async function ofPatient(ehr: FhirClient, encounter: Encounter, known: readonly Identified[]): Promise<Identified[]> {
  const patient = textOf(encounter.subject?.reference);
  if (patient === undefined || !targetOf(patient)) return [];
  const lookup = lookupIn(known);
  const found: Identified[] = [];
  for (const type of BY_PATIENT) {
    for await (const { matches } of ehr.pages(type, [
      ['patient', patient],
      ['_count', A_PAGE],
    ])) {
      found.push(...matches.filter((one) => encounterIdOf(one, lookup) === encounter.id));
    }
  }
  return found;
}

export const lookupIn = (resources: readonly Identified[]): Lookup => {
  const byKey = new Map(resources.map((one) => [`${one.resourceType}/${one.id}`, one]));
  return (reference) => {
    const target = targetOf(reference);
    return target && byKey.get(`${target.resourceType}/${target.id}`);
  };
};

/** What resources mention, by `Type/id`; what the EHR does not have, or will not show, is left out. */
export async function fetchMentioned(
  ehr: FhirClient,
  resources: readonly Resource[],
  known: readonly Resource[] = [],
): Promise<ReadonlyMap<string, Resource>> {
  const present = new Map([...resources, ...known].map((one) => [`${one.resourceType}/${one.id}`, one]));
  const mentioned = new Map<string, Resource>();
  const wanted: string[] = [];
  for (const key of new Set(resources.flatMap(mentionsOf))) {
    const held = present.get(key);
    if (held) mentioned.set(key, held);
    else wanted.push(key);
  }
  for (const one of await fetchAll(ehr, wanted)) mentioned.set(`${one.resourceType}/${one.id}`, one);
  return mentioned;
}

/** What resources were used in or are part of, where only that names the encounter. */
export async function fetchParents(ehr: FhirClient, resources: readonly Resource[]): Promise<Identified[]> {
  const orphans = resources.filter((one) => encounterIdOf(one) === undefined);
  return fetchAll(ehr, [...new Set(orphans.flatMap((one) => parentOf(one) ?? []))]);
}

/** Resources by `Type/id`, many with one question. */
async function fetchAll(ehr: FhirClient, keys: readonly string[]): Promise<Identified[]> {
  const idsByType = new Map<string, string[]>();
  for (const [type = '', id = ''] of keys.map((key) => key.split('/'))) {
    idsByType.set(type, [...(idsByType.get(type) ?? []), id]);
  }
  const found: Identified[] = [];
  for (const [type, ids] of idsByType) {
    for (let at = 0; at < ids.length; at += IDS_A_SEARCH) {
      const asked = ids.slice(at, at + IDS_A_SEARCH);
      const { matches } = await ehr.search(type, [
        ['_id', asked.join(',')],
        ['_count', String(asked.length)],
      ]);
      found.push(...matches);
    }
  }
  return found;
}

/** `Device?identifier=system|value`: a conditional reference (R4 §3.1.0.10.2); it holds where exactly one fits. */
const CONDITIONAL = /^([A-Z][A-Za-z]+)\?(identifier=[^&]+)$/;
const RESOLVED_TYPES = new Set(['Device', 'Medication', 'Coverage', 'Condition', 'Procedure']);

/** The resources with their conditional references to what says more about them written out. */
async function resolved(ehr: FhirClient, resources: readonly Resource[]): Promise<Resource[]> {
  const names = new Map<string, string>();
  for (const reference of resources.flatMap(conditionalIn)) {
    const [, type = '', query = ''] = CONDITIONAL.exec(reference) ?? [];
    if (names.has(reference) || !RESOLVED_TYPES.has(type)) continue;
    const { matches } = await ehr.search(type, [...new URLSearchParams(query)]);
    const [only] = matches;
    if (only && matches.length === 1) names.set(reference, `${type}/${only.id}`);
  }
  for (const resource of resources) rename(resource, names);
  return [...resources];
}

interface Referring {
  device?: Reference;
  medicationReference?: Reference;
  suppliedItem?: { itemReference?: Reference };
  insurance?: { coverage?: Reference }[];
}

function referencesOf(resource: Resource): Reference[] {
  const { device, medicationReference, suppliedItem, insurance } = resource as Referring;
  const all = [
    device,
    medicationReference,
    suppliedItem?.itemReference,
    ...listOf(insurance).map((one) => one.coverage),
  ];
  return all.filter((one): one is Reference => one !== undefined);
}

const conditionalIn = (resource: Resource): string[] =>
  referencesOf(resource).flatMap(({ reference }) => (CONDITIONAL.test(reference ?? '') ? [reference ?? ''] : []));

function rename(resource: Resource, names: ReadonlyMap<string, string>): void {
  for (const reference of referencesOf(resource)) {
    const name = names.get(reference.reference ?? '');
    if (name !== undefined) reference.reference = name;
  }
}
