import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { inOtherProcess } from '@concord/testing';
import { startRestate } from './embedded/restate.launcher.js';
import type { OtherProcess } from './fixture/run-until-killed.js';
import { deploymentOf } from './fixture/visit-to-books.js';
import { Visits } from './fixture/visits.js';
import { Workbench } from './fixture/workbench.js';
import { RestateRuntime } from './restate.js';
import type { WorkflowRuntime } from './runtime.js';

let bench: Workbench;
let visits: Visits;

beforeAll(async () => {
  bench = await Workbench.open();
  visits = new Visits(bench);
});

afterAll(() => bench.close());

beforeEach(() => bench.books.forget());

const start = (): Promise<WorkflowRuntime> => bench.start(deploymentOf(bench.books, bench.database));

/** Another process that runs the same workflow on the same database and Restate. */
async function otherProcess(diesAfter?: string): Promise<ChildProcess> {
  const { ingressUrl, adminUrl } = bench.restate;
  const vaultFile = join(bench.folder, 'vault.key');
  const told: OtherProcess = {
    databaseUrl: bench.postgres.url,
    restate: { ingressUrl, adminUrl },
    vaultFile,
    diesAfter,
  };
  const child = inOtherProcess(join(import.meta.dirname, 'fixture/run-until-killed.ts'), 'runUntilKilled', told);
  await once(child.stdout!, 'data');
  return child;
}

async function isGone(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** Records visits, and says all at once that they ended. */
async function many(prefix: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
  for (const id of ids) await visits.recorded(id, {});
  await Promise.all(ids.map((id) => visits.ended(id)));
  return ids;
}

/** Each run has ended, and wrote each document once. */
async function allBookedOnce(ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await visits.run(id, 'completed');
    expect([...(await visits.writes(id))].sort()).toEqual(['do claim/0', 'do journal/0', 'do stock/0']);
    expect(await visits.booked(id)).toHaveLength(1);
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('a process that dies between a write and its answer leaves a run that goes on with the figures it began with', async () => {
  const child = await otherProcess('stock');
  await visits.recorded('A-1', { amount: 100, supplies: 2 });
  await visits.ended('A-1');
  await isGone(child);
  expect(await bench.run(visits.runId('A-1'))).toMatchObject({ status: 'running' });
  await visits.recorded('A-1', { amount: 1, supplies: 1 }); // the record changes, and nobody says so
  const runtime = await start();
  await visits.run('A-1', 'completed');
  expect(await visits.writes('A-1')).toEqual(['do claim/0', 'do stock/0', 'do journal/0']);
  expect((await visits.live('A-1'))['ledger']).toEqual([{ debit: 100, credit: 100, quantity: 2 }]);
  await runtime.stop();
});

test('a newer event waits until the run that was cut off has ended with the older one', async () => {
  const child = await otherProcess('claims');
  await visits.recorded('A-2', { amount: 100 });
  await visits.ended('A-2');
  await isGone(child);
  await visits.recorded('A-2', { amount: 60 });
  await visits.cancelled('A-2');
  await visits.ended('A-2');
  const runtime = await start();
  await visits.run('A-2', 'completed');
  expect((await visits.booked('A-2')).map(({ amount }) => amount)).toEqual([100, 60]);
  expect((await visits.live('A-2'))['claims']).toEqual([{ visit: 'A-2', code: '99213', amount: 60 }]);
  await runtime.stop();
});

test('when the process that Restate calls is killed, another one takes over', async () => {
  const runtime = await start();
  const child = await otherProcess();
  const before = await many('B', 20);
  await pause(100);
  child.kill('SIGKILL');
  await allBookedOnce([...before, ...(await many('B-after', 20))]);
  await runtime.stop();
});

test('two processes on one database do everything once, also when one of them stops in the middle', async () => {
  const [one, other] = [await start(), await start()];
  bench.books.script = () => 'slow';
  const ids = await many('C', 60);
  await pause(200);
  await other.stop();
  await allBookedOnce(ids);
  await one.stop();
});

test('when Restate has lost everything it had, every run ends', async () => {
  const runtime = await start();
  bench.books.script = () => 'slow';
  const ids = await many('D', 60);
  await pause(100);
  await bench.restate.stop();
  rmSync(join(bench.folder, 'restate/nodes'), { recursive: true });
  await pause(300);
  bench.restate = await startRestate({ dataDir: join(bench.folder, 'restate'), log: () => undefined });
  await allBookedOnce(ids);
  await runtime.stop();
});

test('a stop waits for the write in hand, leaves the rest for later, and needs neither Restate nor much time', async () => {
  const runtime = await start();
  bench.books.script = () => 'slow';
  const ids = await many('E', 20);
  await bench.until('the first write', async () => bench.books.calls.length > 0);
  await bench.restate.stop();
  const began = performance.now();
  await runtime.stop();
  expect(performance.now() - began).toBeLessThan(2000);
  const { length } = bench.books.calls;
  await pause(100);
  expect(bench.books.calls).toHaveLength(length);
  bench.restate = await startRestate({ dataDir: join(bench.folder, 'restate'), log: () => undefined });
  const next = await start();
  await allBookedOnce(ids);
  await next.stop();
});

test('a Restate that does not sign its calls may not call where a signature is asked for', async () => {
  const identityKeys = ['publickeyv1_w7YHemBctH5Ck2nQRQ47iBBqhNHy4FV7t2Usbye2A6f'];
  const strict = new RestateRuntime(bench.restate, { host: '127.0.0.1', port: 0, identityKeys });
  await expect(strict.serve({ 'signed-only': () => Promise.resolve() })).rejects.toThrow('POST /deployments');
  await strict.stop();
});
