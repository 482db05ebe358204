import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase, startPostgres, type Database, type PostgresServer } from '@concord/database';
import { logTo } from '@concord/observability';
import { waitUntil } from '@concord/testing';
import * as fc from 'fast-check';
import { workflowMigrations } from './ledger-tables.js';
import { nextMoment, type Rhythm } from './rhythm.js';
import { Schedules } from './schedules.js';

const next = (rhythm: Rhythm, after: string) => nextMoment(rhythm, new Date(after)).toISOString().slice(0, 16);

describe('a rhythm', () => {
  test.each([
    [{ everyMs: 60_000 }, '2026-01-31T12:00Z', '2026-01-31T12:01'],
    ['* * * * *', '2026-01-31T12:00Z', '2026-01-31T12:01'],
    ['*/15 * * * *', '2026-01-31T23:50Z', '2026-02-01T00:00'],
    ['5/20 * * * *', '2026-01-31T12:26Z', '2026-01-31T12:45'],
    ['0 6 * * 1-5', '2026-01-30T06:00Z', '2026-02-02T06:00'],
    ['30 2 1,15 * *', '2026-01-02T00:00Z', '2026-01-15T02:30'],
    ['0 0 29 2 *', '2026-01-01T00:00Z', '2028-02-29T00:00'],
    ['0 0 13 * 5', '2026-01-10T00:00Z', '2026-01-13T00:00'], // the 13th, or a Friday
    ['0 0 13 * 5', '2026-01-13T00:00Z', '2026-01-16T00:00'],
    ['0 22 1-7/3 1-12/6 *', '2026-01-07T22:00Z', '2026-07-01T22:00'],
  ])('%j after %s is %s', (rhythm, after, moment) => {
    expect(next(rhythm, after)).toBe(moment);
  });

  test.each(['0 0 30 2 *', '* * * *', '60 * * * *', '* * 0 * *', '*/0 * * * *', '5-1 * * * *', 'x * * * *'])(
    '%s is none',
    (cron) => {
      expect(() => nextMoment(cron, new Date())).toThrow(cron);
    },
  );

  test('leaves out no minute that its fields name', () => {
    const moments = fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
    const rhythms = fc.constantFrom('7 * * * *', '0 4 * * *', '15,45 8-17 * * *', '0 0 * * 0');
    fc.assert(
      fc.property(moments, rhythms, (after, cron) => {
        const found = nextMoment(cron, after);
        expect(found > after).toBe(true);
        const between = new Date(after.getTime() + (found.getTime() - after.getTime()) / 2);
        expect(nextMoment(cron, between)).toEqual(found);
      }),
    );
  });
});

describe('scheduled work', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'concord-schedules-'));
  let server: PostgresServer;
  let database: Database;
  let ahead = 0;
  const clock = () => new Date(Date.now() + ahead);
  const HOUR = 3_600_000;
  const until = (what: string, is: () => boolean) => waitUntil(what, () => Promise.resolve(is()), { everyMs: 10 });
  const aMoment = () => new Promise((resolve) => setTimeout(resolve, 700));

  beforeAll(async () => {
    logTo({ level: 'silent' });
    server = await startPostgres({ dataDir, log: () => undefined });
    database = openDatabase(server.url);
    await migrate(database, 'workflow', workflowMigrations);
  });

  afterAll(async () => {
    await database.destroy();
    await server.stop();
    rmSync(dataDir, { recursive: true });
  });

  test('is done by one of all processes, each time', async () => {
    const done: Date[] = [];
    const processes = [1, 2, 3].map(() => new Schedules(database, clock));
    for (const each of processes) {
      each.schedule('hourly', { everyMs: HOUR }, async (due) => void done.push(due));
      each.start();
    }
    await aMoment();
    expect(done).toEqual([]);
    for (let hours = 1; hours <= 3; hours += 1) {
      ahead += HOUR + 1000;
      await until('the work', () => done.length === hours);
    }
    await aMoment();
    expect(done).toHaveLength(3);
    await Promise.all(processes.map((each) => each.stop()));
  });

  test('is caught up on once after a time in which nobody was there', async () => {
    ahead += 48 * HOUR;
    const done: Date[] = [];
    const schedules = new Schedules(database, clock);
    schedules.schedule('hourly', { everyMs: HOUR }, async (due) => void done.push(due));
    schedules.start();
    await until('the work', () => done.length > 0);
    await aMoment();
    expect(done).toHaveLength(1);
    expect(clock().getTime() - done[0]!.getTime()).toBeGreaterThan(46 * HOUR);
    await schedules.stop();
  });

  test('that fails is tried again after a minute', async () => {
    let tries = 0;
    const schedules = new Schedules(database, clock);
    schedules.schedule('failing', '* * * * *', async () => {
      tries += 1;
      if (tries === 1) throw new Error('not yet');
    });
    schedules.start();
    await aMoment();
    ahead += 61_000;
    await until('the first try', () => tries === 1);
    await aMoment();
    expect(tries).toBe(1);
    ahead += 61_000;
    await until('the second try', () => tries === 2);
    await schedules.stop();
  });

  test('under way is waited for when all stops', async () => {
    let ended = false;
    const schedules = new Schedules(database, clock);
    let began = false;
    schedules.schedule('slow', { everyMs: 1 }, async () => {
      began = true;
      await aMoment();
      ended = true;
    });
    schedules.start();
    await until('the beginning', () => began);
    await schedules.stop();
    expect(ended).toBe(true);
  });

  test('has a name of its own and a rhythm that comes', () => {
    const schedules = new Schedules(database, clock);
    schedules.schedule('once', { everyMs: 1 }, async () => undefined);
    expect(() => schedules.schedule('once', { everyMs: 1 }, async () => undefined)).toThrow('named once');
    expect(() => schedules.schedule('never', '0 0 31 2 *', async () => undefined)).toThrow('never comes');
  });
});
