/**
 * Elements that the FHIR reader does not check may be anything. These read them as what R4 says they are, and read the
 * rest as absent.
 */

/** A text that says something. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** The objects of a list. */
export const listOf = <T extends object>(value: readonly T[] | undefined): readonly T[] =>
  Array.isArray(value) ? (value as unknown[]).filter(isObject<T>) : [];

const isObject = <T extends object>(value: unknown): value is T => typeof value === 'object' && value !== null;
