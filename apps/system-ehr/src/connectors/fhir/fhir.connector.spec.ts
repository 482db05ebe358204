import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { migrate, openDatabase, startPostgres, type Database, type PostgresServer } from '@concord/database';
import { eventMigrations, EventLog, Vault } from '@concord/events';
import { FaultInjection } from '@concord/resilience';
import { encounterBundle, waitUntil, type EncounterWishes } from '@concord/testing';
import { SimulatorClock } from '../../../../simulators/src/clock.js';
import { startEhrSimulator, type EhrSimulator } from '../../../../simulators/src/ehr/ehr.js';
import { Faults } from '../../../../simulators/src/faults.js';
import { HOOK_HEADER } from '../../notification-hook.js';
import { connectorConformance, visitBundle } from '../connector.conformance.js';
import { FhirConfig } from './fhir.config.js';
import { FhirConnector } from './fhir.connector.js';

const SECRET = 'a secret of this test only';
const dataDir = mkdtempSync(join(tmpdir(), 'concord-fhir-'));
const clock = new SimulatorClock();
const faults = new Faults(() => clock.now());
const vault = Vault.fromSecret(Buffer.alloc(32, 7).toString('base64'));

let postgres: PostgresServer;
let database: Database;
let events: EventLog;
let sim: EhrSimulator;
let ehr: FhirConnector;
let hook: Server;
let notifications: number;

const connector = (settings: Partial<FhirConfig> = {}) => {
  const { port } = hook.address() as AddressInfo;
  const config = Object.assign(new FhirConfig(), {
    url: sim.url,
    keyFile: sim.keyFile,
    hookUrl: `http://127.0.0.1:${port}`,
    hookSecret: SECRET,
    sweepSeconds: 3600,
    ...settings,
  });
  return new FhirConnector({ database, vault, events, clock: () => clock.now(), faults: new FaultInjection() }, config);
};

beforeAll(async () => {
  postgres = await startPostgres({ dataDir, log: () => undefined });
  database = openDatabase(postgres.url);
  await migrate(database, 'events', eventMigrations);
  events = new EventLog(database, vault, { clock: () => clock.now(), rawRetentionDays: 30 });
  sim = await startEhrSimulator({ port: 0, clock, faults, dataDir: join(dataDir, 'sim') });
  // As the inbound controller does; what it adds (limits, audit) is not the matter here.
  hook = createServer((request, response) => {
    notifications += 1;
    const secret = request.headers[HOOK_HEADER] as string | undefined;
    void text(request)
      .then((body) => ehr.notified(secret, JSON.parse(body)))
      .then(
        () => response.writeHead(202).end(),
        () => response.writeHead(400).end(),
      );
  });
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  ehr = connector();
  await ehr.onModuleInit();
  await ehr.work();
});

afterAll(async () => {
  await ehr.onApplicationShutdown();
  await sim.close();
  hook.close();
  await database.destroy();
  await postgres.stop();
  rmSync(dataDir, { recursive: true });
});

beforeEach(() => {
  faults.clear();
  notifications = 0;
});

/** A visit happens in the EHR; nobody but its subscription tells of it. */
const happens = async (seed: string, wishes: EncounterWishes = {}): Promise<string> => {
  const { encounterId, bundle } = encounterBundle(seed, wishes);
  sim.load(bundle);
  await sim.idle();
  return encounterId;
};
const said = async (id: string) =>
  (await events.after(0, 100_000)).filter(({ subject }) => subject === id).map(({ type }) => type.split('.').at(-2));
const taken = (id: string) => waitUntil('the encounter', () => ehr.readEncounter(id).catch(() => undefined));
const unknown = (id: string) => expect(ehr.readEncounter(id)).rejects.toMatchObject({ slug: 'not-found' });

connectorConformance('fhir', () => ({
  ehr,
  visit: async (wishes) => {
    const { encounterId, bundle } = visitBundle(wishes);
    sim.load(bundle);
    await sim.idle();
    await taken(encounterId);
    return encounterId;
  },
}));

