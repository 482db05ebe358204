import type { Hl7Segment as WireSegment } from '@medplum/core';

import type { Delimiters } from './delimiters.js';
import { unescape } from './escape.js';

/**
 * What a sender says of a value: the value; `null` where it deletes what was known (`""`, HL7 2.5.1 §2.5.3); `undefined`
 * where it says nothing, and what was known stays.
 */
export type Said<T> = T | null | undefined;

/**
 * A segment and its fields, counted as the standard counts: fields, components and subcomponents from 1, and MSH-1 is the
 * field separator. Texts come unescaped, without the trailing blanks that mean nothing (HL7 2.5.1 §2.A.75); what is empty, and
 * the `""` by which a sender deletes a value, is `undefined`.
 */
export class Segment {
  private readonly read = new Set<number>();

  constructor(
    private readonly wire: WireSegment,
    private readonly delimiters: Delimiters,
    /** Which of the segments of its name this is, from 1. */
    readonly occurrence: number,
  ) {}

  get name(): string {
    return this.wire.name;
  }

  /** The segment as it came, without its end. */
  toString(): string {
    return this.wire.toString();
  }

  /** Whether nobody has looked at it. */
  get isUnread(): boolean {
    return this.read.size === 0;
  }

  /** The fields that hold something and that nobody has asked for so far: what a mapping loses. */
  unread(): number[] {
    const fields = this.wire.fields;
    const left: number[] = [];
    for (let field = 1; field < fields.length; field += 1) {
      if (!this.read.has(field) && fields[field]?.components.some((parts) => parts.some(isFilled))) left.push(field);
    }
    return left;
  }

  /** What the sender says of a component of the first repetition: also that it is to be deleted. */
  said(field: number, component = 1, subcomponent = 1): Said<string> {
    return this.field(field).said(component, subcomponent);
  }

  /** A component of the first repetition, as in PID-5.2: `pid.text(5, 2)`. */
  text(field: number, component = 1, subcomponent = 1): string | undefined {
    return this.field(field).text(component, subcomponent);
  }

  /** The first repetition of a field; it is there, with nothing in it, where the segment is shorter. */
  field(field: number): Field {
    this.read.add(field);
    return new Field(this.wire.getField(field)?.components[0] ?? [], this.delimiters);
  }

  /** Every repetition of a field that holds anything. */
  repetitions(field: number): Field[] {
    this.read.add(field);
    const repetitions = this.wire.getField(field)?.components ?? [];
    return repetitions
      .map((components) => new Field(components, this.delimiters))
      .filter((repetition) => repetition.isFilled);
  }
}

/** One repetition of a field. */
export class Field {
  constructor(
    private readonly components: readonly string[],
    private readonly delimiters: Delimiters,
  ) {}

  get isFilled(): boolean {
    return this.components.some((component) => component.split(this.delimiters.subcomponent).some(isFilled));
  }

  /** `""` alone in the field deletes all of it. */
  said(component = 1, subcomponent = 1): Said<string> {
    if (this.components.length === 1 && this.components[0] === DELETED) return null;
    const raw = this.components[component - 1]?.split(this.delimiters.subcomponent)[subcomponent - 1];
    return raw === DELETED ? null : this.text(component, subcomponent);
  }

  text(component = 1, subcomponent = 1): string | undefined {
    const raw = this.components[component - 1]?.split(this.delimiters.subcomponent)[subcomponent - 1] ?? '';
    return isFilled(raw) ? unescape(raw, this.delimiters).trimEnd() || undefined : undefined;
  }
}

const DELETED = '""';

const isFilled = (raw: string): boolean => raw !== DELETED && raw.trimEnd() !== '';
