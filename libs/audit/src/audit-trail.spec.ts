import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { migrate, openDatabase, startPostgres, type Database, type PostgresServer } from '@concord/database';
import fc from 'fast-check';
import { sql } from 'kysely';
import {
  auditMigrations,
  AuditTrail,
  verifyAuditTrail,
  type AuditEntry,
  type AuditFault,
  type AuditNote,
  type AuditStanding,
} from './index.js';

const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'concord-audit-'));
let server: PostgresServer;
/** Two processes, as far as the database can tell. */
let here: Database;
let there: Database;

beforeAll(async () => {
  server = await startPostgres({ dataDir, log: () => undefined });
  here = openDatabase(server.url);
  there = openDatabase(server.url);
  await migrate(here, 'audit', auditMigrations);
});
afterAll(async () => {
  await here.destroy();
  await there.destroy();
  await server.stop();
  fs.rmSync(dataDir, { recursive: true });
});

const moment = new Date('2026-11-21T10:00:00.007Z');
const trail = (database: Database, at = moment) => new AuditTrail(database, () => at);
const entry = (correlationId: string): AuditEntry => ({
  api: 'system/erp',
  operation: 'createJournalEntry',
  action: 'execute',
  outcome: 'success',
  client: 'process-patient-to-billing',
  correlationId,
});

interface Row {
  readonly position: number;
  readonly entry: string;
}
const rows = async () => (await sql<Row>`select position, entry from audit.entry order by position`.execute(here)).rows;

/** What is found wrong, as `missing 7-7`. */
const told = (faults: readonly AuditFault[]) =>
  faults.map(({ kind, position, until }) => `${kind} ${position}-${until}`);
const faultsIn = async (database: Database) => told((await verifyAuditTrail(database, [])).faults);

/** What somebody with the owner's rights could do, in a transaction that is undone. */
async function tampered(change: string): Promise<string[]> {
  let faults: string[] = [];
  const undone = here.transaction().execute(async (tx) => {
    await sql.raw(`alter table audit.entry disable trigger entry_is_append_only; ${change}`).execute(tx);
    faults = await faultsIn(tx);
    throw new Error('undo');
  });
  await expect(undone).rejects.toThrow('undo');
  return faults;
}

test('an empty trail is a whole one', async () => {
  expect(await faultsIn(here)).toEqual([]);
});

test('lines of two processes are one chain without a gap, each durable once it is recorded', async () => {
  const both = [trail(here), trail(there)];
  await Promise.all(
    Array.from({ length: 400 }, async (_, i) => {
      await both[i % 2]!.record(entry(`line-${i}`));
      const { rows: found } = await sql`select 1 from audit.entry where entry like ${`%"line-${i}"%`}`.execute(here);
      expect(found).toHaveLength(1);
    }),
  );
  expect((await rows()).map(({ position }) => position)).toEqual(Array.from({ length: 400 }, (_, i) => i + 1));
  expect(await faultsIn(here)).toEqual([]);
});

test('lines of one process stand in the order they were recorded', async () => {
  const one = trail(here);
  await Promise.all(Array.from({ length: 50 }, (_, i) => one.record(entry(`in-order-${i}`))));
  const ids = (await rows()).slice(-50).map((row) => (JSON.parse(row.entry) as AuditEntry).correlationId);
  expect(ids).toEqual(Array.from({ length: 50 }, (_, i) => `in-order-${i}`));
});

test('a line is kept as it was recorded, whatever characters and whatever moment it holds', async () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((word) => !/[\0\p{Cs}]/u.test(word));
  const at = fc.date({ min: new Date('1970-01-01'), max: new Date('2199-12-31'), noInvalidDate: true });
  await fc.assert(
    fc.asyncProperty(text, at, async (word, when) => {
      await trail(here, when).record({ ...entry('any'), resource: word });
      expect(JSON.parse((await rows()).at(-1)!.entry)).toEqual({ ...entry('any'), resource: word });
    }),
    { numRuns: 60 },
  );
  expect(await faultsIn(here)).toEqual([]);
});

describe('the trail is append-only', () => {
  test.each(['update audit.entry set entry = entry', 'delete from audit.entry', 'truncate audit.entry'])(
    'to `%s` it says no',
    async (statement) => {
      await expect(sql.raw(statement).execute(here)).rejects.toThrow('append-only');
    },
  );
});

