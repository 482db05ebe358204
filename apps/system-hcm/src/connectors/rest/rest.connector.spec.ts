import { createHmac, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase, startPostgres, type Database, type PostgresServer } from '@concord/database';
import { EventLog, eventMigrations, Vault } from '@concord/events';
import { SimulatorClock } from '../../../../simulators/src/clock.js';
import { Faults, type FaultKind } from '../../../../simulators/src/faults.js';
import { HCM_CLIENT, startHcmSimulator, type HcmSimulator } from '../../../../simulators/src/hcm/hcm.simulator.js';
import type { SignedNotice } from '../../connector.js';
import { newWorker } from '../conformance/change.conformance.js';
import { connectorConformance } from '../connector.conformance.js';
import { checked, RestConfig } from './rest.config.js';
import { RestConnector } from './rest.connector.js';

const PLACE = { facility: 'CLINIC-NORTH', orgUnit: 'D10', costCenter: 'CC-10' };
const faults = new Faults();

let folder: string;
let postgres: PostgresServer;
let database: Database;
let events: EventLog;
let platform: HcmSimulator;
let connector: RestConnector;
const received: (SignedNotice & { outcome: string })[] = [];
const ear = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', () => {
    const notice = JSON.parse(Buffer.concat(pieces).toString('utf8')) as SignedNotice['notice'];
    const { 'x-hr-sent-at': sentAt, 'x-hr-signature': signature } = request.headers as Record<string, string>;
    const signed = { notice, sentAt: sentAt!, signature: signature! };
    connector.receive(signed).then(
      () => received.push({ ...signed, outcome: 'taken' }) && response.end(),
      (error: { slug: string }) => received.push({ ...signed, outcome: error.slug }) && response.end(),
    );
  });
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'concord-hcm-rest-'));
  platform = await startHcmSimulator({ port: 0, clock: new SimulatorClock(), faults, dataDir: folder });
  postgres = await startPostgres({ dataDir: folder, log: () => undefined });
  database = openDatabase(postgres.url);
  await migrate(database, 'events', eventMigrations);
  const clock = () => new Date();
  const vault = Vault.fromFile(join(folder, 'vault.key'));
  events = new EventLog(database, vault, { clock, rawRetentionDays: 30 });
  const { secret: clientSecret, webhookSecret } = HCM_CLIENT;
  const config = Object.assign(new RestConfig(), { url: platform.url, clientSecret, webhookSecret });
  connector = new RestConnector({ database, events, clock }, checked(config));
  await connector.onModuleInit();
  await new Promise<void>((resolve) => ear.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  await connector.onModuleDestroy();
  await new Promise((resolve) => ear.close(resolve));
  await platform.close();
  await database.destroy();
  await postgres.stop();
  await rm(folder, { recursive: true });
});

beforeEach(() => faults.clear());

connectorConformance('rest', () => ({
  connector,
  ...PLACE,
  loseReply: () => faults.tell({ operation: 'alter', kind: 'reply-lost' }),
}));