describe('An encounter that the EHR tells of over its subscription', () => {
  it('is asked for where the notification does not say what changed', async () => {
    faults.tell({ operation: 'notify', kind: 'lost' });
    const id = await happens('untold');
    await expect(ehr.notified('another secret')).rejects.toMatchObject({ slug: 'unauthenticated' });
    await unknown(id);
    await ehr.notified(SECRET);
    await taken(id);
  });

  it('is fetched with all that was done and used, and announced as completed', async () => {
    const id = await happens('told', { procedures: ['73761001'], payer: 'medicare', start: '2026-03-02T09:00:00Z' });
    await expect(taken(id)).resolves.toMatchObject({
      status: 'finished',
      payer: 'medicare',
      services: expect.arrayContaining([
        expect.objectContaining({ kind: 'procedure' }),
        expect.objectContaining({ kind: 'immunization' }),
      ]),
      supplies: [{ item: { code: '140' } }],
    });
    await expect(said(id)).resolves.toEqual(['completed']);
  });

  it('is announced once, however often it is told', async () => {
    faults.tell({ operation: 'notify', kind: 'duplicate' });
    const id = await happens('twice');
    await taken(id);
    await ehr.work();
    expect(notifications).toBe(2);
    await expect(said(id)).resolves.toEqual(['completed']);
    await expect(ehr.readEncounter(id)).resolves.toMatchObject({ version: 1 });
  });

  it('stands as the EHR has it, in whatever order it is told', async () => {
    faults.tell({ operation: 'notify', kind: 'out-of-order' });
    const id = await happens('unordered', { status: 'in-progress' });
    await happens('unordered', { status: 'finished' });
    await waitUntil('the end of it', async () => (await taken(id)).status === 'finished');
    await ehr.work();
    expect(notifications).toBe(2);
    await expect(said(id)).resolves.toEqual(['completed']);
  });

  it('is found by the sweep where the notification was lost', async () => {
    faults.tell({ operation: 'notify', kind: 'lost' });
    const id = await happens('lost');
    await unknown(id);
    await ehr.work();
    await expect(said(id)).resolves.toEqual(['completed']);
  });

  it('changes with what is recorded late, although nobody tells of that', async () => {
    const id = await happens('late');
    await taken(id);
    const { bundle } = encounterBundle('late', { procedures: ['52734007'] });
    for (const { resource } of bundle.entry) if (resource.resourceType === 'Procedure') sim.load(resource);
    await ehr.work();
    await expect(ehr.readEncounter(id)).resolves.toMatchObject({ version: 2 });
    await expect(said(id)).resolves.toEqual(['completed', 'completed']);
  });

  it.each(['rate-limited', 'reset', 'malformed', 'wrong-schema', 'reply-lost', 'maintenance'] as const)(
    'is taken in the end where the EHR has a bad hour: %s',
    async (kind) => {
      const until = new Date(clock.now().getTime() + 60_000).toISOString();
      faults.tell({ operation: 'search', kind, times: 3, retryAfter: 0, ...(kind === 'maintenance' && { until }) });
      const id = await happens(`bad hour ${kind}`);
      await ehr.work();
      await clock.turn(61_000);
      faults.clear();
      await waitUntil(
        'it to be taken',
        async () => {
          await ehr.work();
          return (await said(id)).length > 0;
        },
        { everyMs: 500 },
      );
      await expect(said(id)).resolves.toEqual(['completed']);
    },
  );

  it('is not listened to where the secret is another one', async () => {
    const { encounterId, bundle } = encounterBundle('forged');
    for (const secret of [undefined, '', 'guessed'])
      await expect(ehr.notified(secret, bundle)).rejects.toMatchObject({ slug: 'unauthenticated' });
    await unknown(encounterId);
  });

  it('is cancelled when the EHR has it no more', async () => {
    const id = await happens('deleted');
    await taken(id);
    sim.record.delete('Encounter', id);
    const request = { method: 'DELETE', url: `Encounter/${id}` };
    await ehr.receiveFhir({ resourceType: 'Bundle', type: 'history', entry: [{ request }] });
    await expect(ehr.readEncounter(id)).resolves.toMatchObject({ status: 'cancelled' });
    await expect(said(id)).resolves.toEqual(['completed', 'cancelled']);
  });
});

describe('The subscription', () => {
  it('is there once, and is renewed before it ends', async () => {
    const before = sim.record.all('Subscription');
    expect(before).toHaveLength(1);
    await clock.turn(13 * 3_600_000);
    await ehr.work();
    const [after, ...others] = sim.record.all('Subscription') as unknown as { id: string; end: string }[];
    expect(others).toEqual([]);
    expect(after!.id).toBe(before[0]!.id);
    expect(Date.parse(after!.end)).toBeGreaterThan(Date.parse((before[0] as unknown as { end: string }).end));
  });
});

describe('The client of the EHR', () => {
  it('gets a new token when the server has forgotten the one it gave', async () => {
    await expect(ehr.read('patient', 'sim-patient-01')).resolves.toMatchObject({ recordNumber: 'SIM-01' });
    sim.forgetTokens();
    await expect(ehr.read('patient', 'sim-patient-01')).resolves.toMatchObject({ gender: 'female' });
  });

  it('says what it was not given without a word of the record', async () => {
    await expect(ehr.read('patient', 'nobody')).rejects.toMatchObject({
      slug: 'not-found',
      context: { status: '404', issue: 'not-found' },
    });
  });

  it('tells the use of a device with its UDI, and the encounter of the procedure in which it was used', async () => {
    await expect(ehr.read('supply-use', 'DeviceUseStatement:sim-use-01')).resolves.toMatchObject({
      kind: 'device',
      status: 'used',
      udi: { deviceIdentifier: '00889842115628', serial: 'SIM-01' },
      encounterId: 'sim-encounter-01',
      procedureId: 'sim-procedure-01',
    });
  });

  it('does not start on settings that cannot work, and says which', () => {
    const wrong = join(dataDir, 'wrong.json');
    writeFileSync(wrong, '{}', { mode: 0o600 });
    expect(() => connector({ url: 'nowhere' })).toThrow('EHR_FHIR_URL');
    expect(() => connector({ hookSecret: 'short' })).toThrow('EHR_FHIR_HOOK_SECRET');
    expect(() => connector({ keyFile: join(dataDir, 'none.json') })).toThrow('EHR_FHIR_KEY_FILE');
    expect(() => connector({ keyFile: wrong })).toThrow('ES384');
    chmodSync(wrong, 0o644);
    expect(() => connector({ keyFile: wrong })).toThrow('chmod 600');
  });
});
