import { Problem } from '@concord/canonical';
import { HeldClock } from './fixture/held-clock.js';
import { Vendor, type VendorPolicy } from './vendor.js';

const down = () => Promise.reject(new Problem('upstream-unavailable'));
const answer = async () => 'answer';
const refusalOf = (work: Promise<unknown>) => work.catch((error: Problem) => error);

let vendors = 0;

function vendorAt(instant: string, policy: VendorPolicy = {}) {
  let now = new Date(instant);
  const time = new HeldClock();
  const vendor = new Vendor(`spec.vendor-${(vendors += 1)}`, {
    retry: { attempts: 1 },
    breaker: { volume: 2 },
    clock: () => now,
    time,
    ...policy,
  });
  return { vendor, time, at: (later: string) => (now = new Date(later)) };
}

it('a failing capability leaves the others alone, and says what its callers do meanwhile', async () => {
  const fallbacks = { prices: 'estimate' } as const;
  const { vendor } = vendorAt('2026-11-21T08:00:00Z', { fallbacks });
  await vendor.run('orders', answer);
  for (let n = 0; n < 2; n += 1) await refusalOf(vendor.run('prices', down));
  let asked = 0;
  const refused = await refusalOf(vendor.run('prices', async () => (asked += 1)));
  expect(refused).toMatchObject({ slug: 'upstream-unavailable', context: { fallback: 'estimate' } });
  expect(asked).toBe(0);
  await expect(vendor.run('orders', answer)).resolves.toBe('answer');
  expect(vendor.health().capabilities).toEqual([
    { capability: 'orders', state: 'closed', fallback: 'queue', fallbackSince: undefined },
    { capability: 'prices', state: 'open', fallback: 'estimate', fallbackSince: new Date('2026-11-21T08:00:00Z') },
  ]);
  expect(vendor.state).toBe('closed');
});

it('a maintenance window refuses at once until its end, and is held against nobody', async () => {
  const { vendor, at } = vendorAt('2026-11-22T07:30:00Z', { maintenance: 'Sun 02:00-04:00 America/New_York' });
  let asked = 0;
  const call = async () => (asked += 1);
  expect(await refusalOf(vendor.run('orders', call))).toMatchObject({
    slug: 'upstream-unavailable',
    retryAfter: 5400,
    context: { stoppedBy: 'maintenance', fallback: 'queue' },
  });
  expect([asked, vendor.state, vendor.health().maintenanceUntil]).toEqual([
    0,
    'open',
    new Date('2026-11-22T09:00:00Z'),
  ]);
  at('2026-11-22T09:00:00Z');
  await expect(vendor.run('orders', call)).resolves.toBe(1);
  expect(vendor.health()).toMatchObject({ maintenanceUntil: undefined, failedAt: undefined });
});

it('tells since when it is connected, and until when its credential is good', async () => {
  const { vendor, at } = vendorAt('2026-11-21T08:00:00Z');
  await vendor.run('orders', answer);
  at('2026-11-21T08:05:00Z');
  await refusalOf(vendor.run('orders', () => Promise.reject(new Problem('period-closed'))));
  expect(vendor.health()).toMatchObject({
    connectedSince: new Date('2026-11-21T08:00:00Z'),
    answeredAt: new Date('2026-11-21T08:05:00Z'),
  });
  await refusalOf(vendor.run('orders', down));
  expect(vendor.health()).toMatchObject({ connectedSince: undefined, failedAt: new Date('2026-11-21T08:05:00Z') });
  vendor.credential({ kind: 'token', expiresAt: new Date('2026-11-21T08:30:00Z') });
  vendor.credential({ kind: 'key', expiresAt: new Date('2026-11-21T09:00:00Z') });
  expect(vendor.health().credentialExpiresAt).toEqual(new Date('2026-11-21T09:00:00Z'));
});

it('gives repetitions to a tenth of the calls only, over all its capabilities', async () => {
  const time = { now: () => 0, random: () => 0, sleep: () => Promise.resolve() };
  const { vendor } = vendorAt('2026-11-21T08:00:00Z', { time, retry: { attempts: 3 }, breaker: { volume: 10_000 } });
  let asked = 0;
  const failing = () => {
    asked += 1;
    return down();
  };
  for (let n = 0; n < 500; n += 1) await refusalOf(vendor.run(`capability-${n % 5}`, failing));
  expect(asked).toBeLessThanOrEqual(500 + 50 + 10);
});

it('that goes on failing is shown with the reason for which it fails, also while its probes are held back', async () => {
  const { vendor } = vendorAt('2026-11-21T08:00:00Z', { probeMs: 5 });
  let probes = 0;
  const unplugged = () =>
    Promise.reject(new Problem('upstream-unavailable', 'gone', { context: { reason: 'connection' } }));
  vendor.watch(() => {
    probes += 1;
    return vendor.run('list', unplugged);
  });
  while (probes < 6) await new Promise((resolve) => setTimeout(resolve, 5));
  vendor.close();
  expect(vendor.health()).toMatchObject({
    status: 'down',
    failure: 'connection',
    capabilities: [{ capability: 'list', state: 'open' }],
  });
});
