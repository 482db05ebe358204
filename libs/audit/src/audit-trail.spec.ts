import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { migrate, openDatabase, startPostgres, type Database, type PostgresServer } from '@concord/database';
import fc from 'fast-check';
import { sql } from 'kysely';
import { auditMigrations, AuditTrail, firstBrokenEntry, type AuditEntry } from './index.js';

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

/** What somebody with the owner's rights could do, in a transaction that is undone. */
async function tampered(change: string): Promise<number | undefined> {
  let broken: number | undefined;
  const undone = here.transaction().execute(async (tx) => {
    await sql.raw(`alter table audit.entry disable trigger entry_is_append_only; ${change}`).execute(tx);
    broken = await firstBrokenEntry(tx);
    throw new Error('undo');
  });
  await expect(undone).rejects.toThrow('undo');
  return broken;
}

test('an empty trail is a whole one', async () => {
  expect(await firstBrokenEntry(here)).toBeUndefined();
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
  expect(await firstBrokenEntry(here)).toBeUndefined();
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
  expect(await firstBrokenEntry(here)).toBeUndefined();
});

describe('the trail is append-only', () => {
  test.each(['update audit.entry set entry = entry', 'delete from audit.entry', 'truncate audit.entry'])(
    'to `%s` it says no',
    async (statement) => {
      await expect(sql.raw(statement).execute(here)).rejects.toThrow('append-only');
    },
  );
});

describe('with the trigger out of the way, the chain shows the place where', () => {
  test('a line was changed', async () => {
    expect(
      await tampered(`update audit.entry set entry = replace(entry, 'success', 'conflict') where position = 7`),
    ).toBe(7);
  });

  test('the time of a line was changed', async () => {
    expect(await tampered(`update audit.entry set at = at + interval '1 ms' where position = 7`)).toBe(7);
  });

  test('a line is missing', async () => {
    expect(await tampered('delete from audit.entry where position = 7')).toBe(8);
    expect(await tampered('delete from audit.entry where position = 1')).toBe(2);
  });

  test('a line was changed together with its hash', async () => {
    const hash = `encode(sha256(convert_to(entry, 'UTF8')), 'hex')`;
    expect(await tampered(`update audit.entry set entry = '{}', hash = ${hash} where position = 7`)).toBe(7);
  });

  test('two lines changed places', async () => {
    const swap =
      'update audit.entry set entry = (select entry from audit.entry o where o.position = 15 - audit.entry.position)';
    expect(await tampered(`${swap} where position in (7, 8)`)).toBe(7);
  });

  test('a line was put in', async () => {
    const shift = `
      alter table audit.entry drop constraint entry_pkey;
      update audit.entry set position = position + 1 where position > 7;
      insert into audit.entry select 8, at, '{}', hash from audit.entry where position = 7`;
    expect(await tampered(shift)).toBe(8);
  });
});
