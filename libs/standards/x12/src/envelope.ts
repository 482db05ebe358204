/** The three frames around a message, in words (X12.5 interchange, X12.22 functional group and transaction set). */
import type { Delimiters } from './delimiters.js';
import type { X12Fault, X12Position } from './fault.js';
import type { Segment } from './segment.js';

export interface InterchangeHeader {
  readonly authorizationQualifier: string; // ISA01
  readonly authorization: string; // ISA02
  readonly securityQualifier: string; // ISA03
  readonly security: string; // ISA04
  readonly senderQualifier: string; // ISA05
  readonly sender: string; // ISA06
  readonly receiverQualifier: string; // ISA07
  readonly receiver: string; // ISA08
  readonly date: string; // ISA09 YYMMDD
  readonly time: string; // ISA10 HHMM
  readonly version: string; // ISA12, 00401 or 00501
  readonly controlNumber: string; // ISA13, nine digits
  readonly acknowledgmentRequested: string; // ISA14, 1 asks for a TA1
  readonly usage: string; // ISA15: P production, T test
}

export interface GroupHeader {
  readonly functionalId: string; // GS01: HC claims, HP remittances, PO purchase orders, …
  readonly sender: string; // GS02
  readonly receiver: string; // GS03
  readonly date: string; // GS04 CCYYMMDD
  readonly time: string; // GS05 HHMM or finer
  readonly controlNumber: string; // GS06
  readonly agency: string; // GS07, X
  readonly version: string; // GS08, 005010X222A1
}

/** A TA1 segment: the answer to an interchange that we sent. */
export interface InterchangeAcknowledgment {
  readonly controlNumber: string; // TA101
  readonly date: string; // TA102
  readonly time: string; // TA103
  readonly code: string; // TA104: A accepted, E accepted with errors, R rejected
  readonly note: string; // TA105, 000 where nothing is wrong
}

/** A transaction set: all segments from ST to SE, in order. */
export interface X12Set {
  readonly id: string; // ST01
  readonly controlNumber: string; // ST02
  /** The implementation guide: ST03, or GS08 where ST03 is absent. */
  readonly version: string;
  readonly segments: readonly Segment[];
  readonly group: GroupHeader;
  readonly interchange: InterchangeHeader;
  readonly delimiters: Delimiters;
  readonly position: X12Position;
}

export type X12Event =
  | { readonly kind: 'interchange'; readonly header: InterchangeHeader; readonly position: X12Position }
  | { readonly kind: 'acknowledgment'; readonly acknowledgment: InterchangeAcknowledgment }
  | { readonly kind: 'group'; readonly header: GroupHeader; readonly position: X12Position }
  /** `faults`: why this set must not be used. It is told all the same, so that an acknowledgment can name it. */
  | { readonly kind: 'set'; readonly set: X12Set; readonly faults: readonly X12Fault[] }
  | { readonly kind: 'group-end'; readonly header: GroupHeader; readonly faults: readonly X12Fault[] }
  /** `faults` are those of the interchange and of all in it. */
  | {
      readonly kind: 'interchange-end';
      readonly header: InterchangeHeader;
      readonly faults: readonly X12Fault[];
      readonly warnings: readonly X12Fault[];
    }
  /** What stands outside of any interchange. */
  | { readonly kind: 'fault'; readonly fault: X12Fault };

export const interchangeHeader = (isa: Segment): InterchangeHeader => ({
  authorizationQualifier: isa.at(1),
  authorization: isa.at(2),
  securityQualifier: isa.at(3),
  security: isa.at(4),
  senderQualifier: isa.at(5),
  sender: isa.at(6).trim(),
  receiverQualifier: isa.at(7),
  receiver: isa.at(8).trim(),
  date: isa.at(9),
  time: isa.at(10),
  version: isa.at(12),
  controlNumber: isa.at(13).trim(),
  acknowledgmentRequested: isa.at(14),
  usage: isa.at(15),
});

export const groupHeader = (gs: Segment): GroupHeader => ({
  functionalId: gs.at(1),
  sender: gs.at(2),
  receiver: gs.at(3),
  date: gs.at(4),
  time: gs.at(5),
  controlNumber: gs.at(6),
  agency: gs.at(7),
  version: gs.at(8),
});

export const interchangeAcknowledgment = (ta1: Segment): InterchangeAcknowledgment => ({
  controlNumber: ta1.at(1),
  date: ta1.at(2),
  time: ta1.at(3),
  code: ta1.at(4),
  note: ta1.at(5),
});
