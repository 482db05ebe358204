import { Hl7Message as WireMessage } from '@medplum/core';

import { delimitersOf, type Delimiters } from './delimiters.js';
import { fault, malformed, malformedBy } from './fault.js';
import { type Hl7Header, readHeader } from './header.js';
import { Segment } from './segment.js';

/** One HL7 v2 message: its header, and its segments by name in the order they came. */
export class Hl7Message {
  readonly header: Hl7Header;
  private readonly all: readonly Segment[];

  constructor(
    private readonly wire: WireMessage,
    delimiters: Delimiters,
    /** Where a time without an offset is told. */
    readonly zone: string,
    private readonly text: string,
  ) {
    const seen = new Map<string, number>();
    this.all = wire.segments.map((segment) => {
      const occurrence = (seen.get(segment.name) ?? 0) + 1;
      seen.set(segment.name, occurrence);
      return new Segment(segment, delimiters, occurrence);
    });
    this.header = readHeader(this.all[0] as Segment, zone);
  }

  /** The MSH segment as it came. */
  get headerText(): string {
    return this.wire.header.toString();
  }

  /** The first segment of this name. */
  segment(name: string): Segment | undefined {
    return this.all.find((segment) => segment.name === name);
  }

  segments(name: string): Segment[] {
    return this.all.filter((segment) => segment.name === name);
  }

  /** Every segment after the header, in the order they came: where groups matter, as in orders and schedules. */
  get body(): readonly Segment[] {
    return this.all.slice(1);
  }

  /** The message as it came, each segment ended by CR as the standard asks (HL7 2.5.1 §2.5.4). */
  toString(): string {
    return this.text;
  }
}

/**
 * Reads one message whose lines end in CR, LF or both. Throws `malformed`, with every fault at its pointer, for a text that
 * does not begin with MSH, has no usable delimiters, names no type (MSH-9) or no control id (MSH-10), or swallowed a second
 * message. `zone` is where times without an offset are told: the facility's IANA zone.
 */
export function readHl7(text: string, zone = 'UTC'): Hl7Message {
  const body = text.replace(/^[\uFEFF\s]+/, '').replace(/[\r\n]+$/, '');
  if (!body.startsWith('MSH')) throw malformed('MSH', 'structure', 'A message begins with an MSH segment');
  const delimiters = delimitersOf(body);
  if (!delimiters) throw malformed('MSH-2', 'format', 'MSH-1 and MSH-2 must name five different delimiters');
  // A sender that breaks off and starts anew leaves two messages in one frame, and two patients must never become one.
  if (body.includes(body.slice(0, 8), 8)) {
    throw malformed('MSH[2]', 'structure', 'A second message begins inside this one');
  }
  const lines = body.replace(/[\r\n]+/g, '\r');
  const message = new Hl7Message(WireMessage.parse(lines), delimiters, zone, `${lines}\r`);
  const faults = [];
  if (message.header.type === '')
    faults.push(fault('MSH-9', 'required', 'MSH-9 does not say what kind of message this is'));
  if (message.header.controlId === '') faults.push(fault('MSH-10', 'required', 'MSH-10 holds no control id to answer'));
  if (faults.length > 0) throw malformedBy(faults);
  return message;
}
