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
  Object.values(kept).flatMap(documentsOf);

/** Identifier and number of one kept value, as far as it has them. */
export function documentsOf(kept: unknown): string[] {
  const { id, number } = (kept ?? {}) as Partial<Numbered>;
  return [...new Set([id, number])].filter((text): text is string => typeof text === 'string');
}
