import { currentSignal } from './timeout.js';
import { stopped } from './stopped.js';

/**
 * A slow target may hold only so many of our calls at once, and so many may wait for it; the next one is refused at
 * once. A place is given back when its call has really ended, not when its caller stopped waiting.
 */
export interface BulkheadLimits {
  /** Calls under way at once. */
  readonly concurrent: number;
  /** Calls that wait for a place, first come first served. */
  readonly queued: number;
}

export const BULKHEAD: BulkheadLimits = { concurrent: 64, queued: 256 };

export class Bulkhead {
  private active = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly target: string,
    private readonly limits: BulkheadLimits = BULKHEAD,
  ) {}

  /** Rejects with `upstream-unavailable` where both the places and the queue are full. */
  run<T>(call: () => Promise<T>): Promise<T> {
    if (this.active < this.limits.concurrent) {
      this.active++;
      return this.occupy(call);
    }
    if (this.waiting.length >= this.limits.queued) return Promise.reject(stopped('bulkhead', this.target, 1));
    return this.turn(currentSignal()).then(() => this.occupy(call));
  }

  private async occupy<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } finally {
      this.leave();
    }
  }

  /** The place goes to whoever waits longest, or back to the others. */
  private leave(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.active--;
    else next();
  }

  /** Resolves when a place is handed over; rejects, and leaves the queue, when the signal is aborted before. */
  private turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        this.waiting.splice(this.waiting.indexOf(begin), 1);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      this.waiting.push(begin);
    });
  }
}
