import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NewSupplyOrder } from '@concord/canonical';
import { openDatabase, startPostgres, type Database, type PostgresServer } from '@concord/database';
import { FaultInjection } from '@concord/resilience';
import { waitUntil } from '@concord/testing';
import { sql } from 'kysely';
import { SimulatorClock } from '../../../../simulators/src/clock.js';
import { Faults } from '../../../../simulators/src/faults.js';
import {
  startSuppliersSimulator,
  SUPPLIERS_ACCOUNT,
  type SuppliersSimulator,
} from '../../../../simulators/src/suppliers/suppliers.simulator.js';
import { connectorConformance } from '../connector.conformance.js';
import { X12Connector } from './x12.connector.js';

const DAY = 86_400_000;
const BEGAN = performance.now();
const NOON = new Date('2026-11-21T12:00:00Z');
/** Goes as fast as the real time, because waits before another attempt are measured by it. */
const now = () => new Date(NOON.getTime() + performance.now() - BEGAN);

let folder: string;
let postgres: PostgresServer;
let database: Database;
let suppliers: SuppliersSimulator;
let clock: SimulatorClock;
let faults: Faults;
let connector: X12Connector;
const opened: X12Connector[] = [];

async function open(wishes: Record<string, string> = {}): Promise<X12Connector> {
  const made = new X12Connector(database, now, new FaultInjection(), {
    SUPPLIERS_SFTP_PORT: String(suppliers.port),
    SUPPLIERS_SFTP_USER: SUPPLIERS_ACCOUNT.username,
    SUPPLIERS_SFTP_PASSWORD: SUPPLIERS_ACCOUNT.password,
    SUPPLIERS_SFTP_HOST_KEYS: suppliers.fingerprint,
    SUPPLIERS_SFTP_POLL_SECONDS: '0.05',
    SUPPLIERS_SEND_SECONDS: '3600', // a test says when
    ...wishes,
  });
  opened.push(made);
  await made.onModuleInit();
  return made;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'concord-supply-x12-'));
  postgres = await startPostgres({ dataDir: join(folder, 'pg'), log: () => undefined });
  database = openDatabase(postgres.url);
  clock = new SimulatorClock(NOON);
  faults = new Faults(() => clock.now());
  suppliers = await startSuppliersSimulator({ port: 0, clock, faults, dataDir: join(folder, 'sim') });
  connector = await open();
});

afterAll(async () => {
  for (const each of opened) await each.onApplicationShutdown();
  await suppliers.close();
  await database.destroy();
  await postgres.stop();
  await rm(folder, { recursive: true });
});

const statusOf = async (id: string) => (await connector.ports.orders.readOrder(id)).status;
const isAnswered = async (id: string) => (await connector.ports.orders.readOrder(id)).lines[0]!.confirmed !== '0';
const rows = async (text: string) => (await sql.raw<Record<string, unknown>>(text).execute(database)).rows;

/** Sends, waits for the answers, and lets two days pass. */
async function answered(id: string): Promise<void> {
  await connector.sendWaiting();
  await waitUntil('the suppliers to have answered', () => isAnswered(id), { withinMs: 20_000 });
  await clock.turn(DAY);
  await waitUntil('the suppliers to have answered', async () => /shipped/.test(await statusOf(id)), {
    withinMs: 20_000,
  });
}

connectorConformance('X12 over SFTP', () => Promise.resolve(connector), undefined, answered);

let numbers = 0;
const order = (more: Partial<NewSupplyOrder> = {}): NewSupplyOrder => ({
  number: `PO-X12-${(numbers += 1)}`,
  supplier: 'SUP-HARBOR-MEDICAL',
  deliverTo: 'STOCK-NORTH',
  neededOn: '2026-12-01',
  lines: [{ itemId: 'SUTURE-KIT', quantity: '5', unit: 'case', unitPrice: { amount: '295.00', currency: 'USD' } }],
  ...more,
});
const create = (more?: Partial<NewSupplyOrder>) => {
  const wanted = order(more);
  return connector.ports.orders.createOrder(`spec/${wanted.number}`, wanted);
};

