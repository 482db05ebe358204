import type { Bundle, Reference, Resource } from '@medplum/fhirtypes';
import { CODE, Problem } from '@concord/canonical';
import { encounterIdOf, instantOf, lookupIn, readFhir, targetOf, type FhirUpsert } from '@concord/fhir';
import type { Change } from '../record.js';
import { coveragesBeside } from './coverages.js';
import { listOf, textOf } from './wire.js';

/** The types that the record keeps. The rest stays in the raw message: finance must not hold what it does not need. */
const KEPT: ReadonlySet<string> = new Set([
  'Encounter',
  'Procedure',
  'Immunization',
  'ChargeItem',
  'DeviceUseStatement',
  'SupplyDelivery',
  'MedicationAdministration',
  'Condition',
  'Claim',
  'Coverage',
  'Device',
  'Medication',
  'Patient',
  'Practitioner',
]);

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

/** The elements by which a resource refers to what says more about it, or to what it is part of. */
interface Referring {
  readonly device?: Reference;
  readonly medicationReference?: Reference;
  readonly suppliedItem?: { readonly itemReference?: Reference };
  readonly insurance?: readonly { readonly coverage?: Reference }[];
  readonly diagnosis?: readonly { readonly condition?: Reference }[];
  readonly derivedFrom?: readonly Reference[];
  readonly partOf?: readonly Reference[];
}

function mentionsOf(resource: Resource): string[] {
  const { device, medicationReference, suppliedItem, insurance, diagnosis } = resource as Referring;
  const coverages = listOf(insurance).map(({ coverage }) => coverage);
  const conditions = resource.resourceType === 'Encounter' ? listOf(diagnosis).map(({ condition }) => condition) : [];
  const references = [device, medicationReference, suppliedItem?.itemReference, ...coverages, ...conditions];
  return references.flatMap((reference) => keyOf(reference) ?? []);
}

/** What it was used in or is part of, where that may come later and name the encounter. */
function parentOf(resource: FhirUpsert['resource']): string | undefined {
  const { derivedFrom, partOf } = resource as Referring;
  const keys = [...listOf(derivedFrom), ...listOf(partOf)].flatMap((reference) => keyOf(reference) ?? []);
  return keys[0];
}

/** `Type/id` of a reference to a resource that the record keeps. */
function keyOf(reference: Reference | undefined): string | undefined {
  const target = targetOf(textOf(reference?.reference));
  return target && KEPT.has(target.resourceType) ? `${target.resourceType}/${target.id}` : undefined;
}

function uncarried(json: unknown, { id, resourceType }: FhirUpsert['resource']): Problem {
  const entries = listOf((json as Bundle).entry);
  const entry = entries.findIndex(({ resource }) => resource?.id === id && resource?.resourceType === resourceType);
  const pointer = entry < 0 ? '' : `/entry/${entry}/resource`;
  const detail = 'The id of an Encounter must begin with a letter or a digit';
  return new Problem('validation-failed', detail, { errors: [{ pointer, code: 'format', detail }] });
}
