/**
 * How fast a system behind may be called: a token bucket. One call takes a token; tokens come back evenly. Beside it, the
 * calls of the last minute, from which follows when the limit will be reached.
 */
export interface RateLimits {
  readonly perMinute: number;
  /** Calls that may come together after a quiet time; what ten seconds bring where it is left out. */
  readonly burst?: number;
}

const MINUTE_MS = 60_000;
const SLICE_MS = 5_000;
const BURST_SHARE = 1 / 6;

/** Never gives more than `burst + perMinute × minutes`. */
export class Rate {
  private readonly burst: number;
  private readonly perMs: number;
  private tokens: number;
  private countedUntil: number;
  private readonly slices = new Map<number, number>();

  constructor(
    private readonly now: () => number,
    private readonly limits: RateLimits,
  ) {
    this.burst = Math.max(1, limits.burst ?? Math.floor(limits.perMinute * BURST_SHARE));
    this.perMs = limits.perMinute / MINUTE_MS;
    this.tokens = this.burst;
    this.countedUntil = now();
  }

  /** Takes a token; false where there is none yet. */
  take(): boolean {
    this.refill();
    if (this.tokens < 1 - EPSILON) return false;
    this.tokens -= 1;
    const slice = Math.floor(this.now() / SLICE_MS);
    this.slices.set(slice, (this.slices.get(slice) ?? 0) + 1);
    if (this.slices.size > MINUTE_MS / SLICE_MS + 1) this.forget(slice);
    return true;
  }

  /** Milliseconds until there are so many tokens. */
  waitMs(tokens = 1): number {
    this.refill();
    return Math.max(0, Math.ceil((tokens - this.tokens) / this.perMs));
  }

  /** Calls within the last minute, to the slice. */
  get lastMinute(): number {
    this.forget(Math.floor(this.now() / SLICE_MS));
    return [...this.slices.values()].reduce((sum, calls) => sum + calls, 0);
  }

  /** Seconds until nothing is saved if calls go on as in the last minute; undefined where the limit is not in sight. */
  get exhaustedInSeconds(): number | undefined {
    this.refill();
    const drain = (this.lastMinute - this.limits.perMinute) / 60;
    if (this.tokens < 1 - EPSILON) return 0;
    return drain > 0 ? Math.round(this.tokens / drain) : undefined;
  }

  private refill(): void {
    const now = this.now();
    this.tokens = Math.min(this.burst, this.tokens + (now - this.countedUntil) * this.perMs);
    this.countedUntil = now;
  }

  private forget(present: number): void {
    for (const slice of this.slices.keys()) if (slice <= present - MINUTE_MS / SLICE_MS) this.slices.delete(slice);
  }
}

/** Sums of floats fall short of a whole token by less than that. */
const EPSILON = 1e-6;
