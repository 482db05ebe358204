import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GcraStorage } from './gcra.storage.js';

const limits = fc.record({
  quota: fc.integer({ min: 1, max: 200 }),
  windowSeconds: fc.integer({ min: 1, max: 120 }),
  burst: fc.integer({ min: 1, max: 200 }),
});

/** Requests one after another: how long each waited after the last, in milliseconds, and how many units it takes. */
const traffic = fc.array(
  fc.record({
    afterMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5_000 })),
    cost: fc.integer({ min: 1, max: 5 }),
  }),
  { maxLength: 400 },
);

describe('the rate limit', () => {
  it('admits no more than quota and burst in any window, whatever the traffic', () => {
    fc.assert(
      fc.property(limits, traffic, (limit, requests) => {
        let now = 0;
        const storage = new GcraStorage(10, () => now);
        const admitted: { at: number; units: number }[] = [];
        for (const { afterMs, cost } of requests) {
          now += afterMs;
          const units = Math.min(cost, limit.burst);
          if (storage.take('client', limit, units).admitted) admitted.push({ at: now, units });
        }
        for (const [index, first] of admitted.entries()) {
          const end = first.at + limit.windowSeconds * 1000;
          const inWindow = admitted.slice(index).filter(({ at }) => at <= end);
          const units = inWindow.reduce((sum, request) => sum + request.units, 0);
          expect(units).toBeLessThanOrEqual(limit.quota + limit.burst);
        }
      }),
    );
  });

  it('keeps its promise of when a refused request fits', () => {
    fc.assert(
      fc.property(limits, fc.integer({ min: 1, max: 300 }), (limit, hits) => {
        let now = 0;
        const storage = new GcraStorage(10, () => now);
        for (let hit = 0; hit < hits; hit += 1) {
          const verdict = storage.take('client', limit);
          if (verdict.admitted) continue;
          now += verdict.retryInMs + 0.001;
          expect(storage.take('client', limit).admitted).toBe(true);
        }
      }),
    );
  });

  it('tells how many units are left, and they are', () => {
    const storage = new GcraStorage(10, () => 0);
    const limit = { quota: 5, windowSeconds: 60 };
    expect([1, 1, 2, 1].map((cost) => storage.take('client', limit, cost).remaining)).toEqual([4, 3, 1, 0]);
    expect(storage.take('client', limit)).toMatchObject({ admitted: false, remaining: 0, retryInMs: 12_000 });
  });

  it('takes nothing from a caller for a request that it refuses', () => {
    const storage = new GcraStorage(10, () => 0);
    const limit = { quota: 5, windowSeconds: 60 };
    storage.take('client', limit, 4);
    for (let again = 0; again < 10; again += 1) expect(storage.take('client', limit, 2).admitted).toBe(false);
    expect(storage.take('client', limit, 1).admitted).toBe(true);
  });

  it('refuses a cost that would never fit, as our mistake', () => {
    expect(() => new GcraStorage().take('client', { quota: 5, windowSeconds: 60 }, 6)).toThrow(RangeError);
  });

  it('answers the throttler in its own units', async () => {
    const storage = new GcraStorage(10, () => 0);
    expect(await storage.increment('client', 60_000, 2)).toMatchObject({
      totalHits: 1,
      isBlocked: false,
      timeToExpire: 30,
    });
    expect(await storage.increment('client', 60_000, 2)).toMatchObject({ totalHits: 2, isBlocked: false });
    expect(await storage.increment('client', 60_000, 2)).toMatchObject({ isBlocked: true, timeToBlockExpire: 30 });
  });

  it('remembers no more callers than it may, and forgets the one that rested longest', () => {
    const storage = new GcraStorage(100, () => 0);
    const limit = { quota: 1, windowSeconds: 60 };
    storage.take('steady', limit);
    for (let n = 0; n < 10_000; n += 1) {
      storage.take(`stranger-${n}`, limit);
      if (n % 50 === 0) expect(storage.take('steady', limit).admitted).toBe(false);
    }
    expect(storage.size).toBe(100);
    expect(storage.take('stranger-0', limit).admitted).toBe(true);
  });

  it('costs the same after two hundred thousand requests as at first', () => {
    const storage = new GcraStorage();
    const limit = { quota: 6_000_000, windowSeconds: 60 };
    const timed = () => {
      const start = process.hrtime.bigint();
      for (let n = 0; n < 20_000; n += 1) storage.take('client', limit);
      return Number(process.hrtime.bigint() - start);
    };
    timed();
    const early = Math.min(timed(), timed());
    for (let n = 0; n < 160_000; n += 1) storage.take('client', limit);
    const late = Math.min(timed(), timed());
    expect(late).toBeLessThan(early * 10);
  });
});
