import { Problem, type ProblemFault } from '@concord/canonical';

/**
 * What can be wrong with a message, as the code of a fault. `acknowledge` answers each with its code of HL7 table 0357.
 */
export type Hl7FaultCode =
  | 'structure' // a segment is missing or stands where it must not
  | 'required' // a field the reader needs is empty
  | 'format' // a field is not of its data type
  | 'length' // it is longer than we take
  | 'charset'; // MSH-18 names a character set we do not know

/** `pointer` is where the fault is, as `PV1-19` or `FT1[2]-4`; `detail` says it without the value, which may be PHI. */
export const fault = (pointer: string, code: Hl7FaultCode, detail: string): ProblemFault => ({ pointer, code, detail });

export const malformed = (pointer: string, code: Hl7FaultCode, detail: string): Problem =>
  malformedBy([fault(pointer, code, detail)]);

/** One refusal for all faults of a message, so that the sender corrects them in one go. */
export const malformedBy = (faults: readonly ProblemFault[]): Problem =>
  new Problem('malformed', faults[0]?.detail, { errors: faults });
