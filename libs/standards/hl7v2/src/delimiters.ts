/** The five characters that cut an HL7 v2 message; each message names its own in MSH-1 and MSH-2 (HL7 2.5.1 §2.5.4). */
export interface Delimiters {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string;
  readonly subcomponent: string;
}

/** What the standard recommends, and what we write: `|^~\&`. */
export const STANDARD_DELIMITERS: Delimiters = {
  field: '|',
  component: '^',
  repetition: '~',
  escape: '\\',
  subcomponent: '&',
};

/**
 * The delimiters of a message, read from the nine characters that begin its MSH segment; `undefined` where they are not
 * five different signs. A version 2.7 truncation character after the fifth is left alone.
 */
export function delimitersOf(header: string): Delimiters | undefined {
  const [field, component, repetition, escape, subcomponent] = [...header.slice(3, 8)];
  if (!field || !component || !repetition || !escape || !subcomponent) return undefined;
  const signs = [field, component, repetition, escape, subcomponent];
  if (new Set(signs).size < signs.length || signs.some((sign) => /[\sA-Za-z0-9]/.test(sign))) return undefined;
  return { field, component, repetition, escape, subcomponent };
}
