import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  createDatabase,
  migrate,
  openDatabase,
  startPostgres,
  type Database,
  type PostgresServer,
} from '@concord/database';
import { logTo } from '@concord/observability';
import fc from 'fast-check';
import { sql } from 'kysely';
import { Crosswalks, masterDataMigrations, type CrosswalkEntry } from './index.js';

const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'concord-master-data-'));
let server: PostgresServer;
let database: Database;

beforeAll(async () => {
  server = await startPostgres({ dataDir, log: () => undefined });
  database = openDatabase(server.url);
  await migrate(database, 'master-data', masterDataMigrations);
});
beforeEach(() =>
  sql`truncate master_data.crosswalk_entry, master_data.crosswalk_entry_before restart identity`.execute(database),
);
afterAll(async () => {
  await database.destroy();
  await server.stop();
  fs.rmSync(dataDir, { recursive: true });
});

const SNOMED = 'http://snomed.info/sct';
const entry = (target: string, validFrom?: string, code = '185349003'): CrosswalkEntry => ({
  crosswalk: 'service-code',
  system: SNOMED,
  code,
  target,
  validFrom,
});
const meaning = (crosswalks: Crosswalks, on: string, code = '185349003') =>
  crosswalks.translate('service-code', SNOMED, code, on);

test('a code means what was said for its day', async () => {
  const crosswalks = new Crosswalks(database);
  await crosswalks.seed([entry('CH-OLD')]);
  await crosswalks.add(entry('CH-2027', '2027-01-01'), 'steward');
  await crosswalks.add(entry('CH-2026', '2026-07-01'), 'steward');
  await crosswalks.refresh();
  const days = ['1999-12-31', '2026-06-30', '2026-07-01', '2026-12-31', '2027-01-01', '2199-01-01'];
  expect(days.map((day) => meaning(crosswalks, day))).toEqual([
    'CH-OLD',
    'CH-OLD',
    'CH-2026',
    'CH-2026',
    'CH-2027',
    'CH-2027',
  ]);
});

test('in whatever order translations come, the latest that has begun counts', async () => {
  const dayOf = (n: number) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10);
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.nat(60), { minLength: 1, maxLength: 8 }), fc.nat(70), async (days, asked) => {
      const code = `code-${(round += 1)}`;
      const crosswalks = new Crosswalks(database);
      for (const day of days) await crosswalks.add(entry(`CH-${day}`, dayOf(day), code), 'steward');
      await crosswalks.refresh();
      const begun = days.filter((day) => day <= asked);
      expect(meaning(crosswalks, dayOf(asked), code)).toBe(begun.length ? `CH-${Math.max(...begun)}` : undefined);
    }),
    { numRuns: 30 },
  );
});

test('a code, a system or a crosswalk that nobody has named means nothing', async () => {
  const crosswalks = new Crosswalks(database);
  await crosswalks.seed([entry('CH-OLD', '2026-01-01')]);
  await crosswalks.refresh();
  expect(meaning(crosswalks, '2025-12-31')).toBeUndefined();
  expect(meaning(crosswalks, '2026-01-01', 'other')).toBeUndefined();
  expect(crosswalks.translate('payer', SNOMED, '185349003', '2026-01-01')).toBeUndefined();
  expect(crosswalks.translate('service-code', 'urn:other', '185349003', '2026-01-01')).toBeUndefined();
});

