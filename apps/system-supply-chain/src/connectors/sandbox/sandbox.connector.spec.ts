import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { sql } from 'kysely';
import { migrate, openDatabase, startPostgres, type Database, type PostgresServer } from '@concord/database';
import { EventLog, eventMigrations, Vault } from '@concord/events';
import { FaultInjection } from '@concord/resilience';
import { connectorConformance, refusal } from '../connector.conformance.js';
import { documentMigrations } from '../../held/documents.migrations.js';
import { Documents } from '../../held/documents.store.js';
import { ITEMS } from '../../stores/items.seed.js';
import { SandboxConnector } from './sandbox.connector.js';

const dataDir = mkdtempSync(join(tmpdir(), 'concord-supply-chain-'));
const faults = new FaultInjection();
let postgres: PostgresServer;
let database: Database;
let supplyChain: SandboxConnector;

async function start(now = '2026-11-21T09:30:00Z') {
  const clock = () => new Date(now);
  const vault = Vault.fromSecret(Buffer.alloc(32, 1).toString('base64'));
  const events = new EventLog(database, vault, { clock, rawRetentionDays: 1 });
  const connector = new SandboxConnector({ database, clock, faults, events });
  await connector.onModuleInit();
  return connector;
}

beforeAll(async () => {
  postgres = await startPostgres({ dataDir, log: () => undefined });
  database = openDatabase(postgres.url);
  await migrate(database, 'events', eventMigrations);
  supplyChain = await start();
});

afterAll(async () => {
  await database.destroy();
  await postgres.stop();
  rmSync(dataDir, { recursive: true });
});

connectorConformance('the sandbox', async () => ({ connector: supplyChain }));

let keys = 0;
const key = () => `spec/${(keys += 1)}`;

const MILLIONTHS = 1_000_000;
const use = fc.record({
  item: fc.constantFrom(...ITEMS),
  /** In millionths of a stock unit, the finest that a quantity can be. */
  millionths: fc.integer({ min: 1, max: 5_000 * MILLIONTHS }),
});
const uses = fc.array(use, { minLength: 1, maxLength: 8 });
type Use = { item: (typeof ITEMS)[number]; millionths: number };

const takenFrom = (location: string, used: readonly Use[]) => ({
  location,
  reference: 'property',
  reason: 'consumption' as const,
  lines: used.map(({ item, millionths }) => ({
    itemId: item.id,
    quantity: (millionths / MILLIONTHS).toFixed(6),
    unit: item.stockUnit,
  })),
});

/** In whole cents and millionths, without a decimal library: half a cent is rounded up. */
const centsOf = ({ item, millionths }: Use): bigint => {
  const cost = BigInt(item.cost.replace('.', ''));
  return (2n * cost * BigInt(millionths) + BigInt(MILLIONTHS)) / BigInt(2 * MILLIONTHS);
};

const asCents = (amount: string): bigint => BigInt(amount.replace('.', ''));

test('two rounds that meet halfway wait for each other, and both are booked', async () => {
  const items = ['SUTURE-KIT', 'SPLINT', 'CAST-KIT'].map((itemId) => ({ itemId, quantity: '1', unit: 'each' }));
  const round = (from: string, to: string, index: number) => {
    const lines = index % 2 ? items : items.toReversed();
    return supplyChain.ports.transfers.createStockTransfer(key(), { from, to, reference: 'meeting', lines });
  };
  const levels = async () =>
    (await supplyChain.ports.stock.listStockLevels({ location: 'STOCK-SOUTH', page_size: 500 })).items;
  const before = await levels();
  const rounds = Array.from({ length: 20 }, (_, index) =>
    index % 4 < 2 ? round('STOCK-NORTH', 'STOCK-SOUTH', index) : round('STOCK-SOUTH', 'STOCK-NORTH', index),
  );
  expect(await Promise.all(rounds)).toHaveLength(20);
  expect((await levels()).map(({ onHand }) => onHand)).toEqual(before.map(({ onHand }) => onHand));
});

