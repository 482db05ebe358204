import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { sql } from 'kysely';
import { createDatabase, cloneDatabase, dropDatabase } from './create-database.js';
import { openDatabase, type Database } from './database.js';
import { startPostgres, type PostgresServer } from './embedded/postgres.launcher.js';
import { migrate } from './migrate.js';
import { putChanged } from './put-changed.js';
import { rowsOf } from './rows-of.js';

const dataDir = mkdtempSync(join(tmpdir(), 'concord-database-'));
let server: PostgresServer;
let db: Database;

beforeAll(async () => {
  server = await startPostgres({ dataDir, log: () => undefined });
  db = openDatabase(server.url);
});

afterAll(async () => {
  await db.destroy();
  await server.stop();
  rmSync(dataDir, { recursive: true });
});

const one = async (value: string): Promise<unknown> =>
  (await sql.raw<{ value: unknown }>(`select ${value} as value`).execute(db)).rows[0]?.value;

describe('what comes back', () => {
  test('a bigint is a number, and one that a number cannot hold is refused', async () => {
    expect(await one('9007199254740991::int8')).toBe(Number.MAX_SAFE_INTEGER);
    expect(await one('array[1, null, -2]::int8[]')).toEqual([1, null, -2]);
    await expect(one('9007199254740992::int8')).rejects.toThrow(RangeError);
    expect(await one('1')).toBe(1);
  });

  test('an amount of money keeps every digit', async () => {
    expect(await one('1234567890123456.10::numeric(18,2)')).toBe('1234567890123456.10');
    expect(await one('array[0.10, 20.00]::numeric[]')).toEqual(['0.10', '20.00']);
  });

  test('a date of service stays on its day, a moment is a Date', async () => {
    expect(await one(`date '2024-02-29'`)).toBe('2024-02-29');
    expect(await one(`timestamptz '2024-02-29T12:00:00+02'`)).toEqual(new Date('2024-02-29T10:00:00Z'));
  });

  test('any safe integer survives the way in and back', async () => {
    const integers = fc.array(fc.maxSafeInteger(), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(integers, async (list) => {
        const { rows } = await sql<{ back: number[] }>`select ${list}::int8[] as back`.execute(db);
        expect(rows[0]?.back.map(String)).toEqual(list.map((item) => String(item + 0)));
      }),
      { numRuns: 30 },
    );
  });
});

