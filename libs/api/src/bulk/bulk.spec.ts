/** Many entries in one request: taken in durably, worked through one by one, each once. */
import { once } from 'node:events';
import path from 'node:path';
import { sql } from 'kysely';
import { Problem } from '@concord/canonical';
import { inOtherProcess } from '@concord/testing';
import { BEDS, JOBS, Ward, wardApi, wardClients, type NewBed } from '../fixture/ward.js';
import { bookIn, bulkJobsOver } from '../fixture/bulk-until-killed.js';
import { smallHost, type Answer, type SmallHost } from '../fixture/small-host.js';

let ward: Ward;
let host: SmallHost;
let keys = 0;
let made: [key: string, bed: NewBed][];

beforeAll(async () => {
  ward = new Ward();
  const platform = { handlerTimeoutMs: 5000 };
  host = await smallHost({ apis: [wardApi(ward)], clients: wardClients, platform });
});

afterAll(() => host.stop());

beforeEach(() => {
  made = [];
  ward.makeBed = async (key, bed) => made.push([key, bed]);
});

const bed = (place: string): NewBed => ({ place, kind: 'adult' });
const bedsOf = (count: number) => Array.from({ length: count }, (_, i) => bed(`room ${i + 1}`));
const linesMade = () => made.map(([key]) => Number(key.split('/')[1])).sort((a, b) => a - b);
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const post = (items: unknown, key = `bulk-${(keys += 1)}`) =>
  host.call('matron', `${BEDS}/bulk`, { method: 'POST', body: { items }, key });

const jobAt = (location: string) => host.call('matron', location);

async function accepted(items: unknown): Promise<string> {
  const { status, headers } = await post(items);
  expect(status).toBe(202);
  return headers.get('location')!;
}

async function ended(location: string): Promise<Answer['body']> {
  for (let waited = 0; waited < 20_000; waited += 20) {
    const { body } = await jobAt(location);
    if (body['endedAt'] !== undefined) return body;
    await pause(20);
  }
  throw new Error('The job did not end within 20 s');
}

describe('a bulk', () => {
  it('is answered before it is worked at, and every entry has its effect once under a key of its own', async () => {
    const answer = await post(bedsOf(120));
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toBe(`${JOBS}/${String(answer.body['id'])}`);
    expect(answer.body).toMatchObject({ resource: 'beds', total: 120 });
    const job = await ended(answer.headers.get('location')!);
    expect(job).toMatchObject({ status: 'done', total: 120, done: 120, failed: 0 });
    expect(linesMade()).toEqual(upTo(120));
    expect(made.every(([key]) => key.startsWith(`${String(job['id'])}/`))).toBe(true);
    expect(made.map(([key, { place }]) => place === `room ${key.split('/')[1]}`)).not.toContain(false);
  });

  it('tells the faults of each entry by its line, and goes on with the others', async () => {
    ward.makeBed = async (key, { place }) => {
      if (place === 'stairs') throw new Problem('conflict', 'No bed stands there', { context: { place: 'STAIRS' } });
      made.push([key, bed(place)]);
    };
    const items = [bed('a'), { place: 7, colour: 'white' }, bed('b'), 'no bed', bed('stairs'), bed('c')];
    const location = await accepted(items);
    expect(await ended(location)).toMatchObject({ status: 'done', done: 3, failed: 3 });
    expect(linesMade()).toEqual([1, 3, 6]);

    const first = await host.call('matron', `${location}/faults?page_size=2`);
    const rest = await host.call('matron', `${location}/faults?page_token=${String(first.body['nextPageToken'])}`);
    expect(rest.body).not.toHaveProperty('nextPageToken');
    const faults = [first, rest].flatMap(({ body }) => body['items'] as { line: number; errors: object[] }[]);
    expect(faults).toMatchObject([
      { line: 2, code: 'validation-failed' },
      { line: 4, code: 'validation-failed', errors: [{ code: 'type' }] },
      { line: 5, code: 'conflict', detail: 'No bed stands there', errors: [] },
    ]);
    expect(faults[0]!.errors).toEqual(
      expect.arrayContaining([
        { pointer: '/place', code: 'type', detail: 'must be string' },
        { pointer: '/kind', code: 'required', detail: 'is missing' },
        { code: 'undeclared', detail: 'has a member that is not declared' },
      ]),
    );
  });

  it('that is sent again is the same job', async () => {
    const first = await post(bedsOf(3), 'the-same');
    const again = await post(bedsOf(3), 'the-same');
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    await ended(first.headers.get('location')!);
    expect(made).toHaveLength(3);
  });

  it('is bounded: not empty, 10,000 entries and 4 MiB at most', async () => {
    for (const wrong of [[], bedsOf(10_001), 'beds']) {
      const refused = await post(wrong);
      expect([refused.status, refused.body['code']]).toEqual([422, 'validation-failed']);
    }
    expect((await post([bed('x'.repeat(4 * 1024 * 1024))])).status).toBe(413);
    expect((await post([bed('x'.repeat(2 * 1024 * 1024))])).status).toBe(202);
    expect((await host.call('matron', `${BEDS}/bulk`, { method: 'POST', body: {}, key: 'none' })).status).toBe(422);
    expect((await host.call('reader', `${BEDS}/bulk`, { method: 'POST', body: {}, key: 'not' })).status).toBe(403);
  });

  it('of 10,000 entries is taken in, and worked through batch by batch', async () => {
    const location = await accepted(bedsOf(10_000));
    while (made.length < 450) await pause(10);
    await host.call('matron', location, { method: 'DELETE', key: 'enough' });
    const job = await ended(location);
    expect(job).toMatchObject({ status: 'cancelled', total: 10_000, done: made.length, failed: 0 });
    expect(linesMade()).toEqual(upTo(made.length));
  });
});

