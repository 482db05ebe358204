/** The fields of one record of CSV (RFC 4180, section 2), in a text whose lines end in a line feed. */

export const OPEN = 'has a quote that is not closed';
const STRAY = 'has a quote inside a field that is not quoted';
const AFTER = 'has characters after a closing quote';

export type RecordReading =
  /** `end` is the place of the line feed, or the end of the text. */
  { readonly fields: readonly string[]; readonly end: number } | typeof OPEN | typeof STRAY | typeof AFTER;

/** Reads the record that begins at a place. */
export function readRecord(text: string, from: number, delimiter: string): RecordReading {
  const fields: string[] = [];
  for (let at = from; ;) {
    const field = text[at] === '"' ? quotedField(text, at, delimiter) : plainField(text, at, delimiter);
    if (typeof field === 'string') return field;
    fields.push(field.value);
    if (text[field.end] !== delimiter) return { fields, end: field.end };
    at = field.end + 1;
  }
}

interface Field {
  readonly value: string;
  readonly end: number;
}

function plainField(text: string, at: number, delimiter: string): Field | typeof STRAY {
  let end = at;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n') {
    if (text[end] === '"') return STRAY;
    end += 1;
  }
  return { value: text.slice(at, end), end };
}

function quotedField(text: string, at: number, delimiter: string): Field | typeof OPEN | typeof AFTER {
  for (let quote = text.indexOf('"', at + 1); quote >= 0; quote = text.indexOf('"', quote + 2)) {
    const after = text[quote + 1];
    if (after === '"') continue;
    if (after !== undefined && after !== delimiter && after !== '\n') return AFTER;
    return { value: text.slice(at + 1, quote).replaceAll('""', '"'), end: quote + 1 };
  }
  return OPEN;
}
