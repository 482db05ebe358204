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
  /** Whoever would have to wait longer for his turn is refused at once, in milliseconds. */
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
    return { active, waiting: this.waiting, lastMinute, perMinute: this.limits.perMinute, exhaustedInSeconds };
  }

  /** Rejects with `upstream-unavailable` and `retryAfter` where there is no place, no turn in time, and no room to wait. */
  run<T>(call: () => Promise<T>): Promise<T> {
    if (!this.waiting && this.active < this.limits.concurrent && this.granted()) {
      this.active++;
      return this.occupy(call);
    }
    const rank = currentRank();
    const { queued, longestWaitMs = Infinity } = this.limits;
    const waitMs = this.rate?.waitMs(this.ahead(rank) + 1) ?? 0;
    if (waitMs > longestWaitMs) return Promise.reject(this.refusal());
    if (this.waiting >= queued && !this.makeRoom(rank)) return Promise.reject(this.refusal());
    return this.turn(rank, currentSignal()).then(() => this.occupy(call));
  }

  private get waiting(): number {
    return this.lanes.reduce((sum, lane) => sum + lane.length, 0);
  }

  private ahead(rank: number): number {
    return this.lanes.slice(0, rank + 1).reduce((sum, lane) => sum + lane.length, 0);
  }

  private granted(): boolean {
    return this.rate?.take() ?? true;
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
    if (this.alarmed || !this.rate) return;
    this.alarmed = true;
    void this.time.sleep(Math.max(1, this.rate.waitMs())).then(() => {
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
    return stopped('bulkhead', this.target, Math.max(1, Math.ceil((this.rate?.waitMs() ?? 0) / 1_000)));
  }

  /** Resolves when a place is handed over; rejects, and leaves the queue, when the signal is aborted before. */
  private turn(rank: number, signal: AbortSignal | undefined): Promise<void> {
    const lane = this.lanes[rank]!;
    return new Promise((resolve, reject) => {
      const one: Waiting = {
        begin: () => {
          signal?.removeEventListener('abort', giveUp);
          resolve();
        },
        refuse: () => {
          signal?.removeEventListener('abort', giveUp);
          reject(this.refusal());
        },
      };
      const giveUp = (): void => {
        lane.splice(lane.indexOf(one), 1);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      lane.push(one);
      if (this.active < this.limits.concurrent) this.alarm();
    });
  }
}