test('what is received, used and carried on at the same time is all counted', async () => {
  const items = ['SUTURE-KIT', 'SPLINT', 'CAST-KIT'];
  const levels = async () => {
    const { items: all } = await supplyChain.ports.stock.listStockLevels({ location: 'STOCK-NORTH', page_size: 500 });
    return items.map((item) => Number(all.find(({ itemId }) => itemId === item)!.onHand));
  };
  const each = (itemIds: string[]) => itemIds.map((itemId) => ({ itemId, quantity: '1', unit: 'each' }));
  const inTurn = (index: number) => (index % 2 ? items : items.toReversed());
  const about = { supplier: 'SUP-HARBOR-MEDICAL', deliverTo: 'STOCK-NORTH', neededOn: '2026-12-01' };
  const ordered = await Promise.all(
    Array.from({ length: 10 }, (_, index) => {
      const lines = each(inTurn(index)).map((line) => ({ ...line, unitPrice: { amount: '20.00', currency: 'USD' } }));
      return supplyChain.ports.orders.createOrder(key(), { ...about, number: `PO-MEETING-${index}`, lines });
    }),
  );
  const before = await levels();
  const { receiving, stock, transfers } = supplyChain.ports;
  await Promise.all(
    ordered.flatMap(({ id }, index) => {
      const lines = each(inTurn(index + 1));
      return [
        receiving.createShipmentReceipt(key(), { shipment: `${id}:shipment` }),
        stock.createStockAdjustment(key(), { location: 'STOCK-NORTH', reference: 'met', reason: 'consumption', lines }),
        transfers.createStockTransfer(key(), { from: 'STOCK-NORTH', to: 'STOCK-SOUTH', reference: 'met', lines }),
      ];
    }),
  );
  expect(await levels()).toEqual(before.map((onHand) => onHand - 10)); // ten came, twenty left
});

test('every line is worth its quantity at cost, to the cent, and an adjustment the sum of its lines', async () => {
  await fc.assert(
    fc.asyncProperty(uses, async (used) => {
      const { lines, value } = await supplyChain.ports.stock.createStockAdjustment(
        key(),
        takenFrom('STOCK-WEST', used),
      );
      expect(lines.map((line) => asCents(line.value.amount))).toEqual(used.map(centsOf));
      expect(asCents(value.amount)).toBe(used.map(centsOf).reduce((a, b) => a + b));
    }),
    { numRuns: 50 },
  );
});

test('whatever is taken and returned, the level is the first count less what is still out', async () => {
  const levels = async () => {
    const { items } = await supplyChain.ports.stock.listStockLevels({ location: 'STOCK-SOUTH', page_size: 500 });
    return new Map(items.map(({ itemId, onHand }) => [itemId, Math.round(Number(onHand) * MILLIONTHS)]));
  };
  await fc.assert(
    fc.asyncProperty(uses, uses, async (kept, given) => {
      const before = await levels();
      await supplyChain.ports.stock.createStockAdjustment(key(), takenFrom('STOCK-SOUTH', kept));
      const { id } = await supplyChain.ports.stock.createStockAdjustment(key(), takenFrom('STOCK-SOUTH', given));
      const { value } = await supplyChain.ports.stock.reverseStockAdjustment(key(), id, {
        reason: 'Encounter corrected',
      });
      for (const { item, millionths } of kept) before.set(item.id, before.get(item.id)! - millionths);
      expect(await levels()).toEqual(before);
      expect(asCents(value.amount)).toBe(-given.map(centsOf).reduce((a, b) => a + b));
    }),
    { numRuns: 25 },
  );
});

test('Postgres itself refuses to change or delete what is booked', async () => {
  await supplyChain.ports.stock.createStockAdjustment(
    key(),
    takenFrom('STOCK-NORTH', [{ item: ITEMS[0]!, millionths: 100_000 }]),
  );
  for (const name of ['stock_adjustment', 'stock_transfer', 'shipment_receipt']) {
    const table = sql.table(`sandbox_supply_chain.${name}`);
    await expect(sql`update ${table} set value = 0`.execute(database)).rejects.toThrow('never changed');
    await expect(sql`delete from ${table}`.execute(database)).rejects.toThrow('never changed');
  }
});

test('a second start finds the stock as it was left', async () => {
  const { items: before } = await supplyChain.ports.stock.listStockLevels({ page_size: 500 });
  const later = await start();
  expect((await later.ports.stock.listStockLevels({ page_size: 500 })).items).toEqual(before);
});

test('from a moment on, what moved since is listed and nothing else, and a start moves nothing', async () => {
  const { ports } = await start('2026-11-21T10:00:00Z');
  const since = { changed_since: '2026-11-21T10:00:00Z' };
  const changes = async () => [
    ...(await ports.catalogue.listItems(since)).items.map(({ id }) => id),
    ...(await ports.contracts.listContractPrices(since)).items.map(({ contract }) => contract),
    ...(await ports.stock.listStockLevels(since)).items.map(({ location, itemId }) => `${location} ${itemId}`),
    ...(await ports.stock.listStockLots(since)).items.map(({ id }) => id),
    ...(await ports.stock.listStockAdjustments(since)).items.map(({ id }) => id),
  ];
  expect(await changes()).toEqual([]);
  const lines = [{ itemId: 'VAC-TD', quantity: '1', unit: 'dose', lot: 'L-2027-VAC-TD' }];
  const about = { location: 'STOCK-NORTH', reference: 'since', reason: 'consumption' as const };
  const { id } = await ports.stock.createStockAdjustment(key(), { ...about, lines });
  expect(await changes()).toEqual(['STOCK-NORTH VAC-TD', 'STOCK-NORTH:VAC-TD:L-2027-VAC-TD', id]);
});

