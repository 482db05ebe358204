const REFERENCE = /(?:^|\/)([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[^/?#]+)?$/;

/** A resource as another one names it. */
export interface Target {
  readonly resourceType: string;
  readonly id: string;
}

/**
 * What a literal reference names: `Encounter/1`, also with a version or behind the base of a server (FHIR R4 §2.3.0.1).
 * `undefined` for a conditional reference, one into `contained`, a URN, and for anything else.
 */
export function targetOf(reference: string | undefined): Target | undefined {
  const parts = reference === undefined ? null : REFERENCE.exec(reference);
  return parts ? { resourceType: parts[1] ?? '', id: parts[2] ?? '' } : undefined;
}

/** The id a reference names if it names a resource of this type. */
export function idIn(reference: string | undefined, resourceType: string): string | undefined {
  const target = targetOf(reference);
  return target?.resourceType === resourceType ? target.id : undefined;
}

export const isId = (value: unknown): value is string => typeof value === 'string' && ID.test(value);

const ID = /^[A-Za-z0-9\-.]{1,64}$/;
