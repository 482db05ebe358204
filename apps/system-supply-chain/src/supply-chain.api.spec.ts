/** What purchasing and the stores do with the API, from its front: who may, what is refused where, and what happens once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostConfig, startHost, type Host } from '@concord/api';
import type {
  NewSupplyOrder,
  Page,
  ParLevel,
  ReplenishmentNeed,
  ShipmentNotice,
  ShipmentReceipt,
  StockLevel,
  StockTransfer,
  SupplyOrder,
} from '@concord/canonical';
import { Caller, freePort, ok, type Answer } from '@concord/testing';

const BASE = '/system/supply-chain/v1';
const dataDir = mkdtempSync(join(tmpdir(), 'concord-supply-chain-api-'));
const usd = (amount: string) => ({ amount, currency: 'USD' });
let host: Host;
let purchasing: Caller;
/** Reads everything and changes nothing. */
let operations: Caller;

beforeAll(async () => {
  const { default: supplyChainApi } = await import('./api.js');
  const config = Object.assign(new HostConfig(), { port: await freePort(), dataDir });
  host = await startHost({ definitions: [supplyChainApi], config });
  purchasing = new Caller(host.url, 'purchasing');
  operations = new Caller(host.url, 'operations');
});

afterAll(async () => {
  await Promise.all([purchasing.close(), operations.close()]);
  await host.stop();
  rmSync(dataDir, { recursive: true });
});

const get = async <T>(path: string): Promise<T> => ok(await purchasing.get<T>(`${BASE}/${path}`));
const post = <T>(path: string, body: unknown, key?: string): Promise<Answer<T>> =>
  purchasing.post<T>(`${BASE}/${path}`, body, key === undefined ? {} : { key });
const patch = <T>(path: string, change: unknown, revision: string, key?: string): Promise<Answer<T>> =>
  purchasing.patch<T>(`${BASE}/${path}`, change, revision, key === undefined ? {} : { key });
