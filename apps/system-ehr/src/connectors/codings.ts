import type { Coding } from '@concord/canonical';

/** Codings, each once. */
export function distinct(codings: readonly Coding[]): Coding[] {
  return [...new Map(codings.map((coding) => [`${coding.system}|${coding.code}`, coding])).values()];
}
