import { type Delimiters, STANDARD_DELIMITERS } from './delimiters.js';
import { escape } from './escape.js';

/** A component: a text, or its subcomponents. */
export type Hl7Component = string | readonly string[];

/** A field that does not repeat: a text, or its components. */
export type Hl7Repetition = string | readonly Hl7Component[];

/** What to write in a field; plain texts, for escaping is done here. */
export type Hl7Value = Hl7Repetition | { readonly repetitions: readonly Hl7Repetition[] } | undefined;

/**
 * One segment, without its CR: `writeSegment('MSA', ['AA', 'MSG00001'])`. Of an MSH the fields begin with MSH-3, for its first
 * two are the delimiters. Empty fields at the end are left out.
 */
export function writeSegment(name: string, fields: readonly Hl7Value[], delimiters = STANDARD_DELIMITERS): string {
  const { field, component, repetition, escape: mark, subcomponent } = delimiters;
  const begin = name === 'MSH' ? [`MSH${field}${component}${repetition}${mark}${subcomponent}`] : [name];
  const written = fields.map((value) => writeField(value, delimiters));
  while (written.at(-1) === '') written.pop();
  return [...begin, ...written].join(field);
}

/** Segments as one message, each ended by CR. */
export const writeMessage = (segments: readonly string[]): string => segments.map((segment) => `${segment}\r`).join('');

function writeField(value: Hl7Value, delimiters: Delimiters): string {
  if (value === undefined) return '';
  const repetitions = typeof value === 'object' && 'repetitions' in value ? value.repetitions : [value];
  return repetitions.map((repetition) => writeRepetition(repetition, delimiters)).join(delimiters.repetition);
}

function writeRepetition(repetition: Hl7Repetition, delimiters: Delimiters): string {
  const components = typeof repetition === 'string' ? [repetition] : repetition;
  return components
    .map((component) => (typeof component === 'string' ? [component] : component))
    .map((subcomponents) => subcomponents.map((text) => escape(text, delimiters)).join(delimiters.subcomponent))
    .join(delimiters.component);
}
