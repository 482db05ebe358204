/** A vendor on the wire, behind a guard of our own API: what each of them counts, repeats and holds back. */
import { Problem } from '@concord/canonical';
import { withContext, type Priority } from '@concord/observability';
import { HeldClock } from './fixture/held-clock.js';
import { Vendor, vendors, type VendorPolicy } from './vendor.js';

let count = 0;

function chain(policy: VendorPolicy = {}) {
  count += 1;
  const time = new HeldClock();
  const wire = new Vendor(`wire-${count}`, { apis: ['system/erp'], time, ...policy });
  const api = new Vendor(`system/erp-${count}`, { time, breaker: { volume: 4 } });
  const through = (call: () => Promise<unknown>, once = false) =>
    api.run('journal-entries', () => wire.run('account.move', call, { once }));
  return { time, wire, api, through };
}

const problemOf = (work: Promise<unknown>) => work.then(undefined, (error: Problem) => error);
const failing = (calls: { made: number }, problem: () => Problem) => () => {
  calls.made += 1;
  return Promise.reject(problem());
};
const down = () => new Problem('upstream-unavailable');

async function ended<T>(time: HeldClock, work: Promise<T>): Promise<T> {
  await time.pass(60_000);
  return work;
}

it('a question that fails is repeated by the wire alone; three attempts stay three', async () => {
  const { time, through } = chain();
  const calls = { made: 0 };
  const problem = await ended(time, problemOf(through(failing(calls, down))));
  expect(calls.made).toBe(3);
  expect(problem).toMatchObject({ slug: 'upstream-unavailable', context: { fallback: 'queue' } });
});

it('an effect is not repeated by the wire, but by whoever holds its key', async () => {
  const { time, through } = chain();
  const calls = { made: 0 };
  await ended(time, problemOf(through(failing(calls, down), true)));
  expect(calls.made).toBe(3);
});

it('an API whose system is left alone by the wire does not answer either', async () => {
  const { wire, api, through } = chain({ retry: { attempts: 1 }, breaker: { volume: 2, resetMs: 60_000 } });
  const calls = { made: 0 };
  for (let n = 0; n < 2; n += 1) await problemOf(wire.run('account.move', failing(calls, down)));
  for (let n = 0; n < 4; n += 1) await problemOf(through(async () => 'posted'));
  expect(calls.made).toBe(2);
  expect(wire.health()).toMatchObject({ status: 'down', failure: 'upstream-unavailable' });
  expect([wire.state, api.state]).toEqual(['open', 'open']);
});

it('a pause that the vendor asks for holds the calls of all flows and capabilities, and no longer than it asks', async () => {
  const { time, wire } = chain({ retry: { attempts: 1 } });
  const throttled = () => new Problem('rate-limited', undefined, { retryAfter: 3 });
  await problemOf(wire.run('account.move', failing({ made: 0 }, throttled)));
  expect(wire.health().heldUntil).toBeInstanceOf(Date);
  let asked = 0;
  const other = wire.run('party.party', async () => (asked += 1));
  await time.pass(2_900);
  expect(asked).toBe(0);
  await time.pass(200);
  await expect(other).resolves.toBe(1);
  expect(wire.health().heldUntil).toBeUndefined();
});

it('whoever would wait longer than he may for the end of the pause is told when to come again', async () => {
  const { wire } = chain({ retry: { attempts: 1 } });
  const busy = () => new Problem('upstream-unavailable', undefined, { retryAfter: 20, context: { status: '503' } });
  await problemOf(wire.run('account.move', failing({ made: 0 }, busy)));
  const refused = await problemOf(wire.run('party.party', async () => 'name'));
  expect(refused).toMatchObject({ retryAfter: 20, context: { stoppedBy: 'bulkhead' } });
});

it('a flood of reports keeps nobody from posting, and opens no breaker', async () => {
  const { time, wire } = chain({
    bulkhead: { concurrent: 2, queued: 20, longestWaitMs: 4_000 },
    breaker: { volume: 5 },
  });
  const begun: Priority[] = [];
  const call = (priority: Priority) =>
    withContext({ priority }, () =>
      problemOf(
        wire.run('account.move', async () => {
          begun.push(priority);
          await time.sleep(1_500);
        }),
      ),
    );
  const reports = Array.from({ length: 40 }, () => call('analytics'));
  await time.settle();
  const posting = call('revenue');
  await time.pass(1_600);
  expect(begun).toEqual(['analytics', 'analytics', 'revenue', 'analytics']);
  await time.pass(60_000);
  await Promise.all([...reports, posting]);
  expect(wire.state).toBe('closed');
  expect(wire.health()).toMatchObject({ status: 'up', active: 0, waiting: 0 });
});

it('a vendor that nobody uses any more is not among the known ones', () => {
  const { wire } = chain();
  wire.shared('system/supply-chain').close();
  expect(vendors()).toContain(wire);
  expect(wire.health().apis).toEqual(['system/erp', 'system/supply-chain']);
  wire.close();
  expect(vendors()).not.toContain(wire);
});