test('the health system begins with needs and with what was carried between its clinics', async () => {
  const { items: due } = await supplyChain.ports.replenishment.listReplenishmentNeeds({
    due: 'true',
    location: 'STOCK-WEST',
  });
  expect(due.map(({ id }) => id)).toContain('STOCK-WEST:VAC-FLU');
  const { items } = await supplyChain.ports.transfers.listStockTransfers({ from: 'STOCK-NORTH', page_size: 500 });
  expect(items.slice(0, 2).map(({ status }) => status)).toEqual(['booked', 'reversed']);
});

test('a transfer whose reply was lost is found again', async () => {
  faults.fail('createStockTransfer', { kind: 'reply-lost', times: 1 });
  const lines = [{ itemId: 'SPLINT', quantity: '1', unit: 'each' }];
  const [businessKey, transfer] = [key(), { from: 'STOCK-NORTH', to: 'STOCK-WEST', reference: 'lost-way', lines }];
  const lost = supplyChain.ports.transfers.createStockTransfer(businessKey, transfer);
  expect(await refusal(lost)).toMatchObject({ slug: 'upstream-timeout' });
  const found = await supplyChain.ports.transfers.createStockTransfer(businessKey, transfer);
  expect((await supplyChain.ports.transfers.listStockTransfers({ reference: 'lost-way' })).items).toEqual([found]);
});

test('a receipt whose reply was lost is found again', async () => {
  const lines = [{ itemId: 'SPLINT', quantity: '1', unit: 'case', unitPrice: { amount: '113.00', currency: 'USD' } }];
  const wanted = {
    number: 'PO-LOST',
    supplier: 'SUP-HARBOR-MEDICAL',
    deliverTo: 'STOCK-NORTH',
    neededOn: '2026-12-01',
  };
  const { id } = await supplyChain.ports.orders.createOrder(key(), { ...wanted, lines });
  faults.fail('createShipmentReceipt', { kind: 'reply-lost', times: 1 });
  const [businessKey, receipt] = [key(), { shipment: `${id}:shipment` }];
  const { receiving } = supplyChain.ports;
  const lost = receiving.createShipmentReceipt(businessKey, receipt);
  expect(await refusal(lost)).toMatchObject({ slug: 'upstream-timeout' });
  const found = await receiving.createShipmentReceipt(businessKey, receipt);
  expect((await receiving.listShipmentReceipts({ order: id })).items).toEqual([found]);
});

test('orders and shipments from before anything could be received say that nothing was', async () => {
  const { '103-received': _, ...before } = documentMigrations('older');
  await migrate(database, 'older', before);
  const line = { line: 1, itemId: 'SPLINT', quantity: '5', unit: 'case', shipped: '5' };
  const kept = { order: { status: 'shipped', lines: [line, { ...line, line: 2 }] }, shipment: { lines: [line] } };
  for (const [kind, body] of Object.entries(kept))
    await sql`insert into older.document (kind, id, body, changed_at)
      values (${kind}, 'PO-1', ${JSON.stringify(body)}::jsonb, now())`.execute(database);
  await migrate(database, 'older', documentMigrations('older'));
  const older = new Documents(database, 'older', () => new Date());
  const lines = [{ ...line, received: '0' }];
  const order = { status: 'shipped', allReceived: false, lines: [...lines, { ...lines[0], line: 2 }] };
  expect(await older.read('order', 'PO-1')).toMatchObject(order);
  expect(await older.read('shipment', 'PO-1')).toMatchObject({ status: 'shipped', lines });
});

test('an adjustment whose reply was lost is found again', async () => {
  faults.fail('createStockAdjustment', { kind: 'reply-lost', times: 1 });
  const [businessKey, adjustment] = [key(), takenFrom('STOCK-NORTH', [{ item: ITEMS[1]!, millionths: MILLIONTHS }])];
  const lost = supplyChain.ports.stock.createStockAdjustment(businessKey, { ...adjustment, reference: 'lost' });
  expect(await refusal(lost)).toMatchObject({ slug: 'upstream-timeout' });
  const found = await supplyChain.ports.stock.createStockAdjustment(businessKey, { ...adjustment, reference: 'lost' });
  expect((await supplyChain.ports.stock.listStockAdjustments({ reference: 'lost' })).items).toEqual([found]);
});

test('a supply chain that is down refuses reads as well', async () => {
  faults.fail('*', { kind: 'unavailable', times: 1_000_000 });
  expect(await refusal(supplyChain.ports.catalogue.readItem('VAC-FLU'))).toMatchObject({
    slug: 'upstream-unavailable',
  });
  expect(await refusal(supplyChain.ports.stock.listStockLevels({}))).toMatchObject({ slug: 'upstream-unavailable' });
  faults.clear();
  expect(await supplyChain.ports.catalogue.readItem('VAC-FLU')).toMatchObject({ stockUnit: 'vial', lotTracked: true });
});
