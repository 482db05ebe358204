/**
 * Remembers one number for each key, and no more keys than it was told. Constant time, whatever the traffic; the storage
 * that comes with the throttler grows with every request and stops answering at 200,000 of them.
 */
import { performance } from 'node:perf_hooks';
import type { ThrottlerStorage } from '@nestjs/throttler';
import { arrive, type Limit, type Verdict } from './gcra.js';

type StorageRecord = Awaited<ReturnType<ThrottlerStorage['increment']>>;

export class GcraStorage implements ThrottlerStorage {
  /** The order of the map is the order of use: the first key is the one that rested longest. */
  private readonly fullAt = new Map<string, number>();

  /** `now` in milliseconds, from a clock that never goes back. */
  constructor(
    private readonly maxKeys = 20_000,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get size(): number {
    return this.fullAt.size;
  }

  /** Takes `cost` units from the key's credit, or none if they are not all there. */
  take(key: string, limit: Limit, cost = 1): Verdict {
    const verdict = arrive(limit, cost, this.now(), this.fullAt.get(key));
    this.fullAt.delete(key);
    this.fullAt.set(key, verdict.fullAt);
    if (this.fullAt.size > this.maxKeys) this.fullAt.delete(this.fullAt.keys().next().value ?? key);
    return verdict;
  }

  /** Whether a unit is left; takes none. */
  has(key: string, limit: Limit): boolean {
    return arrive(limit, 1, this.now(), this.fullAt.get(key)).admitted;
  }

  /** The throttler's own question: `ttl` in milliseconds; the answer counts seconds. */
  increment(key: string, ttl: number, limit: number): Promise<StorageRecord> {
    const { admitted, remaining, fullInMs, retryInMs } = this.take(key, { quota: limit, windowSeconds: ttl / 1000 });
    return Promise.resolve({
      totalHits: admitted ? limit - remaining : limit + 1,
      timeToExpire: Math.ceil(fullInMs / 1000),
      isBlocked: !admitted,
      timeToBlockExpire: Math.ceil(retryInMs / 1000),
    });
  }
}
