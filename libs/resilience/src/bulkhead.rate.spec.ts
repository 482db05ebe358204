/** The budget of calls that all flows share, on a clock that the test holds. */
import { PRIORITIES, withContext, type Priority } from '@concord/observability';
import fc from 'fast-check';
import { Bulkhead, type BulkheadLimits } from './bulkhead.js';
import { HeldClock } from './fixture/held-clock.js';

const MINUTE_MS = 60_000;

function world(limits: Partial<BulkheadLimits>) {
  const clock = new HeldClock();
  const bulkhead = new Bulkhead('erp', { concurrent: 1000, queued: 1000, ...limits }, clock);
  const begun: { who: string; at: number }[] = [];
  const refused: { who: string; retryAfter: number | undefined }[] = [];
  const call = (priority: Priority, who: string = priority) =>
    withContext({ priority }, () =>
      bulkhead
        .run(async () => void begun.push({ who, at: clock.now() }))
        .catch((error: { retryAfter?: number }) => void refused.push({ who, retryAfter: error.retryAfter })),
    );
  return { clock, bulkhead, begun, refused, call };
}

it('never calls more often than the budget allows, loses none, and lets no lower class begin before a waiting higher one', async () => {
  const step = fc.oneof(
    fc.constantFrom(...PRIORITIES),
    fc.nat({ max: 20_000 }), // milliseconds that pass
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.integer({ min: 6, max: 120 }), async (steps, perMinute) => {
      const { clock, begun, refused, call } = world({ perMinute, burst: 2 });
      const asked: { who: string; rank: number; at: number }[] = [];
      const calls: Promise<void>[] = [];
      for (const [i, one] of steps.entries()) {
        if (typeof one === 'number') await clock.pass(one);
        else {
          const who = `${one}-${i}`;
          asked.push({ who, rank: PRIORITIES.indexOf(one), at: clock.now() });
          calls.push(call(one, who));
          await clock.settle();
        }
      }
      await clock.pass(60 * MINUTE_MS);
      await Promise.all(calls);
      expect(refused).toEqual([]);
      expect(begun).toHaveLength(asked.length);
      for (let from = 0; from < begun.length; from += 1) {
        for (let to = from; to < begun.length; to += 1) {
          const ms = begun[to]!.at - begun[from]!.at;
          expect(to - from + 1).toBeLessThanOrEqual(2 + (ms * perMinute) / MINUTE_MS + 1e-3);
        }
      }
      const of = new Map(asked.map((one) => [one.who, one]));
      for (const [i, { who, at }] of begun.entries()) {
        const own = of.get(who)!;
        const passed = begun.slice(i + 1).map((later) => of.get(later.who)!);
        expect(passed.filter((later) => later.rank < own.rank && later.at < at)).toEqual([]);
      }
    }),
    { numRuns: 60 },
  );
});

it('lets care pass whatever waits, and analytics go where the queue is full', async () => {
  const { clock, begun, refused, call } = world({ perMinute: 60, burst: 1, queued: 3 });
  await call('revenue', 'first');
  const waiting = [call('analytics', 'a1'), call('analytics', 'a2'), call('revenue', 'r1'), call('care', 'c1')];
  await clock.settle();
  expect(refused).toEqual([{ who: 'a2', retryAfter: 1 }]);
  await call('analytics', 'a3');
  expect(refused.map(({ who }) => who)).toEqual(['a2', 'a3']);
  await clock.pass(5_000);
  await Promise.all(waiting);
  expect(begun.map(({ who }) => who)).toEqual(['first', 'c1', 'r1', 'a1']);
});

it('refuses at once whoever could not have a turn in time', async () => {
  const { begun, refused, call } = world({ perMinute: 6, burst: 1, longestWaitMs: 4_000 });
  await call('care', 'first');
  await call('care', 'second');
  expect(begun).toHaveLength(1);
  expect(refused).toEqual([{ who: 'second', retryAfter: 10 }]);
});

it('forecasts when the limit will be reached', async () => {
  const { clock, bulkhead, call } = world({ perMinute: 60, burst: 120 });
  expect(bulkhead.load).toMatchObject({ lastMinute: 0, perMinute: 60, exhaustedInSeconds: undefined });
  for (let n = 0; n < 90; n += 1) await call('revenue');
  expect(bulkhead.load).toMatchObject({ lastMinute: 90, exhaustedInSeconds: 60 });
  for (let n = 0; n < 30; n += 1) await call('revenue');
  expect(bulkhead.load.exhaustedInSeconds).toBe(0);
  await clock.pass(2 * MINUTE_MS);
  expect(bulkhead.load).toMatchObject({ lastMinute: 0, exhaustedInSeconds: undefined });
});
