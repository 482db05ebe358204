import type { Encounter, Reference, Resource } from '@medplum/fhirtypes';

import { isObject, listOr, objectOr, textOr } from './json.js';
import { idIn } from './reference.js';

/** Finds a resource by its `Type/id`. */
export type Lookup = (reference: string) => Resource | undefined;

/**
 * The encounter a resource belongs to, by id: its `encounter`, or its `context` where R4 calls it so (MedicationAdministration,
 * MedicationDispense, ChargeItem), the `item.encounter` of a Claim or ExplanationOfBenefit, or an extension that refers to an
 * Encounter. An Encounter belongs to itself.
 *
 * DeviceUseStatement and SupplyDelivery have no such element in R4; with `lookup` theirs is that of what they are `derivedFrom`
 * or `partOf`. `undefined` where there is none, and where a claim covers several.
 */
export function encounterIdOf(resource: Resource, lookup?: Lookup): string | undefined {
  if (resource.resourceType === 'Encounter') return resource.id;
  const ids = new Set(encounterReferences(resource).flatMap((reference) => idIn(reference, 'Encounter') ?? []));
  if (ids.size > 0) return ids.size === 1 ? [...ids][0] : undefined;
  return lookup && encounterOfOrigin(resource, lookup);
}

/** The encounter is over, and its services can be charged: status `finished`, not merely a `period.end`. */
export const isFinished = (encounter: Encounter): boolean => encounter.status === 'finished';

function encounterReferences(resource: Resource): string[] {
  const { encounter, context, item, extension } = resource as Elements;
  const ofItems = listOr(item).flatMap((one) => listOr(objectOr(one)['encounter']));
  const ofExtensions = listOr(extension).map((one) => objectOr(one)['valueReference']);
  return [encounter, context, ...ofItems, ...ofExtensions].flatMap(referenceIn);
}

/** One step only: what a device was used in, what a delivery is part of. */
function encounterOfOrigin(resource: Resource, lookup: Lookup): string | undefined {
  const { derivedFrom, partOf } = resource as Elements;
  for (const reference of [...listOr(derivedFrom), ...listOr(partOf)].flatMap(referenceIn)) {
    const origin = lookup(reference);
    const id = origin && encounterIdOf(origin);
    if (id !== undefined) return id;
  }
  return undefined;
}

/** The elements that can lead to an encounter, on whichever resource has them. */
interface Elements {
  readonly encounter?: unknown;
  readonly context?: unknown;
  readonly item?: unknown;
  readonly extension?: unknown;
  readonly derivedFrom?: unknown;
  readonly partOf?: unknown;
}

const referenceIn = (value: unknown): string[] => {
  const reference = isObject(value) ? textOr((value as Reference).reference) : undefined;
  return reference === undefined ? [] : [reference];
};
