import type { Segment } from './segment.js';
import { instantOf } from './timestamp.js';

/** The MSH segment (HL7 2.5.1 §2.15.9): who sent what kind of message, and the number it is answered under. */
export interface Hl7Header {
  /** MSH-9.1, for example `ADT` or `DFT`. */
  readonly type: string;
  /** MSH-9.2, for example `A03` or `P03`; messages before version 2.2 have none. */
  readonly trigger?: string;
  /** MSH-9.3, for example `ADT_A03`. */
  readonly structure?: string;
  /** MSH-10, the sender's number of this message; an acknowledgement names it. */
  readonly controlId: string;
  /** MSH-11: `P` production, `T` training, `D` debugging (table 0103). */
  readonly processingId?: string;
  /** MSH-12, for example `2.5.1`. */
  readonly version?: string;
  readonly sendingApplication?: string;
  readonly sendingFacility?: string;
  readonly receivingApplication?: string;
  readonly receivingFacility?: string;
  /** MSH-15: when the sender wants to hear that its message is stored; stating this or the next asks for enhanced mode. */
  readonly acceptAcknowledgement?: AcknowledgementWish;
  /** MSH-16: when it wants to hear what became of it. */
  readonly applicationAcknowledgement?: AcknowledgementWish;
  /** MSH-7 in UTC; left out where it cannot be read, for nothing depends on it. */
  readonly sentAt?: string;
}

/** `AL` always, `NE` never, `ER` only of an error, `SU` only of success (HL7 table 0155). */
export type AcknowledgementWish = 'AL' | 'NE' | 'ER' | 'SU';

const WISHES: readonly AcknowledgementWish[] = ['AL', 'NE', 'ER', 'SU'];

const wishOf = (text: string | undefined): AcknowledgementWish | undefined => WISHES.find((wish) => wish === text);

/** `zone` is where a time without an offset is told: an IANA name such as `America/Chicago`. */
export function readHeader(msh: Segment, zone: string): Hl7Header {
  return {
    sendingApplication: msh.text(3),
    sendingFacility: msh.text(4),
    receivingApplication: msh.text(5),
    receivingFacility: msh.text(6),
    sentAt: instantOf(msh.text(7), zone),
    type: msh.text(9, 1) ?? '',
    trigger: msh.text(9, 2),
    structure: msh.text(9, 3),
    controlId: msh.text(10) ?? '',
    processingId: msh.text(11),
    version: msh.text(12),
    acceptAcknowledgement: wishOf(msh.text(15)),
    applicationAcknowledgement: wishOf(msh.text(16)),
  };
}
