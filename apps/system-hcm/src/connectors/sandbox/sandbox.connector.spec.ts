import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, startPostgres, type Database, type PostgresServer } from '@concord/database';
import { FaultInjection } from '@concord/resilience';
import { connectorConformance } from '../connector.conformance.js';
import { SandboxConnector } from './sandbox.connector.js';

const MONDAY = new Date('2026-03-02T12:00:00Z');

let folder: string;
let postgres: PostgresServer;
let database: Database;
let faults: FaultInjection;
let connector: SandboxConnector;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'concord-hcm-'));
  postgres = await startPostgres({ dataDir: folder, log: () => undefined });
  database = openDatabase(postgres.url);
  faults = new FaultInjection();
  connector = new SandboxConnector(database, () => MONDAY, faults);
  await connector.onModuleInit();
});

afterAll(async () => {
  await database.destroy();
  await postgres.stop();
  await rm(folder, { recursive: true });
});

connectorConformance('sandbox', () => ({
  connector,
  facility: 'CLINIC-NORTH',
  costCenter: 'CC-NORTH-PRIMARY-CARE',
}));

describe('The sandbox of human capital management', () => {
  it('keeps its data and its seed when it starts again', async () => {
    const before = await connector.listShifts({ page_size: 500 });
    const again = new SandboxConnector(database, () => MONDAY, new FaultInjection());
    await again.onModuleInit();
    await expect(again.listShifts({ page_size: 500 })).resolves.toEqual(before);
    const { items } = await again.listWorkers({});
    expect(items).toHaveLength(32);
    expect(items.every(({ name }) => name.endsWith(' Testworker'))).toBe(true);
  });

  it('gives the first allocation to a caller who never heard the first reply', async () => {
    const [rate] = (await connector.listLaborRates({ role: 'nurse' })).items;
    const line = { role: rate!.role, serviceLine: 'PRIMARY-CARE', costCenter: 'CC-NORTH-PRIMARY-CARE' };
    const lines = [{ ...line, hours: '1', cost: rate!.hourlyCost }];
    const allocation = { reference: 'encounter-7', facility: 'CLINIC-NORTH', date: '2026-03-02', lines };
    faults.fail('createLaborAllocation', { kind: 'reply-lost', times: 1 });
    await expect(connector.createLaborAllocation('run-7/labor', allocation)).rejects.toMatchObject({
      slug: 'upstream-timeout',
    });
    const found = await connector.createLaborAllocation('run-7/labor', allocation);
    await expect(connector.listLaborAllocations({ reference: 'encounter-7' })).resolves.toEqual({ items: [found] });
  });

  it('answers nothing while it is told to be down', async () => {
    faults.fail('*', { kind: 'unavailable', times: 1_000_000 });
    await expect(connector.listWorkers({})).rejects.toMatchObject({ slug: 'upstream-unavailable' });
    await expect(connector.readWorker('W-1001')).rejects.toMatchObject({ slug: 'upstream-unavailable' });
    faults.clear();
    await expect(connector.readWorker('W-1001')).resolves.toMatchObject({ id: 'W-1001' });
  });

  it('refuses the page token of another list', async () => {
    const { nextPageToken: page_token } = await connector.listWorkers({ page_size: 1 });
    await expect(connector.listLaborAllocations({ page_token })).rejects.toMatchObject({ slug: 'validation-failed' });
  });
});
