import { Problem, type ProblemFault } from '@concord/canonical';

/** Where in a file something is. Counts begin at 1; `offset` is in bytes from the beginning of the input. */
export interface X12Position {
  readonly offset: number;
  /** Which segment of the interchange. */
  readonly segment: number;
  /** ISA13, GS06 and ST02, as far as they were read. */
  readonly interchange?: string;
  readonly group?: string;
  readonly set?: string;
}

/** What can be wrong with the frame of a message. What can be wrong inside a set is a `Finding`. */
export type X12FaultCode =
  | 'garbage' // what stands between interchanges is no interchange
  | 'header' // an ISA, GS or ST that does not say what it must
  | 'truncated' // the trailer of an interchange, group or set does not come
  | 'count' // a trailer counts other than what came
  | 'control-number' // a trailer names another control number than its header
  | 'duplicate' // a control number came before
  | 'placement' // a segment stands outside of where it may
  | 'binary' // a BIN or BDS segment whose length is not its data's
  | 'size'; // longer than we take

/** One fault; `detail` says it without any value of the message but control numbers and counts. */
export interface X12Fault {
  readonly code: X12FaultCode;
  readonly detail: string;
  readonly position: X12Position;
}

/** `ISA[000000905]/GS[1]/ST[0001]/segment 12 at byte 1034`. */
export function placeOf({ interchange, group, set, segment, offset }: X12Position): string {
  const envelope = [interchange && `ISA[${interchange}]`, group && `GS[${group}]`, set && `ST[${set}]`];
  return [...envelope, `segment ${segment} at byte ${offset}`].filter(Boolean).join('/');
}

const asProblemFault = (fault: X12Fault): ProblemFault => ({
  pointer: placeOf(fault.position),
  code: fault.code,
  detail: fault.detail,
});

/** One refusal for all faults of a message, so that the sender corrects them in one go. */
export class X12Refusal extends Problem {
  constructor(readonly faults: readonly X12Fault[]) {
    super('malformed', faults[0]?.detail, { errors: faults.slice(0, 100).map(asProblemFault) });
  }
}
