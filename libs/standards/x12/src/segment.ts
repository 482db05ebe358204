import type { Delimiters } from './delimiters.js';

/** A segment as it came. Elements are counted from 1 as the standard counts them: `segment.at(2)` of CLM is CLM02. */
export class Segment {
  constructor(
    readonly name: string,
    /** The name, and behind it the elements, not yet cut into components. */
    readonly texts: readonly string[],
    readonly delimiters: Delimiters,
    /** Bytes from the beginning of the input. */
    readonly offset: number,
    /** Which segment of its interchange, from 1; the ISA is the first. */
    readonly number: number,
  ) {}

  /** An element without the blanks that pad it; empty where it is absent. */
  at(element: number): string {
    return this.texts[element]?.trimEnd() ?? '';
  }

  /** The components of an element. */
  components(element: number): string[] {
    const { component } = this.delimiters;
    const text = this.texts[element] ?? '';
    return component ? text.split(component) : [text];
  }

  /** The repetitions of an element. */
  repetitions(element: number): string[] {
    const { repetition } = this.delimiters;
    const text = this.texts[element] ?? '';
    return repetition ? text.split(repetition) : [text];
  }

  /** The segment without its terminator. */
  toString(): string {
    return this.texts.join(this.delimiters.element);
  }
}
