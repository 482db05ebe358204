import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IdentityAccount, IdentityDrift, Worker } from '@concord/canonical';
import { migrate, openDatabase, startPostgres, type Database, type PostgresServer } from '@concord/database';
import { EventLog, eventMigrations, Vault } from '@concord/events';
import { FaultInjection } from '@concord/resilience';
import { waitUntil } from '@concord/testing';
import { SimulatorClock } from '../../../simulators/src/clock.js';
import { Faults, type FaultKind } from '../../../simulators/src/faults.js';
import { SCIM_TOKEN, startScimSimulator } from '../../../simulators/src/scim/scim.simulator.js';
import type { Simulator } from '../../../simulators/src/simulator.js';
import { newWorker } from '../connectors/conformance/change.conformance.js';
import { SandboxConnector } from '../connectors/sandbox/sandbox.connector.js';
import { driftOf } from './drift.js';
import { IdentityProvisioner } from './identity.provisioner.js';
import { ScimClient } from './scim.client.js';
import { ENTERPRISE, type ScimUser } from './scim.mapping.js';

const PLACE = { facility: 'CLINIC-NORTH', orgUnit: 'OU-NORTH-PRIMARY-CARE', costCenter: 'CC-NORTH-PRIMARY-CARE' };

type Directory = readonly (ScimUser & { readonly meta: { readonly lastModified: string } })[];

