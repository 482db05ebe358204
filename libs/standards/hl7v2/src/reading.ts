import type { ProblemFault } from '@concord/canonical';

import { type Hl7Amount, amountOf, codeOf, decimalOf, type Hl7Code } from './data-types.js';
import { fault, malformedBy } from './fault.js';
import { type Hl7Location, pointerTo } from './location.js';
import type { Hl7Message } from './message.js';
import type { Field, Segment } from './segment.js';
import { dateOf, instantOf } from './timestamp.js';

/**
 * Reads typed fields and remembers what was wrong with each, so that one refusal names every fault. A field that is empty is
 * `undefined`; a field that is not of its type is a fault. `done` throws `malformed` if there were any.
 */
export class Reading {
  private readonly faults: ProblemFault[] = [];

  constructor(private readonly message: Hl7Message) {}

  /** A moment in UTC. */
  instant(segment: Segment | undefined, field: number): string | undefined {
    return this.typed(
      segment,
      field,
      (value) => instantOf(value.text(), this.message.zone),
      'a time to the day or finer',
    );
  }

  /** A calendar date where it was told. */
  date(segment: Segment | undefined, field: number): string | undefined {
    return this.typed(segment, field, (value) => dateOf(value.text()), 'a date');
  }

  decimal(segment: Segment | undefined, field: number): string | undefined {
    return this.typed(segment, field, (value) => decimalOf(value.text()), 'a number');
  }

  amount(segment: Segment | undefined, field: number): Hl7Amount | undefined {
    return this.typed(segment, field, amountOf, 'an amount');
  }

  code(segment: Segment | undefined, field: number): Hl7Code | undefined {
    return segment && codeOf(segment.field(field));
  }

  /** What must be there. A missing value is a fault at its place; the reader's answer is not used then, for `done` throws. */
  needed<T>(value: T | undefined, place: Hl7Location, words: string): T {
    const pointer = pointerTo(place);
    if (value === undefined && !this.faults.some((found) => found.pointer === pointer)) {
      this.faults.push(fault(pointer, 'required', `${pointer}: ${words} is missing`));
    }
    return value as T;
  }

  /** The faults found so far, thrown as one; nothing if there were none. */
  done(): void {
    if (this.faults.length > 0) throw malformedBy(this.faults);
  }

  private typed<T>(segment: Segment | undefined, index: number, read: (field: Field) => T | undefined, words: string) {
    const field = segment?.field(index);
    if (!segment || !field?.isFilled) return undefined;
    const value = read(field);
    if (value === undefined) {
      const pointer = pointerTo({ segment: segment.name, occurrence: segment.occurrence, field: index });
      this.faults.push(fault(pointer, 'format', `${pointer}: this is not ${words}`));
    }
    return value;
  }
}
