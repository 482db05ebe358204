import { asProblem, Problem } from '@concord/canonical';

import { refuse } from '../acknowledge.js';
import { type DecodedHl7, decodeHl7, encodeHl7 } from '../charset.js';
import { fault } from '../fault.js';
import type { MllpConnection, MllpLog, OnMllpMessage } from './message.js';

export interface AnswerParts {
  readonly connection: MllpConnection;
  readonly onMessage: OnMllpMessage;
  readonly log: MllpLog;
}

/** AR for bytes that cannot be read as text, AE for what the receiver threw, else the receiver's own answer. */
export async function answerFrame(bytes: Buffer, { connection, onMessage, log }: AnswerParts): Promise<Buffer[]> {
  let decoded: DecodedHl7;
  try {
    decoded = decodeHl7(bytes);
  } catch (error) {
    return [encodeHl7(refuse(bytes.toString('latin1'), asProblem(error), 'AR'), 'latin1')];
  }
  try {
    const answers = [await onMessage({ ...decoded, bytes }, connection)].flat();
    return answers.map((text) => encodeHl7(text, decoded.charset));
  } catch (error) {
    const problem = asProblem(error);
    log.warn({ ...connection, problem: problem.slug, detail: problem.detail }, 'HL7 message refused');
    return [encodeHl7(refuse(decoded.text, problem), decoded.charset)];
  }
}

/** AR for a frame above the limit, of which only the head was kept. */
export function answerOversize(head: Buffer, limit: number): Buffer {
  const errors = [fault('MSH', 'length', `The message is longer than ${limit} bytes`)];
  return encodeHl7(
    refuse(head.toString('latin1'), new Problem('payload-too-large', undefined, { errors }), 'AR'),
    'latin1',
  );
}
