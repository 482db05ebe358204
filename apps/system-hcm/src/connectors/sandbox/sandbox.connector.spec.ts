import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase, startPostgres, type Database, type PostgresServer } from '@concord/database';
import { EventLog, eventMigrations, Vault } from '@concord/events';
import { FaultInjection } from '@concord/resilience';
import { randomUUID } from 'node:crypto';
import { newWorker } from '../conformance/change.conformance.js';
import { connectorConformance } from '../connector.conformance.js';
import { SandboxConnector } from './sandbox.connector.js';

const MONDAY = new Date('2026-03-02T12:00:00Z');
const PLACE = { facility: 'CLINIC-NORTH', orgUnit: 'OU-NORTH-PRIMARY-CARE', costCenter: 'CC-NORTH-PRIMARY-CARE' };

let folder: string;
let postgres: PostgresServer;
let database: Database;
let events: EventLog;
let faults: FaultInjection;
let connector: SandboxConnector;
let now = MONDAY;

const vault = () => Vault.fromFile(join(folder, 'vault.key'));
const sandbox = (injected = new FaultInjection()) =>
  new SandboxConnector({ database, vault: vault(), events, clock: () => now, faults: injected });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'concord-hcm-'));
  postgres = await startPostgres({ dataDir: folder, log: () => undefined });
  database = openDatabase(postgres.url);
  await migrate(database, 'events', eventMigrations);
  events = new EventLog(database, vault(), { clock: () => now, rawRetentionDays: 30 });
  faults = new FaultInjection();
  connector = sandbox(faults);
  await connector.onModuleInit();
});

afterAll(async () => {
  connector.onModuleDestroy();
  await database.destroy();
  await postgres.stop();
  await rm(folder, { recursive: true });
});

connectorConformance('sandbox', () => ({
  connector,
  ...PLACE,
  loseReply: () => faults.fail('*', { kind: 'reply-lost', times: 1 }),
}));