describe('a job', () => {
  it('is seen by the client that made it only', async () => {
    const location = await accepted(bedsOf(1));
    expect((await host.call('sister', location)).status).toBe(404);
    expect((await host.call('sister', `${location}/faults`)).status).toBe(404);
    expect((await host.call('sister', location, { method: 'DELETE', key: 'cancel-other' })).status).toBe(404);
    expect((await host.call('sister', JOBS)).body).toEqual({ items: [] });
    const { items } = (await host.call('matron', `${JOBS}?page_size=1`)).body as { items: { id: string }[] };
    expect(items.map(({ id }) => `${JOBS}/${id}`)).toEqual([location]);
  });

  it('tells while it runs when it will have ended, and nothing new where nothing is', async () => {
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    ward.makeBed = async (key) => {
      if (Number(key.split('/')[1]) > 100) await gate;
    };
    const location = await accepted(bedsOf(110));
    let job = await jobAt(location);
    while (job.body['done'] !== 100) job = await jobAt(location);
    expect(job.body).toMatchObject({ status: 'running', startedAt: expect.any(String) });
    expect(Date.parse(String(job.body['estimatedEndAt']))).toBeGreaterThan(Date.parse(String(job.body['startedAt'])));
    const held = { 'if-none-match': job.headers.get('etag')! };
    expect((await host.call('matron', location, { headers: held })).status).toBe(304);
    go();
    expect(await ended(location)).not.toHaveProperty('estimatedEndAt');
  });

  it('that is cancelled begins nothing more, and keeps what is done', async () => {
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    ward.makeBed = async (key, one) => {
      await gate;
      made.push([key, one]);
    };
    const location = await accepted(bedsOf(300));
    await pause(50);
    const cancelled = await host.call('matron', location, { method: 'DELETE', key: 'cancel-1' });
    expect(cancelled.body).toMatchObject({ status: 'cancelling' });
    go();
    const job = await ended(location);
    expect(job['status']).toBe('cancelled');
    expect(job['done']).toBe(made.length);
    expect(made.length).toBeLessThanOrEqual(100);
    const { rows } = await sql`select from api.job_item where job = ${job['id']} and entry is not null`.execute(
      host.platform.database,
    );
    expect(rows).toEqual([]);
  });

  it('waits for a system that does not answer, and tries the same entry under the same key', async () => {
    let failures = 3;
    const tried: string[] = [];
    ward.makeBed = async (key, one) => {
      tried.push(key);
      if (failures-- > 0) throw new Problem('upstream-unavailable');
      made.push([key, one]);
    };
    const job = await ended(await accepted(bedsOf(10)));
    expect(job).toMatchObject({ status: 'done', done: 10, failed: 0 });
    expect(linesMade()).toEqual(upTo(10));
    expect(tried.length).toBe(13);
  });

  it('keeps what was sent sealed', async () => {
    const worked = Promise.withResolvers<undefined>();
    ward.makeBed = () => worked.promise;
    const location = await accepted([bed('Testperson corner')]);
    const { rows } = await sql<{ entry: Buffer }>`
      select entry from api.job_item where entry is not null`.execute(host.platform.database);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.some(({ entry }) => entry.includes('Testperson'))).toBe(false);
    worked.resolve(undefined);
    await ended(location);
  });
});

it('goes on where a process was killed, and repeats nothing', async () => {
  const { database, databaseUrl } = { database: host.platform.database, databaseUrl: host.databaseUrl };
  await sql`create table public.booking (key text primary key, asked int not null default 1)`.execute(database);
  const jobs = bulkJobsOver(database);
  const { id } = await jobs.accept('matron', 'killed', 'bookings', bedsOf(300));
  for (const diesAfter of [130]) {
    const module = path.join(import.meta.dirname, '../fixture/bulk-until-killed.ts');
    const child = inOtherProcess(module, 'workUntilKilled', { databaseUrl, diesAfter });
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
  }
  jobs.register('bookings', 'bulkBookings', bookIn(database));
  jobs.start(() => []);
  let job = await jobs.read('matron', id);
  while (!job.endedAt) {
    await pause(20);
    job = await jobs.read('matron', id);
  }
  await jobs.onModuleDestroy();
  expect(job).toMatchObject({ status: 'done', total: 300, done: 300, failed: 0 });
  const { rows } = await sql<{ key: string; asked: number }>`select key, asked from public.booking`.execute(database);
  expect(rows.map(({ key }) => key).sort()).toEqual(
    upTo(300)
      .map((line) => `${id}/${line}`)
      .sort(),
  );
  // Only what was being worked at when a process died is asked for again, under its key.
  expect(rows.filter(({ asked }) => asked > 1).length).toBeLessThanOrEqual(2 * 100);
  expect(rows.some(({ asked }) => asked > 1)).toBe(true);
});
