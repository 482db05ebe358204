import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NewSupplyOrder } from '@concord/canonical';
import { migrate, openDatabase, startPostgres, type Database, type PostgresServer } from '@concord/database';
import { EventLog, eventMigrations, Vault } from '@concord/events';
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
import type { StoresSurroundings } from '../../stores/stores.connector.js';
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

function surroundings(): StoresSurroundings {
  const vault = Vault.fromSecret(Buffer.alloc(32, 1).toString('base64'));
  const events = new EventLog(database, vault, { clock: now, rawRetentionDays: 1 });
  return { database, clock: now, faults: new FaultInjection(), events };
}

async function open(wishes: Record<string, string> = {}): Promise<X12Connector> {
  const made = new X12Connector(surroundings(), {
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
  await migrate(database, 'events', eventMigrations);
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

const invoiceOf = async (order: string) => (await connector.ports.invoices.listReceivedInvoices({ order })).items[0];
/** What became of an order, as the event log tells it. */
const newsOf = async (order: string) =>
  (await rows(`select data ->> 'status' as status from events.event where subject = '${order}' order by position`)).map(
    ({ status }) => status,
  );

/** What other tests have left to be sent is with the suppliers, so that a fault meets the order that it is meant for. */
async function nothingWaits(): Promise<void> {
  await connector.sendWaiting();
  const isRead = () => Promise.resolve(suppliers.server.list('/inbox').length === 0);
  await waitUntil('the suppliers to have read everything', isRead);
}

/** Sends, waits for the answers, and lets two days pass. */
async function answered(id: string): Promise<void> {
  await connector.sendWaiting();
  await waitUntil('the suppliers to have answered', () => isAnswered(id));
  await clock.turn(DAY);
  await waitUntil('the suppliers to have answered', async () => /shipped/.test(await statusOf(id)));
}

/** Sends, and waits for what the supplier says to a change. */
async function changed(id: string): Promise<void> {
  await connector.sendWaiting();
  const isSaid = async () => (await connector.ports.orders.readOrder(id)).change?.answer !== undefined;
  await waitUntil('the supplier to have answered to the change', isSaid);
}

connectorConformance('X12 over SFTP', async () => ({
  connector,
  answered,
  changed,
  invoiced: () => clock.turn(DAY),
}));

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
  const invoice = await waitUntil('the invoice', () => invoiceOf(id));
  expect(await connector.ports.orders.readOrder(id)).toMatchObject({
    status: 'shipped',
    lines: [{ confirmed: '5', shipped: '5' }],
  });
  expect(invoice).toMatchObject({
    number: `INV-${id}`,
    kind: 'invoice',
    status: 'received',
    lines: [{ orderLine: 1, itemId: 'SUTURE-KIT', quantity: '5', unit: 'case', amount: { amount: '1475.00' } }],
    total: { amount: '1475.00', currency: 'USD' },
  });
  await connector.sendWaiting();
  const answers = await rows(`select 1 from supply_chain_x12.sent_file where kind = '997' and sent_at is not null`);
  expect(answers.length).toBeGreaterThanOrEqual(5);
});

test('what a supplier says of his prices and his stock is known, each price from its day on', async () => {
  const { catalogue, stock } = connector.ports;
  const { id } = await create();
  await answered(id);
  const asked = { supplier: 'SUP-HARBOR-MEDICAL', item_id: 'SUTURE-KIT' };
  const { items: changes } = await catalogue.listCatalogueChanges({ supplier: asked.supplier });
  expect(changes.at(-1)).toMatchObject({
    itemId: 'SUTURE-KIT',
    price: { amount: '300.90' },
    prices: [
      { kind: 'list', price: { amount: '300.90' }, unit: 'case' },
      { kind: 'contract', price: { amount: '295.00' } },
      { kind: 'promotional', price: { amount: '280.25' }, fromQuantity: '10' },
    ],
  });
  const [before] = (await catalogue.listSupplierItems(asked)).items;
  expect(before!.listPrice).toEqual({ amount: '324.50', currency: 'USD' }); // the new one holds in a month
  const [has] = (await catalogue.listSupplierStock(asked)).items;
  expect(has).toMatchObject({ itemId: 'SUTURE-KIT', available: '100', unit: 'case' });
  const { suppliers = [] } = await stock.readItemAvailability('SUTURE-KIT');
  const harbor = suppliers.find(({ supplier }) => supplier === asked.supplier)!;
  expect(harbor).toEqual({ supplier: asked.supplier, available: '2000', asOf: has!.asOf }); // a case holds 20
});

test('an order that the supplier cannot read says so at once, with the place, and is cancelled without asking him', async () => {
  await nothingWaits();
  faults.tell({ operation: '850', kind: 'wrong-schema' });
  const { id } = await create();
  await connector.sendWaiting();
  await waitUntil('the order to be turned away', async () => (await statusOf(id)) === 'unreadable');
  const turned = await connector.ports.orders.readOrder(id);
  expect(turned.unreadable).toEqual([{ position: 'segment 2 BEG, element 2', reason: 'The code is not known' }]);
  expect((await connector.ports.orders.listOrders({ status: 'unreadable' })).items.map((one) => one.id)).toEqual([id]);
  expect(await newsOf(id)).toEqual(['unreadable']);
  expect(await connector.ports.orders.cancelOrder(id)).toMatchObject({ status: 'cancelled' });
  expect(await rows(`select 1 from supply_chain_x12.sent_file where order_id = '${id}' and kind = '860'`)).toEqual([]);
});

test('an order is cancelled once the supplier agrees, and goes on where he does not', async () => {
  const { orders } = connector.ports;
  const { id } = await create();
  const asked = await orders.cancelOrder(id);
  expect([asked.status, asked.cancellation?.answer]).toEqual(['sent', undefined]);
  expect((await orders.cancelOrder(id)).revision).toBe(asked.revision); // he is asked once
  await connector.sendWaiting();
  await waitUntil('the supplier to agree', async () => (await statusOf(id)) === 'cancelled');
  expect((await orders.readOrder(id)).cancellation).toMatchObject({ answer: 'accepted' });
  await clock.turn(DAY);
  const late = await create();
  await connector.sendWaiting();
  await waitUntil('the confirmation', () => isAnswered(late.id));
  faults.tell({ operation: '856', kind: 'lost' });
  await clock.turn(DAY);
  await orders.cancelOrder(late.id);
  await connector.sendWaiting();
  const refused = () =>
    orders.readOrder(late.id).then(({ cancellation }) => cancellation?.answer === 'refused' && cancellation);
  await waitUntil('the supplier to refuse', refused);
  expect(await statusOf(late.id)).toBe('confirmed');
  expect((await connector.ports.fulfilment.listShipmentNotices({ order: id })).items).toEqual([]);
});

test('an order that is changed before it is sent off is confirmed, sent off and invoiced as it was changed', async () => {
  const { orders, fulfilment } = connector.ports;
  const { id, revision } = await create();
  await connector.sendWaiting();
  await waitUntil('the confirmation', () => isAnswered(id));
  const [line] = (await orders.readOrder(id)).lines;
  const lines = [
    { line: 1, itemId: line!.itemId, quantity: '8', unit: 'case', unitPrice: { amount: '290.00', currency: 'USD' } },
    { itemId: 'SPLINT', quantity: '2', unit: 'case', unitPrice: { amount: '113.00', currency: 'USD' } },
  ];
  await expect(orders.changeOrder(id, revision, { lines })).rejects.toMatchObject({ slug: 'stale' }); // he has answered since
  const asked = await orders.changeOrder(id, (await orders.readOrder(id)).revision, { lines });
  expect(asked.lines).toMatchObject([{ quantity: '5' }]); // until he agrees
  const twice = orders.changeOrder(id, asked.revision, { lines });
  await expect(twice).rejects.toMatchObject({ slug: 'conflict' });
  await changed(id);
  expect(await orders.readOrder(id)).toMatchObject({
    status: 'confirmed',
    total: { amount: '2546.00' },
    lines: [
      { line: 1, quantity: '8', confirmed: '8' },
      { line: 2, quantity: '2', confirmed: '2' },
    ],
  });
  expect((await fulfilment.listOrderConfirmations({ order: id })).items).toHaveLength(2);
  await clock.turn(DAY);
  await waitUntil('the shipment', async () => (await statusOf(id)) === 'shipped');
  await clock.turn(DAY);
  const invoice = await waitUntil('the invoice', () => invoiceOf(id));
  expect(invoice).toMatchObject({
    total: { amount: '2546.00' },
    lines: [{ quantity: '8' }, { orderLine: 2, itemId: 'SPLINT' }],
  });
});

test('a change that the supplier cannot read, or does not want, leaves the order as it was', async () => {
  const { orders } = connector.ports;
  const { id } = await create();
  await connector.sendWaiting();
  await waitUntil('the confirmation', () => isAnswered(id));
  await nothingWaits();
  const more = [{ ...order().lines[0]!, line: 1, quantity: '9' }];
  faults.tell({ operation: '850', kind: 'wrong-schema' });
  await orders.changeOrder(id, '*', { lines: more });
  await changed(id);
  const turnedAway = await orders.readOrder(id);
  expect(turnedAway).toMatchObject({ status: 'confirmed', lines: [{ quantity: '5' }], change: { answer: 'refused' } });
  expect(turnedAway.change!.unreadable).toHaveLength(1);
  faults.tell({ operation: '856', kind: 'lost' });
  await clock.turn(DAY); // it is gone, and we do not know
  const less = [{ ...order().lines[0]!, line: 1, quantity: '3' }];
  await orders.changeOrder(id, '*', { lines: less });
  await changed(id);
  const refused = await orders.readOrder(id);
  expect(refused).toMatchObject({ lines: [{ quantity: '5' }], change: { answer: 'refused', sequence: 2 } });
  expect(refused.change!.unreadable).toBeUndefined();
});

test('an invoice whose number comes again with another sum waits for a person', async () => {
  const { invoices } = connector.ports;
  const { id } = await create();
  await answered(id);
  await clock.turn(DAY);
  const first = await waitUntil('the invoice', () => invoiceOf(id));
  const [file] = await rows(
    `select content from supply_chain_x12.received where position('INV-${id}'::bytea in content) > 0`,
  );
  const again = (file!['content'] as Buffer).toString('latin1').replace('TDS*147500', 'TDS*147600');
  const control = /IEA\*1\*(\d{9})/.exec(again)![1]!;
  suppliers.server.write('/outbox/again.x12', Buffer.from(again.replaceAll(control, '900000001'), 'latin1'));
  await waitUntil(
    'the file to be turned away',
    async () => (await rows(`select 1 from supply_chain_x12.received where control_number = '900000001'`)).length === 1,
  );
  expect((await invoices.listReceivedInvoices({ order: id })).items).toHaveLength(1); // its sum was wrong
  const dearer = again.replace('TDS*147600', 'TDS*149000').replace('*295*', '*298*').replaceAll(control, '900000002');
  suppliers.server.write('/outbox/dearer.x12', Buffer.from(dearer, 'latin1'));
  const conflicting = async () => (await invoices.listReceivedInvoices({ order: id, status: 'conflicting' })).items[0];
  expect(await waitUntil('the other invoice', conflicting)).toMatchObject({
    number: first.number,
    total: { amount: '1490.00' },
  });
});

test('who takes no change by X12 is called by telephone', async () => {
  const { id } = await create({
    supplier: 'SUP-PRAIRIE-BIOLOGICS',
    lines: [{ itemId: 'VAC-TD', quantity: '1', unit: 'box', unitPrice: { amount: '248.50', currency: 'USD' } }],
  });
  await expect(connector.ports.orders.cancelOrder(id)).rejects.toMatchObject({ slug: 'not-supported' });
  const changing = connector.ports.orders.changeOrder(id, '*', { neededOn: '2026-12-24' });
  await expect(changing).rejects.toMatchObject({ slug: 'not-supported' });
  expect((await connector.ports.orders.readOrder(id)).change).toBeUndefined();
});

test('an order whose acknowledgment never comes is listed as such', async () => {
  await nothingWaits();
  faults.tell({ operation: '997', kind: 'lost' });
  const { id, sentAt } = await create();
  await connector.sendWaiting();
  await waitUntil('the suppliers to have answered', () => isAnswered(id));
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
  );
  await waitUntil(
    'the suppliers to have answered',
    async () => (await rows(`select 1 from supply_chain_x12.received where outcome = 'refused'`)).length >= 2,
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
  );
});

test('an order whose sending was broken off is sent once by the next start', async () => {
  faults.tell({ operation: 'rename', kind: 'reply-lost' });
  await new Promise((resolve) => setTimeout(resolve, 150)); // the simulator looks and is told
  const { id } = await create();
  await connector.sendWaiting().catch(() => undefined);
  const next = await open();
  await waitUntil('the suppliers to have answered', async () =>
    next.sendWaiting().then(
      () => isAnswered(id),
      () => false,
    ),
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
  const starting = () => new X12Connector(surroundings(), { SUPPLIERS_SFTP_PASSWORD: 'x', ...wishes });
  expect(starting).toThrow(words);
});