describe('The sandbox of human capital management', () => {
  const eventsOf = async (workerId: string) =>
    (await events.after(0, 10_000)).filter(({ subject }) => subject === workerId);

  it('keeps its data and its seed when it starts again, and tells nobody anew', async () => {
    const before = await connector.shifts.list({ page_size: 500 });
    const told = (await events.after(0, 10_000)).length;
    const again = sandbox();
    await again.onModuleInit();
    again.onModuleDestroy();
    await expect(again.shifts.list({ page_size: 500 })).resolves.toEqual(before);
    expect((await events.after(0, 10_000)).length).toBe(told);
  });

  it('seeds people whom nobody takes for real ones', async () => {
    const { items } = await connector.workers.list({ page_size: 500 });
    const seeded = items.filter(({ id }) => id < 'W-2');
    expect(seeded).toHaveLength(32);
    expect(seeded.every(({ name }) => name.endsWith(' Testworker'))).toBe(true);
  });

  it('gives the first allocation to a caller who never heard the first reply', async () => {
    const { labor } = connector;
    const [rate] = (await labor.listLaborRates({ role: 'nurse' })).items;
    const line = { role: rate!.role, serviceLine: 'PRIMARY-CARE', costCenter: 'CC-NORTH-PRIMARY-CARE' };
    const lines = [{ ...line, hours: '1', cost: rate!.hourlyCost }];
    const allocation = { reference: 'encounter-7', facility: 'CLINIC-NORTH', date: '2026-03-02', lines };
    faults.fail('createLaborAllocation', { kind: 'reply-lost', times: 1 });
    await expect(labor.createLaborAllocation('run-7/labor', allocation)).rejects.toMatchObject({
      slug: 'upstream-timeout',
    });
    const found = await labor.createLaborAllocation('run-7/labor', allocation);
    await expect(labor.listLaborAllocations({ reference: 'encounter-7' })).resolves.toEqual({ items: [found] });
  });

  it('answers nothing while it is told to be down', async () => {
    faults.fail('*', { kind: 'unavailable', times: 1_000_000 });
    await expect(connector.workers.list({})).rejects.toMatchObject({ slug: 'upstream-unavailable' });
    await expect(connector.workers.read('W-1001')).rejects.toMatchObject({ slug: 'upstream-unavailable' });
    await expect(connector.probe()).rejects.toMatchObject({ slug: 'upstream-unavailable' });
    faults.clear();
    await expect(connector.workers.read('W-1001')).resolves.toMatchObject({ id: 'W-1001' });
  });

  it('tells of hiring, change and termination by identifiers alone', async () => {
    const { workers, terminations } = connector;
    const hired = await workers.create(randomUUID(), newWorker({ connector, ...PLACE }));
    await workers.change(hired.id, { name: 'Yew Canary' }, hired.revision);
    const leaving = { workerId: hired.id, lastDay: '2026-03-02', reason: 'voluntary', accessEnds: 'at-once' } as const;
    await terminations.create(randomUUID(), leaving);
    const told = await eventsOf(hired.id);
    expect(told.map(({ type }) => type)).toEqual([
      'org.concord.worker.hired.v1',
      'org.concord.worker.changed.v1',
      'org.concord.worker.terminated.v1',
    ]);
    for (const { data } of told) expect(Object.keys(data as object).sort()).toEqual(['occurredAt', 'workerId']);
    expect(JSON.stringify(told)).not.toContain('Canary');
  });

  it('lets a move and a last day take effect when their day has come', async () => {
    const { workers, assignments, terminations } = connector;
    const { id: workerId } = await workers.create(randomUUID(), newWorker({ connector, ...PLACE }));
    const move = {
      orgUnit: 'OU-EAST-PREVENTIVE',
      costCenter: 'CC-EAST-PREVENTIVE',
      fte: '1.00',
      reason: 'move',
    } as const;
    await assignments.create(randomUUID(), { workerId, startsOn: '2026-03-10', ...move });
    const leaving = { workerId, lastDay: '2026-03-20', reason: 'voluntary', accessEnds: 'after-last-day' } as const;
    await terminations.create(randomUUID(), leaving);
    const on = async (day: string) => {
      now = new Date(`${day}T06:00:00Z`);
      await connector.letEffect();
      return workers.read(workerId);
    };
    await expect(on('2026-03-09')).resolves.toMatchObject({ costCenter: 'CC-NORTH-PRIMARY-CARE' });
    await expect(on('2026-03-10')).resolves.toMatchObject({ costCenter: 'CC-EAST-PREVENTIVE', status: 'pre-hire' });
    await expect(on('2026-03-20')).resolves.toMatchObject({ status: 'pre-hire' });
    await expect(on('2026-03-21')).resolves.toMatchObject({ status: 'terminated', lastDay: '2026-03-20' });
    now = MONDAY;
  });

  it('lets many take effect in one sweep, page by page, and what one sweep leaves in the next', async () => {
    const { workers, assignments, terminations } = connector;
    const elsewhere = { orgUnit: 'OU-EAST-PREVENTIVE', costCenter: 'CC-EAST-PREVENTIVE', fte: '1.00' } as const;
    const people = await Promise.all(
      Array.from({ length: 11 }, () => workers.create(randomUUID(), newWorker({ connector, ...PLACE }))),
    );
    for (const [i, { id: workerId }] of people.entries()) {
      const move = { workerId, startsOn: '2026-04-07', ...elsewhere, reason: 'move' } as const;
      await assignments.create(randomUUID(), move);
      const leaving = { workerId, lastDay: '2026-04-08', reason: 'voluntary', accessEnds: 'after-last-day' } as const;
      if (i < 7) await terminations.create(randomUUID(), leaving);
    }
    const all = async () => Promise.all(people.map(({ id }) => workers.read(id)));
    const moved = async () => (await all()).filter(({ costCenter }) => costCenter === elsewhere.costCenter).length;
    const left = async () => (await all()).filter(({ status }) => status === 'terminated').length;
    now = new Date('2026-04-07T06:00:00Z');
    await connector.letEffect({ pages: 2, page: 3 });
    expect(await moved()).toBe(6);
    await connector.letEffect({ page: 3 });
    expect(await moved()).toBe(11);
    const told = (await events.after(0, 100_000)).length;
    await connector.letEffect({ page: 3 });
    expect((await events.after(0, 100_000)).length).toBe(told);
    now = new Date('2026-04-09T06:00:00Z');
    await connector.letEffect({ pages: 1, page: 5 });
    expect(await left()).toBe(5);
    await connector.letEffect();
    expect(await left()).toBe(7);
    now = MONDAY;
  });

  it('keeps what is nobody’s business sealed', async () => {
    await connector.workers.create(
      randomUUID(),
      newWorker({ connector, ...PLACE }, { personal: { phone: 'CANARY-555' } }),
    );
    const rows = await database
      .$extendTables<{ 'sandbox_hcm.record': { body: unknown } }>()
      .selectFrom('sandbox_hcm.record')
      .select('body')
      .execute();
    expect(JSON.stringify(rows)).not.toContain('CANARY-555');
  });

  it('refuses the page token of another list', async () => {
    const { nextPageToken: page_token } = await connector.workers.list({ page_size: 1 });
    await expect(connector.labor.listLaborAllocations({ page_token })).rejects.toMatchObject({
      slug: 'validation-failed',
    });
  });
});