describe('rows to select from', () => {
  const columns = {
    id: 'int',
    name: 'text',
    'odd "name"': 'text[]',
    at: 'timestamptz',
    one: 'json',
    other: 'jsonb',
  } as const;
  const sent = async (rows: readonly object[]) =>
    (await sql<Record<string, unknown>>`select * from ${rowsOf(columns, rows)} as given`.execute(db)).rows;

  test('are there as they were given, in their order, whatever they say', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 8 }).map((any) => any.replaceAll('\0', '') + '\n" \\ é');
    const document = fc.dictionary(text, fc.oneof(text, fc.integer(), fc.constant(null), fc.array(text)), {
      maxKeys: 3,
    });
    const at = fc.date({ min: new Date(0), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true });
    const row = fc.record({
      id: fc.integer({ min: 0, max: 1e9 }),
      name: fc.option(text),
      'odd "name"': fc.option(fc.array(text, { maxLength: 3 })),
      at: fc.option(at),
      one: fc.option(fc.oneof(document, text)),
      other: fc.option(document),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 5 }), async (rows) => {
        const given = rows.map((one, index) => ({ ...one, ordinality: index + 1 }));
        expect(await sent(rows)).toEqual(
          JSON.parse(JSON.stringify(given), (key, value) => (key === 'at' && value ? new Date(value) : value)),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('are null where nothing was given, and nothing else of them is sent', async () => {
    const nothing = { name: null, 'odd "name"': null, at: null, one: null, other: null };
    expect(await sent([{ id: 1, more: 'than asked' }])).toEqual([{ id: 1, ...nothing, ordinality: 1 }]);
    expect(await sent([])).toEqual([]);
  });
});

describe('what is told again and again', () => {
  const told = async (at: string, price: string, codes: string[]) => {
    const rows = [
      { code: 'A', price, codes },
      { code: 'B', price: '2', codes: [] },
    ];
    await putChanged(db, 'told', ['code'], rows, new Date(at));
    const { rows: there } = await sql<{ code: string; price: string; changed_at: Date }>`
      select code, price, changed_at from told order by code`.execute(db);
    return there.map(({ code, price: of, changed_at }) => `${code} ${of} ${changed_at.toISOString().slice(0, 10)}`);
  };

  test('changes nothing where it is the same as before, and only the row that differs where it is not', async () => {
    await sql`create table told (code text primary key, price numeric(9, 2), codes text[],
      changed_at timestamptz not null)`.execute(db);
    expect(await told('2026-01-01', '1', [])).toEqual(['A 1.00 2026-01-01', 'B 2.00 2026-01-01']);
    expect(await told('2026-02-02', '1.00', [])).toEqual(['A 1.00 2026-01-01', 'B 2.00 2026-01-01']);
    expect(await told('2026-03-03', '1.50', [])).toEqual(['A 1.50 2026-03-03', 'B 2.00 2026-01-01']);
    expect(await told('2026-04-04', '1.50', ['x'])).toEqual(['A 1.50 2026-04-04', 'B 2.00 2026-01-01']);
  });
});

describe('a statement that comes again and again', () => {
  let single: Database; // one connection, so that what it keeps can be asked of it
  const kept = async () =>
    (await sql<{ kept: number }>`select count(*) as kept from pg_prepared_statements`.execute(single)).rows[0]!.kept;
  beforeAll(() => (single = openDatabase(server.url, { max: 1 })));
  afterAll(() => single.destroy());

  test('is planned once, and answers the same', async () => {
    const before = await kept();
    for (let n = 0; n < 5; n += 1) {
      expect((await sql`select ${n}::int as again`.execute(single)).rows).toEqual([{ again: n }]);
    }
    expect(await kept()).toBe(before + 1);
  });

  test('fails once where its table was changed meanwhile, and then sees the new one', async () => {
    await sql`create table replaced (id int)`.execute(db);
    const read = () => sql`select * from replaced where id <> ${0}`.execute(single);
    for (let n = 0; n < 4; n += 1) await read();
    await sql`alter table replaced add column name text`.execute(db);
    await expect(read()).rejects.toThrow('cached plan');
    expect((await read()).rows).toEqual([]);
  });

  test('of ever other lengths does not fill the memory of the connection', async () => {
    for (let length = 1; length < 300; length += 1) {
      const items = sql.join(Array.from({ length }, (_, i) => sql`${i}::int`));
      for (let time = 0; time < 3; time += 1) await sql`select array[${items}]`.execute(single);
    }
    expect(await kept()).toBeLessThanOrEqual(200);
  });
});

describe('a connection that is lost', () => {
  test('fails the transaction that used it, and the next query gets another', async () => {
    const lost = db.transaction().execute(async (tx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
      await sql`select pg_terminate_backend(${rows[0]!.pid})`.execute(db);
      await new Promise((resolve) => setTimeout(resolve, 50)); // nothing is being asked when the connection breaks
      await sql`select 1`.execute(tx);
    });
    await expect(lost).rejects.toThrow();
    expect(await one('2')).toBe(2);
  });

  test('while idle goes unnoticed', async () => {
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and application_name = 'concord'`.execute(
      db,
    );
    expect(await one('3')).toBe(3);
  });

  test('a statement that takes too long is ended', async () => {
    const impatient = openDatabase(server.url, { statementTimeout: 50 });
    await expect(sql`select pg_sleep(5)`.execute(impatient)).rejects.toThrow('statement timeout');
    await impatient.destroy();
  });
});

describe('migrations', () => {
  const first = { '001-shelf': 'create schema shelf; create table shelf.item (id bigint primary key, name text)' };
  type ShelfTables = { 'shelf.item': { id: number; name: string } };
  const second = {
    ...first,
    '002-first-item': async (tx: Database) => {
      await tx.$extendTables<ShelfTables>().insertInto('shelf.item').values({ id: 1, name: 'gauze' }).execute();
    },
  };

  test('two processes that start at once apply them once', async () => {
    const databases = [openDatabase(server.url), openDatabase(server.url), openDatabase(server.url)];
    const applied = await Promise.all(databases.map((each) => migrate(each, 'shelf', first)));
    expect(applied.flat()).toEqual(['001-shelf']);
    await Promise.all(databases.map((each) => each.destroy()));
  });

  test('a later one is applied after the earlier, and then nothing is left to do', async () => {
    expect(await migrate(db, 'shelf', second)).toEqual(['002-first-item']);
    expect(await migrate(db, 'shelf', second)).toEqual([]);
    expect(await migrate(db, 'shelf', first)).toEqual([]); // an older version of us beside a newer one
    const items = await db.$extendTables<ShelfTables>().selectFrom('shelf.item').selectAll().execute();
    expect(items).toEqual([{ id: 1, name: 'gauze' }]);
  });

  test('a failing one leaves nothing of its component behind', async () => {
    const failing = { '001-drawer': 'create schema drawer', '002-typo': 'create tabel drawer.item ()' };
    await expect(migrate(db, 'drawer', failing)).rejects.toThrow('syntax error');
    expect(await one(`to_regnamespace('drawer')`)).toBeNull();
  });

  test('an applied one may be laid out anew and not be changed', async () => {
    const laidOut = { '001-shelf': first['001-shelf'].replaceAll('; ', ';\n  ') };
    expect(await migrate(db, 'shelf', laidOut)).toEqual([]);
    const changed = { '001-shelf': first['001-shelf'].replace('name', 'label') };
    await expect(migrate(db, 'shelf', changed)).rejects.toThrow('shelf: migration 001-shelf was changed');
  });

  test('a new one cannot be slipped in before an applied one', async () => {
    const slipped = { ...second, '001-before': 'select 1' };
    await expect(migrate(db, 'shelf', slipped)).rejects.toThrow(
      'migration 001-before needs a name after 002-first-item',
    );
  });

  test('a start with nothing to do takes no time worth mentioning', async () => {
    const took: number[] = [];
    for (let component = 0; component < 12; component += 1) {
      const began = performance.now();
      await migrate(db, 'shelf', second);
      took.push(performance.now() - began);
    }
    expect(Math.min(...took)).toBeLessThan(15); // the others, the machine may have held up
  });
});

test('a clone has what its template had, and a dropped one is gone even when somebody is connected', async () => {
  const template = openDatabase(await createDatabase(server.url, 'template_of_test'));
  await migrate(template, 'shelf', { '001-shelf': 'create schema shelf; create table shelf.item (id int)' });
  await template.destroy();
  const clone = openDatabase(await cloneDatabase(server.url, 'template_of_test', 'Clone 1'));
  expect((await sql`select * from shelf.item`.execute(clone)).rows).toEqual([]);
  await dropDatabase(server.url, 'Clone 1');
  await expect(sql`select 1`.execute(clone)).rejects.toThrow();
  await clone.destroy();
});
