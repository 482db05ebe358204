import { type Delimiters, delimitersOf, STANDARD_DELIMITERS } from './delimiters.js';

/** The MSH of any text that has one, as far as it can be told: what an answer to an unreadable message is made from. */
export interface RawHeader {
  readonly delimiters: Delimiters;
  /** MSH-n as it came, still escaped; `''` where there is none. */
  readonly field: (index: number) => string;
}

export function rawHeader(text: string): RawHeader {
  const line = /(?:^|[\r\n\uFEFF\v ])(MSH[^\r\n]*)/.exec(text.slice(0, REACH))?.[1] ?? '';
  const delimiters = delimitersOf(line);
  // MSH-1 is the separator itself, so that MSH-n is the piece before.
  const pieces = delimiters ? line.split(delimiters.field) : [];
  return {
    delimiters: delimiters ?? STANDARD_DELIMITERS,
    // eslint-disable-next-line no-control-regex
    field: (index) => (pieces[index - 1] ?? '').replace(/[\x00-\x1f]/g, '').slice(0, LONGEST),
  };
}

/** How far an MSH is looked for. */
const REACH = 8192;

/** Longer than any field of a sound MSH; an answer does not grow with what it answers. */
const LONGEST = 500;