/** A change that does not say what it was decided on. */
const patchUnseen = async (path: string, change: unknown): Promise<Answer> => {
  const response = await fetch(`${host.url}${BASE}/${path}`, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${await purchasing.tokenFor(BASE)}`,
      'content-type': 'application/merge-patch+json',
      'idempotency-key': 'unseen',
    },
    body: JSON.stringify(change),
  });
  return { status: response.status, headers: {}, body: await response.json() };
};

/** Where the faults of a refused request lie, each place once. */
const pointersOf = ({ status, body }: Answer) => {
  const { errors = [] } = body as { errors?: { pointer: string }[] };
  return [status, [...new Set(errors.map(({ pointer }) => pointer))]];
};
const isRepeated = ({ headers }: Answer) => headers['idempotent-replayed'] === 'true';

const onHand = async (location: string, item: string) =>
  Number((await get<Page<StockLevel>>(`stock-levels?location=${location}&item_id=${item}`)).items[0]?.onHand);

/** Of the kits 100 cases are sent off at once, what is more is owed. */
const CASTS = { itemId: 'CAST-KIT', unit: 'case', unitPrice: usd('224.00') };
const order = async (number: string, quantity: string): Promise<SupplyOrder> => {
  const about = { number, supplier: 'SUP-HARBOR-MEDICAL', deliverTo: 'STOCK-NORTH', neededOn: '2026-12-01' };
  return ok(await post<SupplyOrder>('orders', { ...about, lines: [{ ...CASTS, quantity }] } satisfies NewSupplyOrder));
};

describe('an order that the supplier has', () => {
  let wanted: SupplyOrder;
  beforeAll(async () => {
    wanted = await order('PO-CHANGED', '130');
  });

  test('is changed by nobody who may only read', async () => {
    const change = { neededOn: '2026-12-24' };
    const refused = await operations.patch(`${BASE}/orders/${wanted.id}`, change, wanted.revision);
    expect(refused).toMatchObject({ status: 403, body: { code: 'insufficient-scope' } });
  });

  test('is not changed into what it cannot be, and the place is told', async () => {
    const changed = async (change: unknown) => pointersOf(await patch(`orders/${wanted.id}`, change, wanted.revision));
    const line = { ...CASTS, line: 1, quantity: '120' };
    expect(await changed({ neededOn: 'soon' })).toEqual([422, ['/neededOn']]);
    expect(await changed({ lines: [] })).toEqual([422, ['/lines']]);
    expect(await changed({ lines: [{ ...line, quantity: 'some' }] })).toEqual([422, ['/lines/0/quantity']]);
    expect(await changed({ lines: [line, { ...CASTS, line: 7, quantity: '1' }] })).toEqual([422, ['/lines/1/line']]);
    expect((await get<SupplyOrder>(`orders/${wanted.id}`)).revision).toBe(wanted.revision);
  });

  test('is changed once for its key, by who has seen how it is', async () => {
    const path = `orders/${wanted.id}`;
    const change = { neededOn: '2026-12-24', lines: [{ ...CASTS, line: 1, quantity: '110' }] };
    expect(await patchUnseen(path, change)).toMatchObject({ status: 428, body: { code: 'precondition-required' } });
    const changed = await patch<SupplyOrder>(path, change, wanted.revision, 'change-1');
    expect(changed).toMatchObject({
      status: 200,
      body: { neededOn: '2026-12-24', total: usd('24640.00'), lines: [{ quantity: '110', backordered: '10' }] },
    });
    const again = await patch(path, change, wanted.revision, 'change-1');
    expect([again.body, isRepeated(again)]).toEqual([changed.body, true]);
    expect(await get<SupplyOrder>(path)).toEqual(changed.body);
    const late = await patch(path, { neededOn: '2026-12-25' }, wanted.revision);
    expect(late).toMatchObject({ status: 412, body: { code: 'stale' } });
  });
});

describe('what came of a shipment', () => {
  let shipment: string;
  beforeAll(async () => {
    const { id } = await order('PO-RECEIVED', '5');
    const { items } = await get<Page<ShipmentNotice>>(`shipment-notices?order=${id}&status=shipped`);
    shipment = items[0]!.id;
  });

  test('is received by nobody who may only read', async () => {
    const refused = await operations.post(`${BASE}/shipment-receipts`, { shipment });
    expect(refused).toMatchObject({ status: 403, body: { code: 'insufficient-scope' } });
  });

  test('is refused with its place where it cannot be', async () => {
    const received = async (receipt: object) => pointersOf(await post('shipment-receipts', { shipment, ...receipt }));
    const line = { shipmentLine: 1, quantity: '1' };
    expect(pointersOf(await post('shipment-receipts', {}))).toEqual([422, ['/shipment']]);
    expect(await received({ lines: [] })).toEqual([422, ['/lines']]);
    expect(await received({ lines: [{ ...line, shipmentLine: 0 }] })).toEqual([422, ['/lines/0/shipmentLine']]);
    expect(await received({ lines: [line, { ...line, shipmentLine: 2 }] })).toEqual([422, ['/lines/1/shipmentLine']]);
    expect(await received({ lines: [{ ...line, quantity: '-1' }] })).toEqual([422, ['/lines/0/quantity']]);
    expect(await received({ lines: [{ ...line, expiresOn: '2020-01-01' }] })).toEqual([422, ['/lines/0/expiresOn']]);
    expect(await received({ lines: [line, { ...line, quantity: '4.5' }] })).toEqual([409, ['/lines/1/quantity']]);
    const unknown = await post('shipment-receipts', { shipment: 'SH-NONE' });
    expect(unknown).toMatchObject({ status: 422, body: { code: 'unknown-code', context: { shipment: 'SH-NONE' } } });
  });

  test('raises the stock once for its key, until it is taken back', async () => {
    const before = await onHand('STOCK-NORTH', 'CAST-KIT');
    const first = await post<ShipmentReceipt>('shipment-receipts', { shipment }, 'receive-1');
    const { id } = first.body;
    expect([first.status, first.headers['location']]).toEqual([201, `${BASE}/shipment-receipts/${id}`]);
    const again = await post('shipment-receipts', { shipment }, 'receive-1');
    expect([again.body, isRepeated(again)]).toEqual([first.body, true]);
    expect(await onHand('STOCK-NORTH', 'CAST-KIT')).toBe(before + 50); // a case holds 10
    const other = await post('shipment-receipts', { shipment, location: 'STOCK-EAST' }, 'receive-1');
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-mismatch' } });
    expect(await post('shipment-receipts', { shipment })).toMatchObject({ status: 409, body: { code: 'conflict' } });
    const back = await post<ShipmentReceipt>(`shipment-receipts/${id}/reversal`, { reason: 'Another clinic' });
    expect(back).toMatchObject({ status: 201, body: { reverses: id } });
    expect(await onHand('STOCK-NORTH', 'CAST-KIT')).toBe(before);
    const read = await get<ShipmentReceipt>(`shipment-receipts/${id}`);
    expect(read).toMatchObject({ status: 'reversed', reversedBy: back.body.id });
  });
});

describe('what is carried from one location to another', () => {
  const splints = { itemId: 'SPLINT', quantity: '3', unit: 'each' };
  const round = { from: 'STOCK-NORTH', to: 'STOCK-WEST', reference: 'round-1', lines: [splints] };
  const lies = async () => [await onHand('STOCK-NORTH', 'SPLINT'), await onHand('STOCK-WEST', 'SPLINT')];

  test('is moved by nobody who may only read', async () => {
    const refused = await operations.post(`${BASE}/stock-transfers`, round);
    expect(refused).toMatchObject({ status: 403, body: { code: 'insufficient-scope' } });
    expect((await operations.get(`${BASE}/stock-transfers`)).status).toBe(200);
  });

  test('is refused with its place where it cannot be', async () => {
    const moved = async (change: object) => pointersOf(await post('stock-transfers', { ...round, ...change }));
    expect(await moved({ from: undefined })).toEqual([422, ['/from']]);
    expect(await moved({ to: 'STOCK-NORTH' })).toEqual([422, ['/to']]);
    expect(await moved({ lines: [splints, { ...splints, quantity: '0' }] })).toEqual([422, ['/lines/1/quantity']]);
    const plenty = await post('stock-transfers', { ...round, lines: [{ ...splints, quantity: '1000000' }] });
    expect(plenty).toMatchObject({ status: 409, body: { code: 'conflict', context: { item: 'SPLINT' } } });
  });

  test('is moved once for its key, and goes back once', async () => {
    const [here, there] = await lies();
    const first = await post<StockTransfer>('stock-transfers', round, 'round-1');
    const { id } = first.body;
    expect([first.status, first.headers['location']]).toEqual([201, `${BASE}/stock-transfers/${id}`]);
    const again = await post('stock-transfers', round, 'round-1');
    expect([again.body, isRepeated(again)]).toEqual([first.body, true]);
    expect(await lies()).toEqual([here! - 3, there! + 3]);
    const found = await get<Page<StockTransfer>>('stock-transfers?reference=round-1&to=STOCK-WEST');
    expect(found.items).toEqual([first.body]);
    const reason = { reason: 'Carried to the wrong clinic' };
    const back = await post<StockTransfer>(`stock-transfers/${id}/reversal`, reason, 'back-1');
    expect(isRepeated(await post(`stock-transfers/${id}/reversal`, reason, 'back-1'))).toBe(true);
    const twice = await post(`stock-transfers/${id}/reversal`, reason);
    expect(twice).toMatchObject({ status: 409, body: { context: { reversedBy: back.body.id } } });
    expect(await lies()).toEqual([here, there]);
    expect(await purchasing.get(`${BASE}/stock-transfers/ST-0`)).toMatchObject({ status: 404 });
  });
});

describe('what should lie where', () => {
  const id = 'STOCK-SOUTH:GLOVES';
  const path = `par-levels/${id}`;

  test('is changed by nobody who may only read', async () => {
    const { revision } = await get<ParLevel>(path);
    const refused = await operations.patch(`${BASE}/${path}`, { parLevel: '1' }, revision);
    expect(refused).toMatchObject({ status: 403, body: { code: 'insufficient-scope' } });
  });

  test('is changed once for its key, by who has seen how it is', async () => {
    const read = await purchasing.get<ParLevel>(`${BASE}/${path}`);
    const { revision } = read.body;
    expect(read.headers['etag']).toBe(`"${revision}"`);
    const held = { headers: { 'if-none-match': `"${revision}"` } };
    expect((await purchasing.get(`${BASE}/${path}`, held)).status).toBe(304);
    const change = { parLevel: '5000', reorderPoint: '4000' };
    expect(await patchUnseen(path, change)).toMatchObject({ status: 428, body: { code: 'precondition-required' } });
    const shape = pointersOf(await patch(path, { parLevel: 5000 }, revision));
    expect(shape).toEqual([422, ['/parLevel']]);
    expect(pointersOf(await patch(path, { ...change, reorderPoint: '5001' }, revision))).toEqual([
      422,
      ['/reorderPoint'],
    ]);
    const changed = await patch<ParLevel>(path, change, revision, 'par-1');
    expect(changed).toMatchObject({ status: 200, body: change });
    const again = await patch<ParLevel>(path, change, revision, 'par-1');
    expect([again.body, isRepeated(again)]).toEqual([changed.body, true]);
    expect(await patch(path, change, revision)).toMatchObject({ status: 412, body: { code: 'stale' } });
    expect(await patch('par-levels/STOCK-SOUTH:NONE', change, '1')).toMatchObject({ status: 404 });
  });

  test('is missing there in one answer, and less of it once it was moved there', async () => {
    const needs = async (more = '') => {
      const asked = `replenishment-needs?location=STOCK-SOUTH&item_id=GLOVES${more}`;
      return (await get<Page<ReplenishmentNeed>>(asked)).items;
    };
    const [before] = await needs('&due=true');
    const lies = await onHand('STOCK-SOUTH', 'GLOVES');
    expect(before).toMatchObject({
      id,
      parLevel: '5000',
      onHand: String(lies),
      missing: String(5000 - lies),
      due: true,
    });
    const lines = [{ itemId: 'GLOVES', quantity: '10', unit: 'box' }];
    await post('stock-transfers', { from: 'STOCK-EAST', to: 'STOCK-SOUTH', reference: 'needs', lines });
    expect(Number((await needs())[0]!.missing)).toBe(5000 - lies - 10);
    const asked = `${BASE}/replenishment-needs`;
    expect((await operations.get(asked)).status).toBe(200);
    expect(await purchasing.get(`${asked}?due=perhaps`)).toMatchObject({ status: 422 });
    expect(await purchasing.get(asked, { token: undefined })).toMatchObject({ status: 401 });
  });
});
