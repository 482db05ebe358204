import { once } from 'node:events';
import { connect } from 'node:net';

import { Problem } from '@concord/canonical';

import { decodeHl7, encodeHl7 } from '../charset.js';
import { frame, MllpFramer } from './framer.js';

export interface SendMllpOptions {
  /** Milliseconds until the acknowledgement must be there. */
  readonly timeout?: number;
}

/**
 * Sends one message on a connection of its own and answers with the text of its acknowledgement. A text is sent as UTF-8; bytes
 * as they are. Throws `upstream-unavailable` where nobody listens or the connection ends without an answer, `upstream-timeout`
 * where none comes in time: in both cases the receiver may have taken the message, and sending it again must be safe.
 */
export async function sendMllp(
  host: string,
  port: number,
  message: string | Buffer,
  { timeout = 30_000 }: SendMllpOptions = {},
): Promise<string> {
  const socket = connect({ host, port, noDelay: true });
  const late = new Problem('upstream-timeout', 'No acknowledgement came in time');
  const deadline = setTimeout(() => socket.destroy(late), timeout);
  try {
    await once(socket, 'connect');
    socket.write(frame(typeof message === 'string' ? encodeHl7(message) : message));
    const framer = new MllpFramer();
    for await (const chunk of socket) {
      for (const event of framer.push(chunk as Buffer)) if (event.kind === 'frame') return decodeHl7(event.bytes).text;
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('upstream-unavailable', 'The receiver cannot be reached', { cause: error });
  } finally {
    clearTimeout(deadline);
    socket.destroy();
  }
  throw new Problem('upstream-unavailable', 'The connection ended without an acknowledgement');
}