describe('a translation for a day', () => {
  test('may be added again, and stays the first one where another contradicts it', async () => {
    const crosswalks = new Crosswalks(database);
    await crosswalks.add(entry('CH-A', '2026-01-01'), 'steward');
    await crosswalks.add(entry('CH-A', '2026-01-01'), 'another steward');
    const other = crosswalks.add(entry('CH-B', '2026-01-01'), 'steward');
    await expect(other).rejects.toMatchObject({
      slug: 'conflict',
      context: { crosswalk: 'service-code', code: '185349003' },
    });
    await crosswalks.refresh();
    expect(meaning(crosswalks, '2026-01-01')).toBe('CH-A');
  });

  test('of which two stewards say different things at once is that of one of them', async () => {
    const [one, two] = [new Crosswalks(database), new Crosswalks(database)];
    const outcomes = await Promise.allSettled([one.add(entry('CH-A'), 'one'), two.add(entry('CH-B'), 'two')]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await Promise.all([one.refresh(), two.refresh()]);
    expect(meaning(one, '2026-01-01')).toBe(meaning(two, '2026-01-01'));
  });

  test('that a steward added is not undone by the data of the repository', async () => {
    const crosswalks = new Crosswalks(database);
    await crosswalks.add(entry('CH-STEWARD'), 'steward');
    await crosswalks.seed([entry('CH-SEED'), entry('CH-OTHER', undefined, 'other')]);
    await crosswalks.refresh();
    expect([meaning(crosswalks, '2026-01-01'), meaning(crosswalks, '2026-01-01', 'other')]).toEqual([
      'CH-STEWARD',
      'CH-OTHER',
    ]);
  });
});

describe('the data of a new version of the repository', () => {
  const history = async () =>
    (
      await sql<{ code: string; target: string; added_by: string }>`
        select code, target, added_by from master_data.crosswalk_entry_before order by position`.execute(database)
    ).rows;
  const DAY = '2026-01-01';

  test('corrects what an earlier one said, here and in every process, and what it said is kept', async () => {
    const there = new Crosswalks(database);
    await there.seed([entry('CH-WRONG'), entry('CH-SAME', undefined, 'same')]);
    await there.refresh();
    const here = new Crosswalks(database);
    await here.seed([entry('CH-RIGHT'), entry('CH-SAME', undefined, 'same')]);
    await here.refresh();
    expect([meaning(here, DAY), meaning(here, DAY, 'same')]).toEqual(['CH-RIGHT', 'CH-SAME']);
    expect(await history()).toEqual([{ code: '185349003', target: 'CH-WRONG', added_by: 'seed' }]);
    await new Promise((resolve) => setTimeout(resolve, 1050));
    await there.refresh();
    expect(meaning(there, DAY)).toBe('CH-RIGHT');
  });

  test('corrects again, and once only, however often it starts', async () => {
    for (const target of ['CH-1', 'CH-1', 'CH-2', 'CH-2', 'CH-3']) await new Crosswalks(database).seed([entry(target)]);
    const crosswalks = new Crosswalks(database);
    await crosswalks.refresh();
    expect(meaning(crosswalks, DAY)).toBe('CH-3');
    expect((await history()).map(({ target }) => target)).toEqual(['CH-1', 'CH-2']);
  });

  test('does not touch what a person added or changed, and tells where it differs, once', async () => {
    const crosswalks = new Crosswalks(database);
    const seed = (target: string) => [entry(target), entry(target, undefined, 'by hand'), entry(target, DAY, 'added')];
    await crosswalks.add(entry('CH-STEWARD', DAY, 'added'), 'steward');
    await crosswalks.seed(seed('CH-1'));
    await sql`update master_data.crosswalk_entry set target = 'CH-HAND' where code = 'by hand'`.execute(database);
    let told: string[] = [];
    logTo({ level: 'warn', destination: { write: (line) => (told = [...told, line]) } });
    await crosswalks.seed(seed('CH-2'));
    logTo({ level: 'fatal' });
    await crosswalks.refresh();
    expect(['185349003', 'by hand', 'added'].map((code) => meaning(crosswalks, DAY, code))).toEqual([
      'CH-2',
      'CH-HAND',
      'CH-STEWARD',
    ]);
    const lines = told.map(
      (line) => JSON.parse(line) as { event: string; name: string; state: string; reason: string },
    );
    expect(lines.map(({ event, name, state, reason }) => [event, name, state, reason])).toEqual([
      ['crosswalk.differs-from-seed', 'service-code/added', 'CH-STEWARD', 'seed:CH-2'],
      ['crosswalk.differs-from-seed', 'service-code/by-hand', 'CH-HAND', 'seed:CH-2'],
    ]);
  });

  test('that a person dated a change of counts up to that day', async () => {
    const crosswalks = new Crosswalks(database);
    await crosswalks.seed([entry('CH-1')]);
    await crosswalks.add(entry('CH-STEWARD', DAY), 'steward');
    await crosswalks.seed([entry('CH-2')]);
    await crosswalks.refresh();
    expect([meaning(crosswalks, '2025-12-31'), meaning(crosswalks, DAY)]).toEqual(['CH-2', 'CH-STEWARD']);
  });

  test('that says two things of one code means the first, whenever it starts', async () => {
    for (let start = 0; start < 3; start += 1) await new Crosswalks(database).seed([entry('CH-A'), entry('CH-B')]);
    const crosswalks = new Crosswalks(database);
    await crosswalks.refresh();
    expect(meaning(crosswalks, DAY)).toBe('CH-A');
    expect(await history()).toEqual([]);
  });

  test('corrects an installation that was seeded before it was noted what the data said', async () => {
    const older = openDatabase(await createDatabase(server.url, 'older'));
    await migrate(older, 'master-data', { '001-crosswalk': masterDataMigrations['001-crosswalk'] });
    await sql`
      insert into master_data.crosswalk_entry (crosswalk, system, code, target, valid_from, added_by)
      values ('service-code', ${SNOMED}, '185349003', 'CH-WRONG', '0001-01-01', 'seed'),
        ('service-code', ${SNOMED}, 'other', 'CH-STEWARD', '0001-01-01', 'steward')`.execute(older);
    await migrate(older, 'master-data', masterDataMigrations);
    const crosswalks = new Crosswalks(older);
    await crosswalks.seed([entry('CH-RIGHT'), entry('CH-SEED', undefined, 'other')]);
    await crosswalks.refresh();
    expect([meaning(crosswalks, DAY), meaning(crosswalks, DAY, 'other')]).toEqual(['CH-RIGHT', 'CH-STEWARD']);
    await older.destroy();
  });
});

describe('what was added', () => {
  test('is in force here after the next refresh, also while another look is under way', async () => {
    const crosswalks = new Crosswalks(database);
    await crosswalks.refresh();
    for (let i = 0; i < 20; i += 1) {
      const looking = new Crosswalks(database).refresh().then(() => crosswalks.refresh());
      await crosswalks.add(entry(`CH-${i}`, undefined, `code-${i}`), 'steward');
      await crosswalks.refresh();
      expect(meaning(crosswalks, '2026-01-01', `code-${i}`)).toBe(`CH-${i}`);
      await looking;
    }
  });

  test('by another process is in force here within a second', async () => {
    const [here, there] = [new Crosswalks(database), new Crosswalks(database)];
    await here.refresh();
    await there.add(entry('CH-THERE'), 'steward');
    await new Promise((resolve) => setTimeout(resolve, 1050));
    await here.refresh();
    expect(meaning(here, '2026-01-01')).toBe('CH-THERE');
  });

  test('and committed late is not missed by whoever read later ones', async () => {
    const [here, there] = [new Crosswalks(database), new Crosswalks(database)];
    const slow = `create function slow_entry() returns trigger language plpgsql as
      $$ begin if new.code = 'slow' then perform pg_sleep(0.5); end if; return null; end $$;
      create constraint trigger slow after insert on master_data.crosswalk_entry deferrable initially deferred
        for each row execute function slow_entry()`;
    await sql.raw(slow).execute(database);
    const late = there.add(entry('CH-SLOW', undefined, 'slow'), 'steward');
    await new Promise((resolve) => setTimeout(resolve, 100));
    await here.add(entry('CH-QUICK', undefined, 'quick'), 'steward');
    await here.refresh();
    await late;
    await new Promise((resolve) => setTimeout(resolve, 1050));
    await here.refresh();
    expect([meaning(here, '2026-01-01', 'quick'), meaning(here, '2026-01-01', 'slow')]).toEqual([
      'CH-QUICK',
      'CH-SLOW',
    ]);
    await sql`drop trigger slow on master_data.crosswalk_entry`.execute(database);
  });

  test('is looked for once a second at most, whoever asks', async () => {
    let queries = 0;
    const counted = database.withPlugin({
      transformQuery: ({ node }) => ((queries += 1), node),
      transformResult: async ({ result }) => result,
    });
    const crosswalks = new Crosswalks(counted);
    await Promise.all(Array.from({ length: 50 }, () => crosswalks.refresh()));
    for (let i = 0; i < 50; i += 1) await crosswalks.refresh();
    expect(queries).toBe(1);
  });
});