describe('The rest connector of human capital management', () => {
  const typesOf = async (workerId: string) =>
    (await events.after(0, 10_000)).filter(({ subject }) => subject === workerId).map(({ type }) => type.split('.')[3]);
  const hired = () => connector.workers.create(randomUUID(), newWorker({ connector, ...PLACE }));
  const notified = async () => {
    platform.notifyAt(`http://127.0.0.1:${(ear.address() as AddressInfo).port}`);
    received.length = 0;
  };

  it.each<FaultKind>(['reply-lost', 'reset', 'rate-limited', 'malformed'])(
    'makes one worker though the platform meets: %s',
    async (kind) => {
      faults.tell({ operation: 'make', kind, retryAfter: 0 });
      const key = randomUUID();
      const fresh = newWorker({ connector, ...PLACE });
      const make = () => connector.workers.create(key, fresh);
      const made = await make().catch(make);
      const twins = platform.personnel.all('people').filter(({ clientRef }) => clientRef === key);
      expect(twins.map(({ employeeNo }) => employeeNo)).toEqual([made.id]);
    },
  );

  it('asks for another token when the platform has forgotten the one it gave', async () => {
    platform.forgetTokens();
    await expect(connector.workers.read('E5001')).resolves.toMatchObject({ name: 'Acacia Testworker' });
  });

  it('says what the platform answers in words of ours, and what is no answer at all', async () => {
    faults.tell({ operation: 'find', kind: 'wrong-schema' });
    await expect(connector.probe()).rejects.toMatchObject({ slug: 'upstream-rejected' });
    faults.tell({
      operation: 'find',
      kind: 'maintenance',
      retryAfter: 0,
      until: new Date(Date.now() + 60_000).toISOString(),
    });
    await expect(connector.probe()).rejects.toMatchObject({ slug: 'upstream-unavailable' });
    faults.clear();
    await expect(connector.probe()).resolves.toBeUndefined();
  });

  it('tells of a worker once, though notices come twice and in the wrong order', async () => {
    await notified();
    faults.tell({ operation: 'notify', kind: 'out-of-order' });
    const worker = await hired(); // this notice is held back
    faults.tell({ operation: 'notify', kind: 'duplicate' });
    const changed = await connector.workers.change(worker.id, { name: 'Yew Renamed' }, worker.revision);
    await platform.idle();
    expect(received.map(({ outcome }) => outcome)).toEqual(['taken', 'taken', 'taken']);
    await expect(typesOf(worker.id)).resolves.toEqual(['hired']); // as he is by now, and once
    await connector.workers.change(worker.id, { name: 'Yew Again' }, changed.revision);
    await platform.idle();
    await expect(typesOf(worker.id)).resolves.toEqual(['hired', 'changed']);
  });

  it('finds by its sweep what no notice told of, and says it once', async () => {
    await notified();
    faults.tell({ operation: 'notify', kind: 'lost', times: 10 });
    const worker = await hired();
    await platform.idle();
    await expect(typesOf(worker.id)).resolves.toEqual([]);
    await connector.sweep();
    await connector.sweep();
    await expect(typesOf(worker.id)).resolves.toEqual(['hired']);
    const leaving = { workerId: worker.id, lastDay: '2026-02-27', reason: 'voluntary', accessEnds: 'at-once' } as const;
    await connector.terminations.create(randomUUID(), leaving);
    await connector.sweep();
    await expect(typesOf(worker.id)).resolves.toEqual(['hired', 'terminated']);
  });

  it('names who has a code that it does not know, lists nobody without him, and holds up nobody else', async () => {
    const [strange, other] = [await hired(), await hired()];
    const alter = (empStat: string) => {
      const { ref, ver } = platform.personnel.person(strange.id);
      platform.personnel.alter('people', ref, { empStat }, ver);
      return ref;
    };
    const entry = alter('SABBATICAL');
    const refusal = { slug: 'upstream-rejected', context: { entry, member: 'empStat', code: 'SABBATICAL' } };
    await expect(connector.workers.read(strange.id)).rejects.toMatchObject(refusal);
    await expect(connector.workers.list({ page_size: 500 })).rejects.toMatchObject(refusal);
    await expect(connector.workers.read(other.id)).resolves.toMatchObject({ status: 'pre-hire' });
    await connector.sweep();
    await expect(typesOf(other.id)).resolves.toEqual(['hired']);
    await expect(typesOf(strange.id)).resolves.toEqual([]);
    alter('A');
    await connector.sweep();
    await expect(typesOf(strange.id)).resolves.toEqual(['hired']);
  });

  it('refuses a notice that is not signed, that is changed, or that is old', async () => {
    const notice = { deliveryId: randomUUID(), event: 'person.changed', employeeNo: 'E5001' };
    const signedAt = (sentAt: string, secret = HCM_CLIENT.webhookSecret) => {
      const text = `${sentAt}.${notice.deliveryId}.${notice.event}.${notice.employeeNo}`;
      return { notice, sentAt, signature: createHmac('sha256', secret).update(text).digest('hex') };
    };
    const now = String(Math.floor(Date.now() / 1000));
    const refusal = { slug: 'unauthenticated' };
    await expect(connector.receive(signedAt(now, 'guessed'))).rejects.toMatchObject(refusal);
    await expect(connector.receive({ ...signedAt(now), signature: '' })).rejects.toMatchObject(refusal);
    await expect(connector.receive(signedAt(String(Number(now) - 301)))).rejects.toMatchObject(refusal);
    await expect(connector.receive(signedAt('never'))).rejects.toMatchObject(refusal);
    const other = { ...signedAt(now), notice: { ...notice, employeeNo: 'E5002' } };
    await expect(connector.receive(other)).rejects.toMatchObject(refusal);
    await expect(connector.receive(signedAt(now))).resolves.toBeUndefined();
  });

  it('does not start with settings that cannot work, and names them', () => {
    expect(() => checked(new RestConfig())).toThrow(/HCM_REST_URL.*HCM_REST_CLIENT_SECRET.*HCM_REST_WEBHOOK_SECRET/);
    const config = Object.assign(new RestConfig(), { url: 'http://hr.example', clientSecret: 'x', webhookSecret: 'x' });
    expect(() => checked(config)).toThrow(/must be https/);
  });
});
