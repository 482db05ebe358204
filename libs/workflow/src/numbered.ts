/** How a document is found again: its identifier, and the number that people know it by. */
export interface Numbered {
  readonly id: string;
  readonly number: string;
}

/** What a step keeps of an answer where nothing else is said. */
export const numbered = (answer: unknown): Numbered => {
  const { id, number } = answer as Numbered;
  return { id, number };
};

/** The identifiers and numbers among what the nodes kept: by these a run can be found. */
export const numbersOf = (kept: Readonly<Record<string, unknown>>): string[] =>
  Object.values(kept).flatMap((one) => [...documentsOf(one), ...fallbackNumbersOf(one)]);

/** What a rule's figures say where it went on without a system that does not answer. */
export type TakenFallback = 'estimate' | 'accrue';

const FALLBACK = 'fallback:';

/** By these the runs are found that are to be trued up; they are gone once that is done. */
export const FALLBACK_NUMBERS: readonly string[] = [`${FALLBACK}estimate`, `${FALLBACK}accrue`];

export const isFallbackNumber = (number: string): boolean => FALLBACK_NUMBERS.includes(number);

export function fallbackOf(kept: unknown): TakenFallback | undefined {
  const { fallback } = (kept ?? {}) as { fallback?: unknown };
  return fallback === 'estimate' || fallback === 'accrue' ? fallback : undefined;
}

const fallbackNumbersOf = (kept: unknown): string[] => {
  const fallback = fallbackOf(kept);
  return fallback ? [`${FALLBACK}${fallback}`] : [];
};

/** Identifier and number of one kept value, as far as it has them. */
export function documentsOf(kept: unknown): string[] {
  const { id, number } = (kept ?? {}) as Partial<Numbered>;
  return [...new Set([id, number])].filter((text): text is string => typeof text === 'string');
}
