import type { Duplex } from 'node:stream';

import { Problem } from '@concord/canonical';

import { answerFrame, type AnswerParts, answerOversize } from './answer.js';
import { frame, MllpFramer, type MllpEvent } from './framer.js';
import type { MllpLimits } from './limits.js';

export interface ConversationParts extends AnswerParts {
  readonly limits: MllpLimits;
}

/**
 * One sender's connection: every frame is handed over and answered in order, so that an admission is not overtaken by the
 * discharge sent after it. The frames of one read are handed over together, for a receiver that stores in groups; while they
 * are worked on nothing more is read, and TCP makes the sender wait.
 */
export class Conversation {
  /** Settles when the connection has ended; never fails. */
  readonly ended: Promise<void>;
  private readonly framer: MllpFramer;
  private closing = false;
  private busy = false;
  private deadline: NodeJS.Timeout | undefined;
  /** When waiting began for the rest of the frame in hand. */
  private frameSince: number | undefined;

  constructor(
    private readonly socket: Duplex,
    private readonly parts: ConversationParts,
  ) {
    this.framer = new MllpFramer(parts.limits.frameBytes);
    socket.on('error', () => undefined); // told by the read and the write that met it
    this.ended = this.run();
  }

  /** Ends after the acknowledgement in hand, if there is one; what has not been begun stays unanswered. */
  close(): Promise<void> {
    this.closing = true;
    if (!this.busy) this.socket.destroy();
    return this.ended;
  }

  private async run(): Promise<void> {
    try {
      this.listen([]);
      for await (const chunk of this.socket.iterator({ destroyOnReturn: false })) {
        const events = this.framer.push(chunk as Buffer);
        await this.take(events);
        if (this.closing) break;
        this.listen(events);
      }
      await this.take(this.framer.end());
    } catch (error) {
      if (!this.closing)
        this.parts.log.info({ ...this.parts.connection, cause: reasonOf(error) }, 'MLLP connection lost');
    }
    clearTimeout(this.deadline);
    await hangUp(this.socket);
  }

  private async take(events: readonly MllpEvent[]): Promise<void> {
    clearTimeout(this.deadline);
    this.busy = true;
    const answers: Promise<Buffer[]>[] = [];
    for (const event of this.closing ? [] : events) {
      answers.push(this.answersTo(event));
      if (answers.length >= TOGETHER) await this.sendAll(answers.splice(0));
    }
    await this.sendAll(answers);
    this.busy = false;
  }

  /** In order; what was taken is acknowledged even where something after it ends the conversation. */
  private async sendAll(answers: readonly Promise<Buffer[]>[]): Promise<void> {
    const settled = await Promise.allSettled(answers);
    for (const answer of settled) {
      if (answer.status === 'rejected') throw answer.reason;
      if (answer.value.length > 0) await this.send(Buffer.concat(answer.value.map(frame)));
    }
  }

  private async answersTo(event: MllpEvent): Promise<Buffer[]> {
    const { connection, limits, log } = this.parts;
    if (event.kind === 'frame') return answerFrame(event.bytes, this.parts);
    const { kind, position, length } = event;
    log.warn({ ...connection, kind, position, length }, 'MLLP bytes that are no message');
    if (kind === 'oversize') return [answerOversize(event.head, limits.frameBytes)];
    if (length >= limits.frameBytes) throw new Problem('malformed', 'This is not an MLLP stream');
    return [];
  }

  private async send(frames: Buffer): Promise<void> {
    this.closeAfter(this.parts.limits.frameMs, 'The sender does not take its acknowledgement');
    await new Promise<void>((sent, failed) => {
      this.socket.write(frames, (error) => (error ? failed(error) : sent()));
    });
    clearTimeout(this.deadline);
  }

  /** Waits for more, but not for ever: of a frame that has begun the rest is due sooner than the next frame is. */
  private listen(heard: readonly MllpEvent[]): void {
    const { idleMs, frameMs } = this.parts.limits;
    if (heard.length > 0 || !this.framer.isInsideFrame) this.frameSince = undefined;
    if (!this.framer.isInsideFrame) return this.closeAfter(idleMs, 'Nothing came for too long');
    this.frameSince ??= performance.now();
    this.closeAfter(frameMs - (performance.now() - this.frameSince), 'A message that began did not end in time');
  }

  private closeAfter(ms: number, reason: string): void {
    clearTimeout(this.deadline);
    this.deadline = setTimeout(() => this.socket.destroy(new Problem('request-timeout', reason)), Math.max(ms, 0));
  }
}

/** Frames handed over together at most. */
const TOGETHER = 50;

/** Lets what was written arrive: ends our side, reads on without listening, and waits a second for the other side to end. */
function hangUp(socket: Duplex): Promise<void> {
  return new Promise((ended) => {
    if (socket.closed) return ended();
    const patience = setTimeout(() => socket.destroy(), 1000);
    socket.once('close', () => {
      clearTimeout(patience);
      ended();
    });
    if (!socket.destroyed) socket.end();
    socket.resume();
  });
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown');
