import { PRIORITIES } from '@concord/observability';
import { currentRank } from './priority.js';
import { Rate } from './rate.js';
import { stopped } from './stopped.js';
import { realTime, type Time } from './time.js';
import { currentSignal } from './timeout.js';

/**
 * What a target is given by all our flows together: so many calls at once, so many a minute, and so many that wait. Of
 * those that wait, care passes revenue and revenue passes analytics (`priority` of the call context); within a class,
 * whoever came first. A full queue lets the last of the lowest class go for one of a higher class, so that a lower class
 * never stands in the way. A place is given back when its call has really ended, not when its caller stopped waiting.
 */
export interface BulkheadLimits {
  /** Calls under way at once. */
  readonly concurrent: number;
  /** Calls that wait for a place. */
  readonly queued: number;
  /** Calls a minute; any number where it is left out. */
  readonly perMinute?: number;
  /** Calls that may come together after a quiet time; what ten seconds bring where it is left out. */
  readonly burst?: number;
  /** Whoever would have to wait longer for his turn is refused at once, whoever has waited so long then; in milliseconds. */
  readonly longestWaitMs?: number;
}

export const BULKHEAD: BulkheadLimits = { concurrent: 64, queued: 256, longestWaitMs: 4_000 };

/** How full a bulkhead is. */
export interface Load {
  readonly active: number;
  readonly waiting: number;
  readonly lastMinute?: number;
  readonly perMinute?: number;
  /** Seconds until the limit is reached if calls go on as in the last minute. */
  readonly exhaustedInSeconds?: number;
  /** Milliseconds for which nobody goes, because the target asked for a pause. */
  readonly heldMs: number;
}

interface Waiting {
  readonly begin: () => void;
  readonly refuse: () => void;
}

export class Bulkhead {
  private active = 0;
  /** Those that wait, by rank. */
  private readonly lanes: Waiting[][] = PRIORITIES.map(() => []);
  private readonly rate: Rate | undefined;
  private alarmed = false;
  private heldUntil = -Infinity;

  constructor(
    private readonly target: string,
    private readonly limits: BulkheadLimits = BULKHEAD,
    private readonly time: Time = realTime,
  ) {
    const { perMinute, burst } = limits;
    this.rate = perMinute === undefined ? undefined : new Rate(time.now, { perMinute, burst });
  }

  get load(): Load {
    const { active, rate } = this;
    const { lastMinute, exhaustedInSeconds } = rate ?? {};
    const { waiting, heldMs } = this;
    return { active, waiting, lastMinute, perMinute: this.limits.perMinute, exhaustedInSeconds, heldMs };
  }

  /** Lets nobody go ahead for so long; calls under way are not touched. */
  hold(ms: number): void {
    this.heldUntil = Math.max(this.heldUntil, this.time.now() + ms);
  }

  /** Rejects with `upstream-unavailable` and `retryAfter` where there is no place, no turn in time, and no room to wait. */
  run<T>(call: () => Promise<T>): Promise<T> {
    if (!this.waiting && this.active < this.limits.concurrent && this.granted()) {
      this.active++;
      return this.occupy(call);
    }
    const rank = currentRank();
    const { queued, longestWaitMs = Infinity } = this.limits;
    const waitMs = this.turnMs(this.ahead(rank) + 1);
    if (waitMs > longestWaitMs) return Promise.reject(this.refusal());
    if (this.waiting >= queued && !this.makeRoom(rank)) return Promise.reject(this.refusal());
    return this.turn(rank, currentSignal()).then(() => this.occupy(call));
  }

  /** Whoever came now would have to wait. */
  get isFull(): boolean {
    return this.waiting > 0 || this.active >= this.limits.concurrent || this.heldMs > 0;
  }

  private get waiting(): number {
    return this.lanes.reduce((sum, lane) => sum + lane.length, 0);
  }

  private ahead(rank: number): number {
    return this.lanes.slice(0, rank + 1).reduce((sum, lane) => sum + lane.length, 0);
  }

  private get heldMs(): number {
    return Math.max(0, this.heldUntil - this.time.now());
  }

  private granted(): boolean {
    return this.heldMs <= 0 && (this.rate?.take() ?? true);
  }

  /** Milliseconds until so many may go. */
  private turnMs(calls = 1): number {
    return Math.max(this.heldMs, this.rate?.waitMs(calls) ?? 0);
  }

  private async occupy<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } finally {
      this.active--;
      this.next();
    }
  }

  /** Lets go ahead whoever may; where only time is missing, looks again when it has passed. */
  private next(): void {
    while (this.active < this.limits.concurrent) {
      const lane = this.lanes.find(({ length }) => length > 0);
      if (!lane) return;
      if (!this.granted()) return this.alarm();
      this.active++;
      lane.shift()!.begin();
    }
  }

  private alarm(): void {
    if (this.alarmed) return;
    this.alarmed = true;
    void this.time.sleep(Math.max(1, this.turnMs())).then(() => {
      this.alarmed = false;
      this.next();
    });
  }

  /** The last of the lowest class below `rank` goes. */
  private makeRoom(rank: number): boolean {
    const lane = this.lanes.findLast((lane, of) => of > rank && lane.length > 0);
    lane?.pop()?.refuse();
    return lane !== undefined;
  }

  private refusal() {
    return stopped('bulkhead', this.target, Math.max(1, Math.ceil(this.turnMs() / 1_000)));
  }

  /** Resolves when a place is handed over; rejects, and leaves the queue, when the signal is aborted before. */
  private turn(rank: number, signal: AbortSignal | undefined): Promise<void> {
    const lane = this.lanes[rank]!;
    const { longestWaitMs } = this.limits;
    return new Promise((resolve, reject) => {
      const patience = new AbortController();
      const end = (): void => {
        signal?.removeEventListener('abort', giveUp);
        patience.abort();
      };
      const one: Waiting = {
        begin: () => {
          end();
          resolve();
        },
        refuse: () => {
          end();
          reject(this.refusal());
        },
      };
      const leave = (): boolean => {
        const at = lane.indexOf(one);
        if (at >= 0) lane.splice(at, 1);
        return at >= 0;
      };
      const giveUp = (): void => {
        end();
        leave();
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      if (longestWaitMs !== undefined) {
        // A wait on our side must not look like a target that does not answer.
        const impatient = () => void (leave() && one.refuse());
        this.time.sleep(longestWaitMs, patience.signal).then(impatient, () => undefined);
      }
      lane.push(one);
      if (this.active < this.limits.concurrent) this.alarm();
    });
  }
}