test('an order is acknowledged, confirmed, shipped and invoiced over the wire, and each answer is acknowledged', async () => {
  const { id } = await create();
  expect(await statusOf(id)).toBe('sent');
  await answered(id);
  await clock.turn(DAY);
  await waitUntil(
    'the suppliers to have answered',
    async () => (await rows(`select 1 from supply_chain_x12.invoice where order_id = '${id}'`)).length === 1,
    { withinMs: 20_000 },
  );
  expect(await connector.ports.orders.readOrder(id)).toMatchObject({
    status: 'shipped',
    lines: [{ confirmed: '5', shipped: '5' }],
  });
  const [invoice] = await rows(`select total from supply_chain_x12.invoice where order_id = '${id}'`);
  expect(Number(invoice!['total'])).toBe(1475);
  await connector.sendWaiting();
  const answers = await rows(`select 1 from supply_chain_x12.sent_file where kind = '997' and sent_at is not null`);
  expect(answers.length).toBeGreaterThanOrEqual(5);
  const { items } = await connector.ports.catalogue.listCatalogueChanges({ supplier: 'SUP-HARBOR-MEDICAL' });
  expect(items).toContainEqual(expect.objectContaining({ itemId: 'SUTURE-KIT', kind: 'changed' }));
});

test('an order whose acknowledgment never comes is listed as such', async () => {
  faults.tell({ operation: '997', kind: 'lost' });
  const { id, sentAt } = await create();
  await connector.sendWaiting();
  await waitUntil('the suppliers to have answered', () => isAnswered(id), { withinMs: 20_000 });
  const aged = await connector.ports.orders.listOrders({ unacknowledged_since: sentAt, page_size: 500 });
  expect(aged.items.map((one) => one.id)).toContain(id);
});

test('an answer that comes twice, broken or not as X12 counts once, and the raw file is kept', async () => {
  faults.tell({ operation: '855', kind: 'duplicate' });
  faults.tell({ operation: '832', kind: 'malformed' });
  faults.tell({ operation: '846', kind: 'wrong-schema' });
  const { id } = await create();
  await connector.sendWaiting();
  await waitUntil(
    'the suppliers to have answered',
    async () => suppliers.server.list('/outbox').length === 0 && (await isAnswered(id)),
    { withinMs: 20_000 },
  );
  await waitUntil(
    'the suppliers to have answered',
    async () => (await rows(`select 1 from supply_chain_x12.received where outcome = 'refused'`)).length >= 2,
    { withinMs: 20_000 },
  );
  expect((await connector.ports.fulfilment.listOrderConfirmations({ order: id })).items).toHaveLength(1);
  const refused = await rows(
    `select length(content) as bytes, faults from supply_chain_x12.received where outcome = 'refused'`,
  );
  expect(refused.every(({ bytes }) => Number(bytes) > 0)).toBe(true);
  expect(JSON.stringify(refused)).toMatch(/at byte \d+/);
});

test('a control number that comes again with another content is refused', async () => {
  const { id } = await create({ number: 'PO-X12-DUP' });
  await answered(id);
  const [taken] = await rows(
    `select partner, content from supply_chain_x12.received where outcome = 'taken' order by received_at desc limit 1`,
  );
  const changed = Buffer.from(
    (taken!['content'] as Buffer).toString('latin1').replace('PO-X12-DUP', 'PO-X12-1'),
    'latin1',
  );
  suppliers.server.write('/outbox/forged.x12', changed);
  await waitUntil(
    'the suppliers to have answered',
    async () => (await rows(`select 1 from supply_chain_x12.received where outcome = 'duplicate'`)).length === 1,
    { withinMs: 20_000 },
  );
});

test('an order whose sending was broken off is sent once by the next start', async () => {
  faults.tell({ operation: 'rename', kind: 'reply-lost' });
  await new Promise((resolve) => setTimeout(resolve, 150)); // the simulator looks and is told
  const { id } = await create();
  await connector.sendWaiting().catch(() => undefined);
  const next = await open();
  await waitUntil(
    'the suppliers to have answered',
    async () =>
      next.sendWaiting().then(
        () => isAnswered(id),
        () => false,
      ),
    { withinMs: 30_000 },
  );
  const sent = await rows(`select name from supply_chain_x12.sent_file where order_id = '${id}'`);
  expect(sent).toHaveLength(1);
  expect((await next.ports.fulfilment.listOrderConfirmations({ order: id })).items).toHaveLength(1);
});

test.each([
  ['a partner who is not described whole', { SUPPLIERS_PARTNERS: 'SUP-A=ZZ:ACME' }, 'SUP-A=ZZ:ACME'],
  ['a partner twice', { SUPPLIERS_PARTNERS: 'SUP-A=ZZ:ACME:004010:strict,SUP-B=ZZ:ACME:004010:strict' }, 'ACME twice'],
  ['a sender without a qualifier', { SUPPLIERS_SENDER: 'CONCORD' }, 'SUPPLIERS_SENDER'],
])('settings with %s are refused at the start', (_, wishes, words) => {
  const starting = () =>
    new X12Connector(database, now, new FaultInjection(), { SUPPLIERS_SFTP_PASSWORD: 'x', ...wishes });
  expect(starting).toThrow(words);
});
