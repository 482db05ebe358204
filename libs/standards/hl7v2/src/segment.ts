import type { Hl7Segment as WireSegment } from '@medplum/core';

import type { Delimiters } from './delimiters.js';
import { unescape } from './escape.js';

/**
 * A segment and its fields, counted as the standard counts: fields, components and subcomponents from 1, and MSH-1 is the
 * field separator. Texts come unescaped, without the trailing blanks that mean nothing (HL7 2.5.1 §2.A.75); what is empty, and
 * the `""` by which a sender deletes a value, is `undefined`.
 */
export class Segment {
  constructor(
    private readonly wire: WireSegment,
    private readonly delimiters: Delimiters,
    /** Which of the segments of its name this is, from 1. */
    readonly occurrence: number,
  ) {}

  get name(): string {
    return this.wire.name;
  }

  /** A component of the first repetition, as in PID-5.2: `pid.text(5, 2)`. */
  text(field: number, component = 1, subcomponent = 1): string | undefined {
    return this.field(field).text(component, subcomponent);
  }

  /** The first repetition of a field; it is there, with nothing in it, where the segment is shorter. */
  field(field: number): Field {
    return new Field(this.wire.getField(field)?.components[0] ?? [], this.delimiters);
  }

  /** Every repetition of a field that holds anything. */
  repetitions(field: number): Field[] {
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

  text(component = 1, subcomponent = 1): string | undefined {
    const raw = this.components[component - 1]?.split(this.delimiters.subcomponent)[subcomponent - 1] ?? '';
    return isFilled(raw) ? unescape(raw, this.delimiters).trimEnd() : undefined;
  }
}

const isFilled = (raw: string): boolean => raw !== '""' && raw.trimEnd() !== '';