describe('with the trigger out of the way, the chain shows the place and kind where', () => {
  const RENUMBERED = 'alter table audit.entry drop constraint entry_pkey; update audit.entry set position = position';

  test('a line was changed', async () => {
    const change = `update audit.entry set entry = replace(entry, 'success', 'conflict')`;
    expect(await tampered(`${change} where position in (7, 20, 21)`)).toEqual(['changed 7-7', 'changed 20-21']);
  });

  test('the time of a line was changed', async () => {
    const change = `update audit.entry set at = at + interval '1 ms' where position = 7`;
    expect(await tampered(change)).toEqual(['changed 7-7']);
  });

  test('a line is missing', async () => {
    expect(await tampered('delete from audit.entry where position in (7, 8, 30)')).toEqual([
      'missing 7-8',
      'missing 30-30',
    ]);
    expect(await tampered('delete from audit.entry where position = 1')).toEqual(['missing 1-1']);
  });

  test('a line was changed together with its hash', async () => {
    const hash = `encode(sha256(convert_to(entry, 'UTF8')), 'hex')`;
    const change = `update audit.entry set entry = '{}', hash = ${hash} where position = 7`;
    expect(await tampered(change)).toEqual(['changed 7-8']);
  });

  test('two lines changed places', async () => {
    const swap =
      'update audit.entry set entry = (select entry from audit.entry o where o.position = 15 - audit.entry.position)';
    expect(await tampered(`${swap} where position in (7, 8)`)).toEqual(['changed 7-8']);
  });

  test.each([1, 3])('%i lines were put in, and all after them moved on', async (lines) => {
    const insert = `
      ${RENUMBERED} + ${lines} where position > 7;
      insert into audit.entry select 7 + n, at, '{}', hash from audit.entry, generate_series(1, ${lines}) n where position = 7`;
    expect(await tampered(insert)).toEqual([`inserted 8-${7 + lines}`]);
  });

  test('a second line was put at a position, before the first, or where none is', async () => {
    const insert = `${RENUMBERED} where false;
      insert into audit.entry select 0, at, '{}', hash from audit.entry where position = 1;
      insert into audit.entry select position, at, '{}', hash from audit.entry where position in (7, 250)`;
    expect(await tampered(insert)).toEqual(['inserted 0-0', 'inserted 7-7', 'inserted 250-250']);
  });

  test('more is wrong than anybody would read: it stops, and goes on from there when asked', async () => {
    const undone = here.transaction().execute(async (tx) => {
      await sql.raw('alter table audit.entry disable trigger entry_is_append_only').execute(tx);
      await sql.raw('delete from audit.entry where position % 2 = 0 and position < 300').execute(tx);
      const first = await verifyAuditTrail(tx, []);
      expect([first.faults.length, first.ended]).toEqual([100, false]);
      const second = await verifyAuditTrail(tx, [], { after: first.standing });
      expect([second.faults.length, second.ended]).toEqual([49, true]);
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
  });
});

describe('notes outside of the database tell', () => {
  const noted = async () =>
    (
      await sql<AuditNote>`
      select position, hash, '2026-11-21T10:00:00.000Z' as at from audit.entry order by position`.execute(here)
    ).rows;

  async function against(notes: readonly AuditNote[], change: string, atMost?: number): Promise<string[]> {
    const faults: string[] = [];
    const undone = here.transaction().execute(async (tx) => {
      await sql.raw(`alter table audit.entry disable trigger entry_is_append_only; ${change}`).execute(tx);
      for (let after: AuditStanding | undefined; ;) {
        const verified = await verifyAuditTrail(tx, notes, { after, atMost });
        faults.push(...told(verified.faults));
        after = verified.standing;
        if (verified.ended) break;
      }
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
    return faults;
  }

  test('that the trail is whole', async () => {
    expect(await against(await noted(), 'select 1')).toEqual([]);
    expect(await against(await noted(), 'select 1', 7)).toEqual([]);
  });

  test('that its end was cut off, all of it, too', async () => {
    const notes = await noted();
    const end = notes.length;
    expect(await against(notes, `delete from audit.entry where position > 300`)).toEqual([`cut-off 301-${end}`]);
    expect(await against(notes, 'delete from audit.entry', 50)).toEqual([`cut-off 1-${end}`]);
  });

  test('that it was computed anew from a line on, which fits in itself', async () => {
    const notes = (await noted()).filter(({ position }) => [100, 200, 300].includes(position));
    const anew = `
      create temporary table kept on commit drop as select * from audit.entry where position > 150;
      delete from audit.entry where position > 150;
      do $$ declare line record; begin
        for line in select * from kept order by position loop
          perform audit.append(line.at, array[replace(line.entry, 'success', 'conflict')]);
        end loop;
      end $$`;
    expect(await against([], anew)).toEqual([]);
    expect(await against(notes, anew)).toEqual(['noted-otherwise 200-300']);
  });

  test('no other place of a line because one was put in before it', async () => {
    const insert = `
      alter table audit.entry drop constraint entry_pkey;
      update audit.entry set position = position + 1 where position > 7;
      insert into audit.entry select 8, at, '{}', hash from audit.entry where position = 7`;
    expect(await against(await noted(), insert)).toEqual(['inserted 8-8']);
    expect(await against(await noted(), insert, 50)).toEqual(['inserted 8-8']);
  });
});
