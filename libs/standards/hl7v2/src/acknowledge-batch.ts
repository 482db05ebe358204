import type { ProblemFault } from '@concord/canonical';

import type { AckStamp } from './acknowledge.js';
import { delimitersOf, STANDARD_DELIMITERS } from './delimiters.js';
import { escape } from './escape.js';

/**
 * The answer to a batch (HL7 2.5.1 §2.10.3.3): the acknowledgements of its messages in their order, inside an envelope that
 * changes sender and receiver, names the batch it answers (BHS-12), and says in BTS-2 what is wrong with the envelope's counts.
 */
export function acknowledgeBatch(
  header: string,
  acknowledgements: readonly string[],
  faults: readonly ProblemFault[],
  stamp: AckStamp,
): string {
  const delimiters = delimitersOf(header) ?? STANDARD_DELIMITERS;
  const { field, component, repetition, escape: mark, subcomponent } = delimiters;
  const pieces = header.split(field);
  const of = (index: number): string => (pieces[index - 1] ?? '').slice(0, LONGEST);
  const bhs = [
    'BHS',
    component + repetition + mark + subcomponent, // BHS-2 delimiters
    of(5), // BHS-3 sending application: the receiving one of the batch
    of(6), // BHS-4 sending facility
    of(3), // BHS-5 receiving application
    of(4), // BHS-6 receiving facility
    `${stamp.at.toISOString().slice(0, 19).replace(/\D/g, '')}+0000`, // BHS-7 our time
    '', // BHS-8 security
    '', // BHS-9 name
    '', // BHS-10 comment
    escape(stamp.controlId, delimiters), // BHS-11 our control id
    of(11), // BHS-12 the control id of the batch that is answered
  ];
  const comment = escape(
    faults
      .map(({ detail }) => detail)
      .join('; ')
      .slice(0, LONGEST),
    delimiters,
  );
  const bts = ['BTS', `${acknowledgements.length}`, ...(comment ? [comment] : [])];
  return `${bhs.join(field)}\r${acknowledgements.join('')}${bts.join(field)}\r`;
}

const LONGEST = 500;
