import { Problem } from '@concord/canonical';

/** What is wrong inside a transaction set. The words are ours; `acknowledge` gives each its X12 code in a 999 or 997. */
export type FindingCode =
  | 'segment-unknown' // no segment of this set
  | 'segment-unexpected' // of this set, but not here
  | 'segment-missing'
  | 'segment-order'
  | 'segment-repeats'
  | 'loop-missing'
  | 'loop-repeats'
  | 'hierarchy' // HL01, HL02 or HL04 do not say where the loop stands
  | 'element-missing'
  | 'element-condition' // a syntax note of the segment
  | 'element-extra'
  | 'too-short'
  | 'too-long'
  | 'not-a-code'
  | 'not-a-date'
  | 'not-a-time'
  | 'not-a-number'
  | 'balance';

export interface Finding {
  /** SNIP: 1 syntax, 2 implementation guide, 3 balancing. */
  readonly level: 1 | 2 | 3;
  readonly code: FindingCode;
  /** For people: `Claim CLM-17, service line 2: SV1-02 line charge is missing`. */
  readonly message: string;
  /** For machines: `2400/SV1-02`. */
  readonly pointer: string;
  /** Where the segment is, or after which it should be: counted inside the set, ST being 1. */
  readonly segment: number;
  readonly segmentName: string;
  /** Bytes from the beginning of the input; absent before anything is written. */
  readonly offset?: number;
  readonly loop?: string;
  readonly element?: number;
  readonly component?: number;
}

/** A set that does not follow its guide. */
export class GuideRefusal extends Problem {
  constructor(readonly findings: readonly Finding[]) {
    const errors = findings.slice(0, 100).map(({ pointer, code, message }) => ({ pointer, code, detail: message }));
    super('validation-failed', findings[0]?.message, { errors });
  }
}
