import { AsyncLocalStorage } from 'node:async_hooks';
import fc from 'fast-check';
import { Bulkhead } from './bulkhead.js';
import { within } from './timeout.js';

/** A call that is under way until the test ends it. */
function held() {
  let end!: () => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { call: () => ended, end };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('A bulkhead', () => {
  it('never lets more calls through at once, nor more wait, than it may, and loses none', async () => {
    const limits = fc.record({ concurrent: fc.integer({ min: 1, max: 5 }), queued: fc.nat({ max: 5 }) });
    const steps = fc.array(fc.constantFrom('call', 'call', 'end'), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(limits, steps, async (limits, steps) => {
        const bulkhead = new Bulkhead('erp', limits);
        const begun: (() => void)[] = [];
        const counts = { made: 0, refused: 0, active: 0, ended: 0 };
        const call = () => {
          const { call, end } = held();
          counts.active += 1;
          expect(counts.active).toBeLessThanOrEqual(limits.concurrent);
          begun.push(end);
          return call().then(() => void (counts.active -= 1));
        };
        for (const step of steps) {
          if (step === 'call') {
            const waiting = counts.made - counts.ended - counts.active;
            const full = counts.active === limits.concurrent && waiting === limits.queued;
            const refused = counts.refused;
            void bulkhead.run(call).then(
              () => void (counts.ended += 1),
              () => void (counts.refused += 1),
            );
            await settle();
            expect(counts.refused - refused).toBe(full ? 1 : 0);
            if (!full) counts.made += 1;
          } else {
            begun.shift()?.();
            await settle();
          }
        }
        while (begun.length > 0) {
          begun.shift()?.();
          await settle();
        }
        expect(counts).toMatchObject({ ended: counts.made, active: 0 });
      }),
      { numRuns: 50 },
    );
  });

  it('refuses with a problem that is not repeated, and gives the place back after a failure', async () => {
    const bulkhead = new Bulkhead('erp', { concurrent: 1, queued: 0 });
    const { call, end } = held();
    const first = bulkhead.run(call);
    await expect(bulkhead.run(call)).rejects.toMatchObject({
      slug: 'upstream-unavailable',
      retryAfter: 1,
      context: { stoppedBy: 'bulkhead', target: 'erp' },
    });
    end();
    await first;
    await expect(bulkhead.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(bulkhead.run(async () => 'answer')).resolves.toBe('answer');
  });

  it('takes a caller out of the queue who no longer waits', async () => {
    const bulkhead = new Bulkhead('erp', { concurrent: 1, queued: 1 });
    const { call, end } = held();
    const first = bulkhead.run(call);
    await expect(within(5, () => bulkhead.run(call))).rejects.toMatchObject({ slug: 'upstream-timeout' });
    const second = bulkhead.run(async () => 'second');
    end();
    await first;
    await expect(second).resolves.toBe('second');
  });

  it('keeps a place taken for as long as an abandoned call is really under way', async () => {
    const bulkhead = new Bulkhead('erp', { concurrent: 1, queued: 0 });
    const { call, end } = held();
    await expect(within(5, () => bulkhead.run(call))).rejects.toMatchObject({ slug: 'upstream-timeout' });
    await expect(bulkhead.run(call)).rejects.toMatchObject({ slug: 'upstream-unavailable' });
    end();
    await settle();
    await expect(bulkhead.run(async () => 'answer')).resolves.toBe('answer');
  });

  it('runs a call that waited in its own context, not in that of the call before it', async () => {
    const whose = new AsyncLocalStorage<string>();
    const bulkhead = new Bulkhead('erp', { concurrent: 1, queued: 1 });
    const { call, end } = held();
    const first = whose.run('first', () => bulkhead.run(call));
    const second = whose.run('second', () => bulkhead.run(async () => whose.getStore()));
    end();
    await first;
    await expect(second).resolves.toBe('second');
  });
});
