/** Writes a shape as the segments of its guide, and numbers the HL loops. What does not follow the guide is refused. */
import { STANDARD_DELIMITERS } from '../delimiters.js';
import { Segment } from '../segment.js';
import type { ElementData, SegmentData, SetData } from '../write.js';
import type { Fields, Form } from './field.js';
import { GuideRefusal } from './finding.js';
import type { Guide, LoopSpec, SegmentSpec } from './guide.js';
import { type Check, readSet } from './set.reader.js';

type Value = Record<string, unknown>;

/** Throws `GuideRefusal` with every finding up to the SNIP level (3 if nothing is said), before anything leaves. */
export function writeSet<V>(guide: Guide<V>, controlNumber: string, value: V, check: Check = {}): SetData {
  const segments = segmentsOf(guide, value);
  const { findings } = readSet(guide, { segments: asRead(segments) }, check);
  if (findings.length > 0) throw new GuideRefusal(findings);
  const version = Number(guide.version.slice(0, 6)) >= 5010 && guide.version.length > 6 ? guide.version : undefined;
  return { id: guide.id, controlNumber, version, segments };
}

/** Everything that a guide would say against a shape before it is sent. */
export const checkShape = <V>(
  guide: Guide<V>,
  value: V,
  check: Check = {},
): ReturnType<typeof readSet<V>>['findings'] =>
  readSet(guide, { segments: asRead(segmentsOf(guide, value)) }, check).findings;

export function segmentsOf<V>(guide: Guide<V>, value: V): SegmentData[] {
  const out: SegmentData[] = [];
  writeLoop(guide.body, value as Value, { out, number: 0 }, undefined);
  return out;
}

interface Writing {
  readonly out: SegmentData[];
  number: number;
}

function writeLoop(spec: LoopSpec, value: Value, writing: Writing, parent: number | undefined): void {
  let own = parent;
  if (spec.level !== undefined) {
    own = writing.number += 1;
    const below = hasLevelsBelow(spec, value) ? '1' : '0';
    writing.out.push(['HL', String(own), parent === undefined ? undefined : String(parent), spec.level, below]);
  }
  for (const [name, { spec: part }] of Object.entries(spec.parts)) {
    const given = value[name];
    if (given === undefined) continue;
    for (const item of Array.isArray(given) ? given : [given]) {
      if (part.kind === 'segment') writing.out.push(writeSegment(part, item as Value));
      else writeLoop(part, item as Value, writing, own);
    }
  }
}

const hasLevelsBelow = (spec: LoopSpec, value: Value): boolean =>
  Object.entries(spec.parts).some(([name, { spec: part }]) => {
    const given = value[name];
    const there = Array.isArray(given) ? given.length > 0 : given !== undefined;
    return there && part.kind === 'loop' && part.level !== undefined;
  });

export function writeSegment(spec: SegmentSpec, value: Value): SegmentData {
  const elements = slots(spec.fields, value);
  for (const { at, value: constant } of spec.constants) {
    const there = elements[at];
    // A constant may be the head of a composite.
    elements[at] = there instanceof Array ? [constant, ...(there as readonly string[]).slice(1)] : constant;
  }
  return [spec.name, ...Array.from(elements).slice(1)];
}

function slots(fields: Fields, value: Value): ElementData[] {
  const out: ElementData[] = [''];
  for (const [name, { at, form }] of Object.entries(fields)) put(out, at, form, value[name]);
  return out;
}

function put(out: ElementData[], at: number, form: Form, value: unknown): void {
  if (value === undefined) return;
  if (form.kind === 'simple') out[at] = value as string;
  else if (form.kind === 'composite') out[at] = Array.from(slots(form.fields, value as Value) as string[]).slice(1);
  else if (form.kind === 'list') (value as unknown[]).forEach((item, index) => put(out, at + index, form.of, item));
  else {
    (value as Value[]).forEach((item, index) => {
      slots(form.fields, item).forEach((element, slot) => {
        if (slot > 0) out[at + index * form.stride + slot - 1] = element;
      });
    });
  }
}

/** Signs that no value can hold, so that the checks see a value that holds a delimiter as it is; the writer refuses it. */
const INNER = { ...STANDARD_DELIMITERS, component: '\u001F' };

/** The segments as a partner would read them, for the checks. */
function asRead(segments: readonly SegmentData[]): Segment[] {
  const join = (element: ElementData) =>
    typeof element === 'string' ? element : (element ?? []).map((text) => text ?? '').join(INNER.component);
  const all: SegmentData[] = [['ST'], ...segments, ['SE']];
  return all.map(
    ([name, ...elements], index) => new Segment(name, [name, ...elements.map(join)], INNER, index, index + 1),
  );
}
