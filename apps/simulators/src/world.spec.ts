import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatorClock } from './clock.js';
import { faultyServer, listen } from './http.js';
import type { StartSimulator } from './simulator.js';
import { startWorld, type World } from './world.js';

/** A laboratory that answers with a result, and hands in its report after a day. */
const laboratory: StartSimulator = async ({ port, clock, faults }) => {
  let done = 0;
  let reported = 0;
  const server = faultyServer(faults);
  server.post('/orders', { config: { operation: 'order' } }, () => {
    done += 1;
    clock.after(86_400_000, () => void (reported += 1));
    return { result: 'synthetic', done };
  });
  server.get('/done', () => ({ done, reported }));
  return { url: await listen(server, port), close: () => server.close() };
};

describe('The simulators', () => {
  let world: World;
  let lab: string;

  beforeAll(async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'concord-simulators-'));
    world = await startWorld({ port: 0, dataDir, simulators: { laboratory }, clock: new SimulatorClock() });
    lab = world.urls['laboratory']!;
  });

  afterAll(() => world.close());

  const post = (url: string, body: object) =>
    fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const fault = async (told: object) =>
    expect((await post(`${world.controlUrl}/faults/laboratory`, { operation: 'order', ...told })).status).toBe(204);
  const order = () => fetch(`${lab}/orders`, { method: 'POST', signal: AbortSignal.timeout(500) });
  const done = async () => ((await (await fetch(`${lab}/done`)).json()) as { done: number }).done;

  afterEach(() => fetch(`${world.controlUrl}/faults`, { method: 'DELETE' }));

  it('fail as often as they are told, and are then well', async () => {
    await fault({ kind: 'rate-limited', times: 2, retryAfter: 7 });
    const answers = [await order(), await order(), await order()];
    expect(answers.map(({ status }) => status)).toEqual([429, 429, 200]);
    expect(answers[0]!.headers.get('retry-after')).toBe('7');
  });

  it.each([
    ['timeout', 'TimeoutError'],
    ['reset', 'TypeError'],
  ])('do nothing when they are told: %s', async (kind, error) => {
    const before = await done();
    await fault({ kind });
    await expect(order()).rejects.toMatchObject({ name: error });
    await expect(done()).resolves.toBe(before);
  });

  it('do it and lose the reply', async () => {
    const before = await done();
    await fault({ kind: 'reply-lost' });
    await expect(order()).rejects.toThrow();
    await expect(done()).resolves.toBe(before + 1);
  });

  it('answer what cannot be read, what is something else, and what takes its time', async () => {
    for (const kind of ['malformed', 'wrong-schema', 'slow-drip']) await fault({ kind, delayMs: 20 });
    await expect((await order()).json()).rejects.toThrow();
    await expect((await order()).json()).resolves.toEqual({ unexpected: expect.any(Array) });
    const began = performance.now();
    await expect((await order()).json()).resolves.toMatchObject({ result: 'synthetic' });
    expect(performance.now() - began).toBeGreaterThan(35);
  });

  it('are closed during a maintenance window, and open when the clock has passed it', async () => {
    const { now } = (await (await fetch(world.controlUrl)).json()) as { now: string };
    await fault({ operation: '*', kind: 'maintenance', until: new Date(Date.parse(now) + 3_600_000).toISOString() });
    expect([(await order()).status, (await order()).status]).toEqual([503, 503]);
    expect((await post(`${world.controlUrl}/clock`, { turn: '1 hours' })).status).toBe(200);
    expect((await order()).status).toBe(200);
  });

  it('live through days in a moment', async () => {
    await order();
    const before = (await (await fetch(`${lab}/done`)).json()) as { done: number };
    await post(`${world.controlUrl}/clock`, { turn: '2 days' });
    await expect((await fetch(`${lab}/done`)).json()).resolves.toEqual({ ...before, reported: before.done });
  });

  it('refuse what they do not know how to do wrong', async () => {
    const told = { operation: 'order', kind: 'sulk' };
    expect((await post(`${world.controlUrl}/faults/laboratory`, told)).status).toBe(400);
    expect((await post(`${world.controlUrl}/faults/nobody`, { ...told, kind: 'reset' })).status).toBe(404);
    expect((await post(`${world.controlUrl}/clock`, { turn: '1 fortnight' })).status).toBe(400);
  });
});
