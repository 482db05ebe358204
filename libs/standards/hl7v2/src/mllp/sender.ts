import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import { Problem } from '@concord/canonical';

import { decodeHl7, encodeHl7 } from '../charset.js';
import { readHl7 } from '../message.js';
import { frame, MllpFramer } from './framer.js';

export interface MllpSenderOptions {
  readonly host: string;
  readonly port: number;
  /** Milliseconds until a connection must be made, and until an acknowledgement must be there. */
  readonly timeoutMs: number;
}

/** MSA-1 of the acknowledgement, and the conditions of its ERR segments (HL7 table 0357): no text, which may repeat a value. */
export interface MllpReply {
  readonly code: string;
  readonly conditions: readonly string[];
}

/**
 * Sends messages one after another on one connection that it keeps, and waits for the acknowledgement of each by its control
 * id (MSA-2); one of another message, come late, is passed over. Throws `upstream-unavailable` where nobody listens or the
 * connection is lost, `upstream-timeout` where no acknowledgement comes in time: the receiver may have taken the message, which
 * is therefore sent again as it was. Either way the next message has a new connection.
 */
export class MllpSender {
  private socket: Socket | undefined;

  constructor(private readonly options: MllpSenderOptions) {}

  async send(message: string, controlId: string): Promise<MllpReply> {
    const socket = (this.socket ??= connect({ ...this.options, noDelay: true, keepAlive: true }));
    const late = new Problem('upstream-timeout', 'No acknowledgement came in time');
    const deadline = setTimeout(() => socket.destroy(late), this.options.timeoutMs);
    try {
      if (socket.connecting) await connected(socket);
      socket.write(frame(encodeHl7(message)));
      return await this.reply(socket, controlId);
    } catch (error) {
      this.close();
      if (error instanceof Problem) throw error;
      throw new Problem('upstream-unavailable', 'The receiver cannot be reached', { cause: error });
    } finally {
      clearTimeout(deadline);
    }
  }

  close(): void {
    this.socket?.on('error', () => undefined);
    this.socket?.destroy();
    this.socket = undefined;
  }

  private async reply(socket: Socket, controlId: string): Promise<MllpReply> {
    const framer = new MllpFramer(LONGEST_REPLY);
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
      for (const event of framer.push(chunk as Buffer)) {
        const reply = event.kind === 'frame' ? replyOf(event.bytes, controlId) : undefined;
        if (reply) return reply;
      }
    }
    throw new Problem('upstream-unavailable', 'The connection ended without an acknowledgement');
  }
}

/** Rejects too where the socket is closed on the way by ourselves: that gives neither `connect` nor `error`. */
function connected(socket: Socket): Promise<unknown> {
  const isSettled = new AbortController();
  const { signal } = isSettled;
  const closed = once(socket, 'close', { signal }).then(() => Promise.reject(new Error('closed while connecting')));
  return Promise.race([once(socket, 'connect', { signal }), closed]).finally(() => isSettled.abort());
}

const LONGEST_REPLY = 65_536;

/** Undefined for what is no acknowledgement of this message. */
function replyOf(bytes: Buffer, controlId: string): MllpReply | undefined {
  try {
    const answer = readHl7(decodeHl7(bytes).text);
    const msa = answer.segment('MSA');
    const code = msa?.text(1);
    if (code === undefined || msa?.text(2) !== controlId) return undefined;
    const conditions = answer.segments('ERR').map((err) => err.text(3) ?? err.text(1, 4) ?? '207');
    return { code, conditions: conditions.filter((condition) => /^\d{3}$/.test(condition)) };
  } catch {
    return undefined;
  }
}
