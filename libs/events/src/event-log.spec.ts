import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { migrate, openDatabase, startPostgres, type Database, type PostgresServer } from '@concord/database';
import { sql } from 'kysely';
import { EventLog, eventMigrations, Subscription, Vault, type NewEvent, type StoredEvent } from './index.js';

const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'concord-events-'));
const vault = Vault.fromFile(path.join(dataDir, 'vault.key'));
let now = new Date('2026-11-21T10:00:00Z');
let server: PostgresServer;
/** Two processes, as far as the database can tell. */
let here: Database;
let there: Database;

beforeAll(async () => {
  server = await startPostgres({ dataDir: path.join(dataDir, 'postgres'), log: () => undefined });
  here = openDatabase(server.url, { name: 'here' });
  there = openDatabase(server.url, { name: 'there' });
  await migrate(here, 'events', eventMigrations);
  await sql`create table taken (turn bigint generated always as identity, by text, position bigint)`.execute(here);
});
beforeEach(async () => {
  await sql`truncate events.event, events.raw_message, events.cursor, taken restart identity`.execute(here);
});
afterAll(async () => {
  await here.destroy();
  await there.destroy();
  await server.stop();
  fs.rmSync(dataDir, { recursive: true });
});

const logOf = (database: Database): EventLog =>
  new EventLog(database, vault, { clock: () => now, rawRetentionDays: 30 });

let sequence = 0;
const event = (change: Partial<NewEvent> = {}): NewEvent => ({
  id: `event-${(sequence += 1)}`,
  type: 'org.concord.encounter.completed.v1',
  source: 'fhir',
  subject: 'encounter-1',
  correlationId: 'correlation-1',
  time: now,
  data: { encounterId: 'encounter-1' },
  ...change,
});
const raw = (id: string, body = 'Testperson') => ({ id, source: 'fhir', contentType: 'application/fhir+json', body });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const idsOf = (events: readonly StoredEvent[]) => events.map(({ id }) => id);

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 15_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await pause(20);
  }
}

