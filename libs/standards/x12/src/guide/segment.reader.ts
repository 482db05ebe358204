/** Reads the fields of a segment by its table, and tells what is wrong with each (SNIP 1 and 2). */
import type { Segment } from '../segment.js';
import { type ElementFault, faultOf } from './element.js';
import type { Field, Fields, Form } from './field.js';
import type { FindingCode } from './finding.js';
import type { SegmentSpec } from './guide.js';

export interface ElementFinding {
  readonly code: FindingCode;
  readonly element: number;
  readonly component?: number;
  readonly words: string;
}

type Tell = (finding: ElementFinding) => void;

export const matches = (spec: SegmentSpec, segment: Segment): boolean =>
  spec.name === segment.name && spec.only.every(({ at, codes }) => codes.includes(codeAt(segment, at)));

/** The first component: some qualifiers are the head of a composite. */
const codeAt = (segment: Segment, at: number): string => {
  const text = segment.at(at);
  const { component } = segment.delimiters;
  const end = component ? text.indexOf(component) : -1;
  return end < 0 ? text : text.slice(0, end);
};

export function readSegment(spec: SegmentSpec, segment: Segment, tell?: Tell): Record<string, unknown> {
  const texts = segment.texts;
  const value = readFields(spec.fields, texts, 0, segment.delimiters.component, tell && telling(spec, tell));
  if (tell) {
    for (const note of spec.notes) checkNote(note, texts, tell);
    const last = lastOf(spec);
    for (let at = texts.length - 1; at > last; at -= 1)
      if (texts[at] !== '') tell({ code: 'element-extra', element: at, words: `element ${two(at)} is not used` });
  }
  return value;
}

type TellAt = (code: FindingCode, at: number, component: number | undefined, name: string) => void;

const telling =
  (spec: SegmentSpec, tell: Tell): TellAt =>
  (code, element, component, name) =>
    tell({
      code,
      element,
      component,
      words: `${pointerTo(spec.name, element, component)} ${inWords(name)} ${WORDS[code]}`,
    });

function readFields(
  fields: Fields,
  texts: readonly string[],
  base: number,
  component: string | undefined,
  tell?: TellAt,
  inside?: number,
): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const name in fields) {
    const field = fields[name] as Field<unknown>;
    const at = base + field.at;
    const read = readForm(field.form, texts, at, component, name, tell, inside);
    if (read !== undefined) value[name] = read;
    else if (field.required) tell?.('element-missing', inside ?? at, inside === undefined ? undefined : at, name);
  }
  return value;
}

function readForm(
  form: Form,
  texts: readonly string[],
  at: number,
  component: string | undefined,
  name: string,
  tell?: TellAt,
  inside?: number,
): unknown {
  if (form.kind === 'simple') {
    const text = texts[at]?.trimEnd();
    if (!text) return undefined;
    const fault: ElementFault | undefined = tell && faultOf(form.type, text);
    if (fault) tell?.(fault, inside ?? at, inside === undefined ? undefined : at, name);
    return text;
  }
  if (form.kind === 'composite') {
    const text = texts[at];
    if (!text) return undefined;
    const components = component ? text.split(component) : [text];
    return readFields(form.fields, ['', ...components], 0, component, tell, at);
  }
  const items: unknown[] = [];
  const stride = form.kind === 'series' ? form.stride : 1;
  for (let index = 0; index < form.count; index += 1) {
    const from = at + index * stride;
    if (from >= texts.length) break;
    if (form.kind === 'list') {
      const item = readForm(form.of, texts, from, component, name, tell, inside);
      if (item !== undefined) items.push(item);
    } else if (texts.slice(from, from + stride).some((text) => text !== '')) {
      items.push(readFields(form.fields, texts, from - 1, component, tell));
    }
  }
  return items.length > 0 ? items : undefined;
}

/** X12.6 §3.9: relations between the elements of a segment. */
function checkNote(note: string, texts: readonly string[], tell: Tell): void {
  const kind = note.charAt(0);
  const elements = (note.slice(1).match(/\d\d/g) ?? []).map(Number);
  const there = elements.filter((at) => (texts[at] ?? '') !== '');
  const [first = 0, ...others] = elements;
  const hasFirst = there.includes(first);
  const missing = elements.find((at) => !there.includes(at)) ?? first;
  const broken: Record<string, boolean> = {
    P: there.length > 0 && there.length < elements.length,
    R: there.length === 0,
    E: there.length > 1,
    C: hasFirst && there.length < elements.length,
    L: hasFirst && !others.some((at) => there.includes(at)),
  };
  if (!broken[kind]) return;
  const names = elements.map(two).join(' and ');
  const words: Record<string, string> = {
    P: `elements ${names} come together or not at all`,
    R: `one of the elements ${names} is needed`,
    E: `only one of the elements ${names} may be there`,
    C: `element ${two(first)} needs ${others.map(two).join(' and ')}`,
    L: `element ${two(first)} needs one of ${others.map(two).join(' and ')}`,
  };
  tell({ code: 'element-condition', element: missing, words: words[kind] ?? note });
}

const LAST = new WeakMap<SegmentSpec, number>();

/** The last element that the table knows. */
function lastOf(spec: SegmentSpec): number {
  const known = LAST.get(spec);
  if (known !== undefined) return known;
  const ends = Object.values(spec.fields).map(({ at, form }) => {
    if (form.kind === 'series') return at + form.stride * form.count - 1;
    return form.kind === 'list' ? at + form.count - 1 : at;
  });
  const last = Math.max(0, ...ends, ...spec.constants.map(({ at }) => at), ...spec.only.map(({ at }) => at));
  LAST.set(spec, last);
  return last;
}

export const two = (number: number): string => String(number).padStart(2, '0');
export const pointerTo = (name: string, element: number, component?: number): string =>
  `${name}-${two(element)}${component ? `-${component}` : ''}`;
const inWords = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const WORDS: Partial<Record<FindingCode, string>> = {
  'element-missing': 'is missing',
  'too-short': 'is too short',
  'too-long': 'is too long',
  'not-a-code': 'is not a code that may stand here',
  'not-a-date': 'is not a date',
  'not-a-time': 'is not a time',
  'not-a-number': 'is not a number',
};