describe('Workers at the identity provider', () => {
  let folder: string;
  let postgres: PostgresServer;
  let database: Database;
  let hcm: SandboxConnector;
  let events: EventLog;
  let provider: Simulator;
  let scim: ScimClient;
  let provisioner: IdentityProvisioner;
  const faults = new Faults();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'concord-identity-'));
    provider = await startScimSimulator({ port: 0, clock: new SimulatorClock(), faults, dataDir: folder });
    postgres = await startPostgres({ dataDir: folder, log: () => undefined });
    database = openDatabase(postgres.url);
    await migrate(database, 'events', eventMigrations);
    const vault = Vault.fromFile(join(folder, 'vault.key'));
    const clock = () => new Date();
    events = new EventLog(database, vault, { clock, rawRetentionDays: 30 });
    hcm = new SandboxConnector({ database, vault, events, clock, faults: new FaultInjection() });
    await hcm.onModuleInit();
    scim = new ScimClient({ url: provider.url, token: SCIM_TOKEN });
    provisioner = await started();
  });

  afterAll(async () => {
    await provisioner.onModuleDestroy();
    hcm.onModuleDestroy();
    await provider.close();
    await database.destroy();
    await postgres.stop();
    await rm(folder, { recursive: true });
  });

  beforeEach(() => faults.clear());

  async function started(): Promise<IdentityProvisioner> {
    const client = new ScimClient({ url: provider.url, token: SCIM_TOKEN });
    const clock = () => new Date();
    const one = new IdentityProvisioner({ database, events, hcm, scim: client, clock, leaseMs: 1500 });
    await one.onModuleInit();
    one.onApplicationBootstrap();
    return one;
  }

  /** What the provider holds, asked past our own client. */
  async function held<T>(path: string): Promise<readonly T[]> {
    const headers = { authorization: `Bearer ${SCIM_TOKEN}` };
    const answer = await fetch(`${provider.url}/${path}`, { headers });
    return ((await answer.json()) as { Resources?: T[] }).Resources ?? [];
  }
  const usersOf = (workerId: string) =>
    held<Directory[number]>(`Users?filter=${encodeURIComponent(`externalId eq "${workerId}"`)}`);

  const account = (workerId: string, state: IdentityAccount['state']) =>
    waitUntil(`account of ${workerId} to be ${state}`, async () => {
      const found = await provisioner.read(workerId).catch(() => undefined);
      return found?.state === state && found;
    });

  const hired = (more: object = {}) => hcm.workers.create(randomUUID(), newWorker({ connector: hcm, ...PLACE }, more));

  async function joined(worker: Worker): Promise<Worker> {
    const { id } = await hcm.onboardings.create(randomUUID(), { workerId: worker.id, startsOn: '2026-01-05' });
    const provisioned = await waitUntil('the onboarding to be provisioned', async () => {
      const now = await hcm.onboardings.read(id);
      if (now.state !== 'provisioned') await provisioner.again(worker.id);
      return now.state === 'provisioned' && now;
    });
    const checklist = provisioned.checklist.map((item) => ({ ...item, done: true }));
    await hcm.onboardings.change(id, { state: 'active', checklist }, provisioned.revision);
    await account(worker.id, 'active');
    return hcm.workers.read(worker.id);
  }

  const leave = (workerId: string) =>
    hcm.terminations.create(randomUUID(), {
      workerId,
      lastDay: new Date().toISOString().slice(0, 10),
      reason: 'voluntary',
      accessEnds: 'at-once',
    });

  it('has every seeded worker, with number, place and manager', async () => {
    await waitUntil('all seeded workers', async () => {
      const { items } = await provisioner.list({ page_size: 100 });
      return items.length === 32 && items.every(({ state }) => state !== 'due');
    });
    const [user] = await usersOf('W-1002');
    const [manager] = await usersOf('W-1001');
    expect(user).toMatchObject({
      externalId: 'W-1002',
      userName: 'ash.testworker@example.org',
      active: true,
      [ENTERPRISE]: {
        employeeNumber: 'W-1002',
        costCenter: 'CC-NORTH-EMERGENCY',
        department: 'OU-NORTH-EMERGENCY',
        manager: { value: manager!.id },
      },
    });
    expect(JSON.stringify(user)).not.toMatch(/birth|Synthetic Road|555/);
    await expect(usersOf('W-1032')).resolves.toEqual([]); // left before anybody asked
  });

  it('lets somebody in from hire to activation, out at termination within the event, and in again on return', async () => {
    const worker = await hired();
    await account(worker.id, 'inactive');
    expect(await usersOf(worker.id)).toMatchObject([{ active: false }]);
    await joined(worker);
    const [before] = await usersOf(worker.id);
    expect(before?.active).toBe(true);
    const members = async () =>
      (await held<{ displayName: string; members?: { value: string }[] }>('Groups'))
        .filter(({ members: those }) => those?.some(({ value }) => value === before!.id))
        .map(({ displayName }) => displayName);
    await expect(members()).resolves.toEqual(['concord-role-nurse']);

    const ended = await leave(worker.id);
    await account(worker.id, 'inactive');
    expect(await usersOf(worker.id)).toMatchObject([{ id: before!.id, active: false }]);
    await expect(members()).resolves.toEqual([]);
    await expect(hcm.terminations.read(ended.id)).resolves.toMatchObject({ state: 'deprovisioned' });

    await joined(await hcm.workers.read(worker.id));
    expect(await usersOf(worker.id)).toMatchObject([{ id: before!.id, active: true }]);
  });

  it.each<FaultKind>(['reply-lost', 'reset', 'rate-limited', 'maintenance', 'malformed', 'wrong-schema'])(
    'has one user when creating him meets: %s',
    async (kind) => {
      const until = new Date(Date.now() + 500).toISOString();
      faults.tell({ operation: 'createUser', kind, retryAfter: 0, ...(kind === 'maintenance' ? { until } : {}) });
      const worker = await hired();
      const state = await waitUntil('an outcome', async () => {
        const found = await provisioner.read(worker.id).catch(() => undefined);
        return found && found.state !== 'due' && found.state;
      });
      // What is no SCIM at all is for a person to look at; asked again, it is found and done.
      if (state === 'refused') await provisioner.again(worker.id);
      await account(worker.id, 'inactive');
      expect(await usersOf(worker.id)).toHaveLength(1);
    },
  );

  it('finishes what a process that was killed had begun, and makes no second user', async () => {
    await provisioner.onModuleDestroy();
    const worker = await hired();
    faults.tell({ operation: 'createUser', kind: 'reply-lost' });
    // A process that takes the event over, makes the user, and dies before it can say so.
    const dying = await started();
    await waitUntil('the user', async () => (await usersOf(worker.id)).length === 1);
    await dying.onModuleDestroy();
    provisioner = await started();
    await account(worker.id, 'inactive');
    expect(await usersOf(worker.id)).toHaveLength(1);
  });

  it('refuses to take a stranger’s name over, and says so', async () => {
    await scim.create({ userName: 'taken@example.org', externalId: 'somebody-else', active: true });
    const worker = await hired({ email: 'taken@example.org' });
    await expect(account(worker.id, 'refused')).resolves.toMatchObject({ problem: 'conflict' });
    await hcm.workers.change(worker.id, { email: 'free@example.org' }, worker.revision);
    await account(worker.id, 'inactive');
    expect(await usersOf(worker.id)).toMatchObject([{ userName: 'free@example.org' }]);
  });

  it('changes nothing where nothing differs, and only what differs where something does', async () => {
    const worker = await hired();
    await account(worker.id, 'inactive');
    const [before] = await usersOf(worker.id);
    faults.tell({ operation: 'changeUser', kind: 'maintenance' }); // would be seen, were anything sent
    await provisioner.again(worker.id);
    await account(worker.id, 'inactive');
    expect((await usersOf(worker.id))[0]!.meta.lastModified).toBe(before!.meta.lastModified);
    faults.clear();
    await hcm.workers.change(worker.id, { name: 'Yew Renamed', jobTitle: null }, worker.revision);
    await waitUntil('the change', async () => (await usersOf(worker.id))[0]?.displayName === 'Yew Renamed');
    const [after] = await usersOf(worker.id);
    expect(after?.title).toBeUndefined();
    expect(after?.[ENTERPRISE]).toEqual(before?.[ENTERPRISE]);
  });

  it('looks again where somebody else changed the user a moment before, and then changes him', async () => {
    const worker = await hired();
    await account(worker.id, 'inactive');
    const [before] = await usersOf(worker.id);
    await expect(scim.provider()).resolves.toMatchObject({ etag: true });
    await expect(
      scim.change({ ...before!, meta: { version: 'W/"0"' } }, { ...before, title: 'Overwritten' }),
    ).rejects.toMatchObject({ slug: 'stale' }); // 412
    faults.tell({ operation: 'changeUser', kind: 'overtaken' });
    const changed = await hcm.workers.change(worker.id, { name: 'Yew Overtaken' }, worker.revision);
    await waitUntil('the change', async () => (await usersOf(worker.id))[0]?.displayName === 'Yew Overtaken');
    expect(faults.list()).toEqual([]);
    const [after] = await usersOf(worker.id);
    expect(after?.title).toBe(before?.title);
    await account(worker.id, 'inactive');

    faults.tell({ operation: 'changeUser', kind: 'overtaken', times: 2 });
    await hcm.workers.change(worker.id, { name: 'Yew Overtaken Twice' }, changed.revision);
    await waitUntil('the change', async () => (await usersOf(worker.id))[0]?.displayName === 'Yew Overtaken Twice');
    expect(faults.list()).toEqual([]);
  });

  it('reports drift by attribute, without values, and mends it when asked', async () => {
    const drifts = async () => {
      const found: IdentityDrift[] = [];
      let page_token: string | undefined;
      do {
        const page = await driftOf(hcm, scim, { page_size: 20, page_token });
        found.push(...page.items);
        page_token = page.nextPageToken;
      } while (page_token);
      return found;
    };
    const [user] = await usersOf('W-1003');
    await scim.change(user!, { ...user, title: 'CANARY', active: false });
    const found = await drifts();
    expect(found).toContainEqual({
      kind: 'differs',
      workerId: 'W-1003',
      userId: user!.id,
      attributes: ['title', 'active'],
    });
    expect(found).toContainEqual(expect.objectContaining({ kind: 'orphan', attributes: ['externalId'] }));
    expect(JSON.stringify(found)).not.toContain('CANARY');
    await provisioner.again('W-1003');
    await account('W-1003', 'active');
    expect((await drifts()).filter(({ workerId }) => workerId === 'W-1003')).toEqual([]);
  });
});