async function rowsIn(table: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.raw(table)}`.execute(here);
  return rows[0]!.n;
}

describe('the order of the log', () => {
  test('is that of the commits: who has read up to a position has missed nothing before it', async () => {
    const logs = [logOf(here), logOf(there)];
    let writing = true;
    const read = async (): Promise<string[]> => {
      const seen: StoredEvent[] = [];
      const more = async (limit: number) => seen.push(...(await logs[0]!.after(seen.at(-1)?.position ?? 0, limit)));
      while (writing) await more(5000);
      await more(5000);
      return idsOf(seen);
    };
    const write = async (writer: number): Promise<void> => {
      const log = logs[writer % 2]!;
      const database = writer % 2 ? there : here;
      for (let i = 0; i < 10; i += 1) {
        if (i % 3) await log.append([event()]);
        else {
          // A store that changes together with the log, and takes its time before it commits.
          await database.transaction().execute(async (tx) => {
            await log.appendIn(tx, [event(), event()], []);
            await sql`select pg_sleep(${Math.random() / 50})`.execute(tx);
          });
        }
      }
    };
    const readers = [read(), read(), read()];
    await Promise.all(Array.from({ length: 50 }, (_, writer) => write(writer)));
    writing = false;
    const all = idsOf(await logs[0]!.after(0, 5000));
    expect(all).toHaveLength(50 * 14);
    for (const seen of await Promise.all(readers)) expect(seen).toEqual(all);
  });

  test('is that of an append', async () => {
    const log = logOf(here);
    const events = Array.from({ length: 10_000 }, () => event());
    expect(await log.append(events)).toBe(10_000);
    expect(idsOf(await log.after(0, 20_000))).toEqual(idsOf(events as StoredEvent[]));
  });
});

describe('an append', () => {
  test('gives back what it was given', async () => {
    const log = logOf(here);
    const given = event({
      data: { code: '140', amounts: ['1.10', null], note: 'é雪😀' },
      time: new Date('2026-11-21T09:59:59.123Z'),
    });
    await log.append([given]);
    const { position, ...found } = (await log.after(0, 10))[0]!;
    expect(position).toBeGreaterThan(0);
    expect(found).toEqual(given);
  });

  test('of an event that is there already changes nothing, and says so', async () => {
    const log = logOf(here);
    const first = event();
    expect(await log.append([first])).toBe(1);
    expect(await log.append([{ ...first, data: { encounterId: 'another' } }, event()])).toBe(1);
    expect((await log.after(0, 10)).map(({ data }) => data)).toEqual([first.data, first.data]);
  });

  test('counts an event once, whoever else brings it in the same moment', async () => {
    const [log, other] = [logOf(here), logOf(there)];
    const same = event();
    const counts = await Promise.all([log.append([same, same]), log.append([same]), other.append([same])]);
    expect(counts.reduce((a, b) => a + b)).toBe(1);
    expect(await rowsIn('events.event')).toBe(1);
  });

  test('stores message and events together, or neither: also where the commit itself is cut off', async () => {
    await sql
      .raw(
        `
      create function slow_commit() returns trigger language plpgsql as
        $$ begin if new.subject = 'cut off' then perform pg_sleep(10); end if; return null; end $$;
      create constraint trigger slow after insert on events.event deferrable initially deferred
        for each row execute function slow_commit()`,
      )
      .execute(here);
    const log = logOf(there);
    const lost = log.append([event({ subject: 'cut off' })], raw('raw-1'));
    const outcome = lost.then(
      () => 'stored',
      () => 'lost',
    );
    const committing = async () => {
      const { rows } = await sql<{ pid: number }>`
        select pid from pg_stat_activity where application_name = 'there' and query = 'commit' and state = 'active'
      `.execute(here);
      return rows[0]?.pid;
    };
    await until('the commit', async () => (await committing()) !== undefined);
    await sql`select pg_terminate_backend(${await committing()})`.execute(here);
    expect(await outcome).toBe('lost');
    expect([await rowsIn('events.event'), await rowsIn('events.raw_message')]).toEqual([0, 0]);
    expect(await log.append([event()], raw('raw-1'))).toBe(1);
    expect([await rowsIn('events.event'), await rowsIn('events.raw_message')]).toEqual([1, 1]);
    await sql`drop trigger slow on events.event`.execute(here);
  });

  test('that cannot be stored takes no other down', async () => {
    const log = logOf(here);
    const appends = [event(), event({ subject: 'a\u0000b' }), event()].map((one) => log.append([one]));
    const outcomes = await Promise.allSettled(appends);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await rowsIn('events.event')).toBe(2);
  });

  test('is announced to this process once it can be read', async () => {
    const log = logOf(here);
    const read: Promise<number>[] = [];
    const end = log.onAppend(() => read.push(log.after(0, 10).then(({ length }) => length)));
    await log.append([event()]);
    end();
    await log.append([event()]);
    expect(await Promise.all(read)).toEqual([1]);
  });
});

describe('a raw message', () => {
  test('is sealed where it lies, and opens with its key and in its place only', async () => {
    const log = logOf(here);
    await log.append([], raw('raw-1'));
    await log.append([], raw('raw-2', 'somebody else'));
    const { rows } = await sql<{ body: Buffer }>`select body from events.raw_message`.execute(here);
    for (const { body } of rows) expect(body.includes('Testperson')).toBe(false);
    expect((await log.rawMessage('raw-1'))?.body.toString()).toBe('Testperson');
    const stranger = new EventLog(here, Vault.fromSecret(Buffer.alloc(32, 7).toString('base64')), {
      clock: () => now,
      rawRetentionDays: 30,
    });
    await expect(stranger.rawMessage('raw-1')).rejects.toThrow();
    await sql`update events.raw_message set body = (select body from events.raw_message where id = 'raw-2')`.execute(
      here,
    );
    await expect(log.rawMessage('raw-1')).rejects.toThrow();
    expect((await log.rawMessage('raw-2'))?.body.toString()).toBe('somebody else');
  });

  test('is forgotten after its time; its events stay', async () => {
    const log = logOf(here);
    await log.append([event({ rawMessageId: 'raw-1' })], raw('raw-1'));
    now = new Date('2026-12-21T09:59:59Z');
    await log.append([], raw('raw-2'));
    expect(await log.rawMessage('raw-1')).toBeDefined();
    expect(await log.forgetExpired()).toBe(0);
    now = new Date('2026-12-21T10:00:00Z');
    expect(await log.rawMessage('raw-1')).toBeUndefined();
    expect([await log.forgetExpired(), await rowsIn('events.raw_message'), await rowsIn('events.event')]).toEqual([
      1, 1, 1,
    ]);
  });
});

describe('a subscription', () => {
  const type = 'org.concord.encounter.completed.v1';
  const HOUR = 3_600_000; // longer than any test
  const started: Subscription[] = [];
  afterEach(async () => {
    await Promise.all(started.splice(0).map((subscription) => subscription.stop()));
  });

  /** Writes down what it takes, in the transaction that moves its cursor. */
  function subscribed(
    database: Database,
    by: string,
    before: (events: readonly StoredEvent[]) => void = () => undefined,
    waits?: { pollMs: number; retryMs: number },
  ) {
    const log = logOf(database);
    const take = async (events: readonly StoredEvent[], tx: Database) => {
      for (const { position } of events)
        await sql`insert into taken (by, position) values (${by}, ${position})`.execute(tx);
      before(events);
    };
    const subscription = new Subscription(database, log, { name: 'projection', types: [type], take }, waits);
    subscription.start();
    started.push(subscription);
    return { log, subscription };
  }
  const taken = async () =>
    (await sql<{ by: string; position: number }>`select by, position from taken order by turn`.execute(here)).rows;
  const positions = async () => (await taken()).map(({ position }) => position);
  const logged = async (only = type) => (await logOf(here).after(0, 5000, [only])).map(({ position }) => position);

  test('takes the events of its types, at once where they are of this process', async () => {
    const { log } = subscribed(here, 'here', undefined, { pollMs: HOUR, retryMs: HOUR });
    await log.append([event()]);
    await until('the first', async () => (await positions()).length === 1);
    await log.append([event({ type: 'org.concord.run.parked.v1' }), event()]);
    await until('both', async () => (await positions()).length === 2);
    expect(await positions()).toEqual(await logged());
  });

  test('goes on where it stopped', async () => {
    const first = subscribed(here, 'first');
    await first.log.append([event(), event()]);
    await until('two', async () => (await positions()).length === 2);
    await first.subscription.stop();
    await first.log.append(Array.from({ length: 450 }, () => event()));
    expect(await positions()).toHaveLength(2);
    subscribed(there, 'second');
    await until('all', async () => (await positions()).length === 452);
    expect(await positions()).toEqual(await logged());
  });

  test('of two processes is one: they take turns, and each event is taken once, in its order', async () => {
    const both = [subscribed(here, 'here'), subscribed(there, 'there')];
    for (let i = 0; i < 40; i += 1) await Promise.all(both.map(({ log }) => log.append([event(), event()])));
    await until('all', async () => (await positions()).length === 160);
    await pause(50);
    expect(await positions()).toEqual(await logged());
    expect(new Set((await taken()).map(({ by }) => by))).toEqual(new Set(['here', 'there']));
  });

  test('that cannot take an event tries again, and skips nothing', async () => {
    let failures = 2;
    const failing = () => {
      if (failures > 0) {
        failures -= 1;
        throw new Error('the projection is not ready');
      }
    };
    const { log } = subscribed(here, 'here', failing, { pollMs: HOUR, retryMs: 20 });
    await log.append([event()]);
    await log.append([event()]);
    await until('both', async () => (await positions()).length === 2);
    expect(failures).toBe(0);
    expect(await positions()).toEqual(await logged());
  });

  test('that is stopped while it waits to try again ends at once', async () => {
    let tried = 0;
    const failing = () => {
      tried += 1;
      throw new Error('never ready');
    };
    const { log, subscription } = subscribed(here, 'here', failing, { pollMs: HOUR, retryMs: HOUR });
    await log.append([event()]);
    await until('the first try', async () => tried === 1);
    await subscription.stop();
    expect(await positions()).toEqual([]);
  });

  test('does not look again and again through what is of no interest to it, and misses nothing behind it', async () => {
    const { log } = subscribed(here, 'here');
    const cursor = async () => {
      const { rows } = await sql<{ position: number }>`select position from events.cursor`.execute(here);
      return rows[0]?.position ?? 0;
    };
    await log.append(Array.from({ length: 700 }, () => event({ type: 'org.concord.run.parked.v1' })));
    await until('the cursor at the newest event', async () => (await cursor()) === 700);
    await log.append([event({ type: 'org.concord.run.parked.v1' }), event()]);
    await until('one', async () => (await positions()).length === 1);
    expect(await positions()).toEqual(await logged());
    expect(await cursor()).toBe(702);
  });

  test('takes again what comes after a position', async () => {
    const { log, subscription } = subscribed(here, 'here');
    await log.append([event(), event(), event()]);
    await until('three', async () => (await positions()).length === 3);
    const all = await logged();
    await subscription.replayFrom(all[0]!);
    await until('two more', async () => (await positions()).length === 5);
    expect(await positions()).toEqual([...all, all[1], all[2]]);
  });
});
