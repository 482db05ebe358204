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

interface Waiting {
  readonly controlId: string;
  readonly answered: (reply: MllpReply) => void;
}

/**
 * Sends messages one after another on one connection that it keeps, and waits for the acknowledgement of each by its control
 * id (MSA-2); one of another message, come late, is passed over. Throws `upstream-unavailable` where nobody listens or the
 * connection is lost, `upstream-timeout` where no acknowledgement comes in time: the receiver may have taken the message, which
 * is therefore sent again as it was. Either way the next message has a new connection.
 */
export class MllpSender {
  private socket: Socket | undefined;
  private waiting: Waiting | undefined;

  constructor(private readonly options: MllpSenderOptions) {}

  async send(message: string, controlId: string): Promise<MllpReply> {
    return this.within(async (socket, lost) => {
      const reply = new Promise<MllpReply>((answered) => (this.waiting = { controlId, answered }));
      socket.write(frame(encodeHl7(message)));
      return Promise.race([reply, lost]);
    });
  }

  /**
   * Makes the connection that messages go over, or sees that it still stands. HL7 v2 has no message that only asks whether
   * somebody is there, and many receivers take no second connection.
   */
  reach(): Promise<void> {
    return this.within(() => Promise.resolve());
  }

  close(): void {
    this.socket?.destroy();
    this.socket = undefined;
  }

  private async within<T>(act: (socket: Socket, lost: Promise<never>) => Promise<T>): Promise<T> {
    const socket = (this.socket ??= this.connected());
    const late = new Problem('upstream-timeout', 'No acknowledgement came in time');
    const deadline = setTimeout(() => socket.destroy(late), this.options.timeoutMs);
    const settled = new AbortController();
    const { signal } = settled;
    const lost = once(socket, 'close', { signal }).then(() => Promise.reject(new Error('the connection ended')));
    lost.catch(() => undefined);
    try {
      if (socket.connecting) await Promise.race([once(socket, 'connect', { signal }), lost]);
      return await act(socket, lost);
    } catch (error) {
      this.close();
      const cause = socket.errored ?? error;
      if (cause instanceof Problem) throw cause;
      throw new Problem('upstream-unavailable', 'The receiver cannot be reached', { cause });
    } finally {
      this.waiting = undefined;
      clearTimeout(deadline);
      settled.abort();
    }
  }

  /** It is always read from, so that its end is noticed also while nothing is sent. */
  private connected(): Socket {
    const socket = connect({ ...this.options, noDelay: true, keepAlive: true });
    const framer = new MllpFramer(LONGEST_REPLY);
    socket.on('error', () => undefined); // told by `close`
    socket.on('close', () => {
      if (this.socket === socket) this.socket = undefined;
    });
    socket.on('data', (chunk: Buffer) => {
      for (const event of framer.push(chunk)) if (event.kind === 'frame') this.heard(event.bytes);
    });
    return socket;
  }

  private heard(bytes: Buffer): void {
    const reply = this.waiting && replyOf(bytes, this.waiting.controlId);
    if (reply) this.waiting?.answered(reply);
  }
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
