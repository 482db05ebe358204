import type { Reference } from '@medplum/fhirtypes';
import { CODE } from '@concord/canonical';
import { targetOf } from '@concord/fhir';
import { listOf, textOf } from './wire.js';

/**
 * The id behind any form of reference to a resource of one of these types: `Practitioner/7`, a URN, a conditional
 * reference or an identifier. Undefined for a reference to something else, and for an id that Concord cannot carry.
 */
export function idOf(given: Reference | undefined, ...types: readonly string[]): string | undefined {
  const reference = textOf(given?.reference);
  const target = targetOf(reference);
  if (target) return types.includes(target.resourceType) ? carried(target.id) : undefined;
  const [, searched, value] = /^([A-Z]\w+)\?identifier=(?:[^|]*\|)?(.+)$/.exec(reference ?? '') ?? [];
  if (searched !== undefined) return types.includes(searched) ? carried(value) : undefined;
  return carried(/^urn:uuid:(.+)$/.exec(reference ?? '')?.[1] ?? textOf(given?.identifier?.value));
}

/** The ids of all that are of one of these types, each once. */
export const idsOf = (references: readonly (Reference | undefined)[], ...types: readonly string[]): string[] => [
  ...new Set(references.flatMap((reference) => idOf(reference, ...types) ?? [])),
];

/** The first of these participants that is of one of these types. */
export const firstIdOf = (references: readonly (Reference | undefined)[], ...types: readonly string[]) =>
  idsOf(listOf(references as readonly Reference[]), ...types)[0];

export const carried = (id: string | undefined): string | undefined =>
  id !== undefined && CODE.test(id) ? id : undefined;
