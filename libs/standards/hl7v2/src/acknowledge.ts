import { randomBytes } from 'node:crypto';

import type { Problem } from '@concord/canonical';

import { charsetNamed } from './charset.js';
import { errorsOf, type Hl7Error, writeError } from './error-segment.js';
import { escape } from './escape.js';
import type { Hl7Message } from './message.js';
import { rawHeader } from './raw-header.js';
import { writeMessage } from './write.js';

/**
 * MSA-1 (HL7 2.5.1 §2.9, table 0008). What became of a message: `AA` it is ours now; `AE` we read it and it is wrong, or could
 * not be taken; `AR` it was turned away before it was understood. Whether it was stored, in enhanced mode: `CA`, `CE`, `CR`.
 */
export type AckCode = Outcome | 'CA' | 'CE' | 'CR';

/** What became of a message. */
export type Outcome = 'AA' | 'AE' | 'AR';

/** When an acknowledgement is written and under which number; tests hold both in the hand. */
export interface AckStamp {
  readonly at: Date;
  /** MSH-10 of the acknowledgement: up to 20 characters, which every version allows. */
  readonly controlId: string;
}

/**
 * The acknowledgement of a message, or of the text of one that cannot be read: sender and receiver change places; delimiters,
 * version and the control id in MSA-2 are the sender's. `text` and `errors` end up in the sender's logs: never PHI.
 */
export function acknowledge(
  message: Hl7Message | string,
  code: AckCode,
  text = '',
  errors: readonly Hl7Error[] = [],
  stamp: AckStamp = newStamp(),
): string {
  const { delimiters, field } = rawHeader(typeof message === 'string' ? message : message.headerText);
  const { component, repetition, escape: mark, subcomponent } = delimiters;
  const [, trigger, structure] = field(9).split(component);
  const version = field(12) || '2.5.1';
  const charset = field(18).split(repetition)[0] ?? '';
  const msh = [
    'MSH', // followed by MSH-1, the separator
    component + repetition + mark + subcomponent, // MSH-2 delimiters
    field(5), // MSH-3 sending application: the receiving one of the message
    field(6), // MSH-4 sending facility
    field(3), // MSH-5 receiving application
    field(4), // MSH-6 receiving facility
    timestampOf(stamp.at), // MSH-7 our time
    '', // MSH-8 security
    ['ACK', trigger, trigger && structure && 'ACK'].filter(Boolean).join(component), // MSH-9 as exact as the message's
    escape(stamp.controlId, delimiters), // MSH-10 our control id
    field(11) || 'P', // MSH-11 processing id
    version, // MSH-12
    ...(charsetNamed(charset) ? ['', '', '', '', '', charset] : []), // MSH-18 character set, where we know it
  ];
  const msa = ['MSA', code, field(10), ...(text ? [escape(text, delimiters)] : [])]; // MSA-2 the message's control id
  const segments = [msh, msa].map((fields) => fields.join(delimiters.field));
  return writeMessage([...segments, ...errors.map((error) => writeError(error, version, delimiters))]);
}

/**
 * The answer to a message that a problem kept us from taking: its title in MSA-3, and an ERR segment for each of its faults.
 * A problem's detail and context stay with us.
 */
export function refuse(message: Hl7Message | string, problem: Problem, code: AckCode = 'AE', stamp?: AckStamp): string {
  return acknowledge(message, code, problem.kind.title, errorsOf(problem), stamp);
}

/** Now, under a number nobody else has. */
export const newStamp = (): AckStamp => ({ at: new Date(), controlId: randomBytes(10).toString('hex') });

/** `YYYYMMDDHHMMSS+0000` */
const timestampOf = (at: Date): string => `${at.toISOString().slice(0, 19).replace(/\D/g, '')}+0000`;
