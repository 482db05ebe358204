import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase, startPostgres, type Database, type PostgresServer } from '@concord/database';
import { EventLog, eventMigrations, Vault } from '@concord/events';
import { acknowledge, frame, MllpFramer, readHl7, serveMllp, type AckCode, type MllpServer } from '@concord/hl7v2';
import { Vendor } from '@concord/resilience';
import { freePort, waitUntil } from '@concord/testing';
import { sql } from 'kysely';
import { hl7, pid } from './messages.fixture.js';
import { Outbox } from './outbox.js';

let folder: string;
let postgres: PostgresServer;
let database: Database;
let events: EventLog;
const vault = Vault.fromSecret(Buffer.alloc(32, 7).toString('base64'));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'concord-outbox-'));
  postgres = await startPostgres({ dataDir: folder, log: () => undefined });
  database = openDatabase(postgres.url);
  await migrate(database, 'events', eventMigrations);
  events = new EventLog(database, vault, { clock: () => new Date(), rawRetentionDays: 1 });
});

afterAll(async () => {
  await database.destroy();
  await postgres.stop();
  await rm(folder, { recursive: true });
});

const outboxes: Outbox[] = [];
const servers: (MllpServer | Server)[] = [];
afterEach(async () => {
  for (const outbox of outboxes.splice(0)) await outbox.stop();
  for (const server of servers.splice(0)) await server.close();
});

const open = async (port: number, more: { most?: number; timeoutMs?: number } = {}) => {
  const settings = { host: '127.0.0.1', port, timeoutMs: 300, most: 1000, retryMs: 20, ...more };
  const vendor = new Vendor('hl7v2-receiver', { apis: ['system/ehr'], timeoutMs: 5_000 });
  const outbox = new Outbox(settings, { database, vault, events, clock: () => new Date(), vendor });
  outboxes.push(outbox);
  await outbox.start();
  return outbox;
};

/** A receiver that answers each message with a code, or not at all. */
const receiver = async (port: number, answer: (controlId: string) => AckCode | undefined) => {
  const heard: string[] = [];
  const log = { info: () => undefined, warn: () => undefined };
  const server = await serveMllp({
    port,
    host: '127.0.0.1',
    log,
    onMessage: ({ text }) => {
      const { controlId } = readHl7(text).header;
      heard.push(controlId);
      const code = answer(controlId);
      return Promise.resolve(code ? acknowledge(text, code) : []);
    },
  });
  servers.push(server);
  return heard;
};

const message = (controlId: string) => hl7('SIU', 'S12', ['SCH||AP1', pid()], { controlId });
const statesOf = async (port: number) => {
  const { rows } = await sql<{ control_id: string; state: string; answer: string; body: Buffer | null }>`
    select * from hl7v2_outbox.message where destination = ${`127.0.0.1:${port}`} order by position`.execute(database);
  return rows.map(({ control_id, state, answer, body }) =>
    [control_id, state, answer, body === null ? 'gone' : 'sealed'].join(' '),
  );
};
const settled = (port: number, count: number) =>
  waitUntil(
    'all to be settled',
    async () => (await statesOf(port)).filter((one) => !one.includes(' waiting ')).length === count,
  );

describe('Messages that are sent to an EHR', () => {
  it('arrive in their order, once each, and leave nothing of themselves behind', async () => {
    const port = await freePort();
    const heard = await receiver(port, () => 'AA');
    const outbox = await open(port);
    const ids = Array.from({ length: 20 }, (_, i) => `ORDER-${i}`);
    for (const id of ids) await outbox.send(message(id));
    await outbox.send(message('ORDER-0')); // is the same one
    await settled(port, 20);
    expect(heard).toEqual(ids);
    expect((await statesOf(port))[0]).toBe('ORDER-0 sent AA gone');
  });

  it('wait while nobody listens, and go once somebody does', async () => {
    const port = await freePort();
    const outbox = await open(port);
    await outbox.send(message('WAIT-1'));
    await outbox.send(message('WAIT-2'));
    await waitUntil('an attempt', async () => {
      const { rows } = await sql<{ attempts: number }>`
        select attempts from hl7v2_outbox.message where control_id = 'WAIT-1'`.execute(database);
      return (rows[0]?.attempts ?? 0) > 1;
    });
    const heard = await receiver(port, () => 'CA');
    await settled(port, 2);
    expect(heard).toEqual(['WAIT-1', 'WAIT-2']);
  });

  it('are sent again when their acknowledgement does not come, and hold back those behind them', async () => {
    const port = await freePort();
    let lost = 0;
    const heard = await receiver(port, (id) => (id === 'LATE-1' && (lost += 1) < 3 ? undefined : 'AA'));
    const outbox = await open(port);
    for (const id of ['LATE-1', 'LATE-2']) await outbox.send(message(id));
    await settled(port, 2);
    expect(heard).toEqual(['LATE-1', 'LATE-1', 'LATE-1', 'LATE-2']);
  });

  it('are set aside sealed when they are refused, and the next one goes', async () => {
    const port = await freePort();
    const codes: Record<string, AckCode> = { 'NO-1': 'AE', 'NO-2': 'AR', 'NO-3': 'CE', 'NO-4': 'CR' };
    await receiver(port, (id) => codes[id] ?? 'CA');
    const outbox = await open(port);
    for (const id of ['NO-1', 'NO-2', 'NO-3', 'NO-4', 'YES']) await outbox.send(message(id));
    await settled(port, 5);
    const refused = ['NO-1 refused AE', 'NO-2 refused AR', 'NO-3 refused CE', 'NO-4 refused CR'];
    expect(await statesOf(port)).toEqual([...refused.map((one) => `${one} sealed`), 'YES sent CA gone']);
  });

  it('are not settled by the acknowledgement of another message', async () => {
    const port = await freePort();
    const heard: string[] = [];
    const server = createServer((socket) => {
      const framer = new MllpFramer();
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        for (const event of framer.push(chunk)) {
          if (event.kind !== 'frame') continue;
          const text = event.bytes.toString();
          heard.push(readHl7(text).header.controlId);
          socket.write(frame(Buffer.from(acknowledge(message('ANOTHER'), 'AA'))));
          if (heard.length > 1) socket.write(frame(Buffer.from(acknowledge(text, 'AA'))));
        }
      });
    }).listen(port, '127.0.0.1');
    servers.push(server);
    const outbox = await open(port);
    await outbox.send(message('MINE'));
    await settled(port, 1);
    expect(heard).toEqual(['MINE', 'MINE']);
    await outbox.stop();
  });

  it('survive the end of the process that took them', async () => {
    const port = await freePort();
    const first = await open(port);
    await first.send(message('KEPT'));
    await first.stop();
    const heard = await receiver(port, () => 'AA');
    await open(port);
    await settled(port, 1);
    expect(heard).toEqual(['KEPT']);
  });

  it('are refused where too many wait', async () => {
    const outbox = await open(await freePort(), { most: 2 });
    await outbox.send(message('FULL-1'));
    await outbox.send(message('FULL-2'));
    await expect(outbox.send(message('FULL-3'))).rejects.toMatchObject({ slug: 'rate-limited' });
  });

  it('lie sealed while they wait', async () => {
    const outbox = await open(await freePort());
    await outbox.send(message('SEALED'));
    const { rows } = await sql<{ row: string }>`select to_jsonb(t)::text as row from hl7v2_outbox.message t`.execute(
      database,
    );
    expect(rows.map(({ row }) => row).join()).not.toContain(Buffer.from('SYNTHETICA').toString('hex'));
  });
});
