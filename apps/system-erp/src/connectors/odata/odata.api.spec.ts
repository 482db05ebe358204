/** From a request over HTTP to the store of the ERP behind OData, and back. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { HostConfig, startHost, type Host } from '@concord/api';
import type { IntercompanyTransaction, Page, Requisition, Reservation } from '@concord/canonical';
import { Caller, freePort, ok } from '@concord/testing';
import { SimulatorClock } from '../../../../simulators/src/clock.js';
import { Faults } from '../../../../simulators/src/faults.js';
import { ODATA_CLIENT, startODataSimulator } from '../../../../simulators/src/odata/odata.simulator.js';

const BASE = '/system/erp/v1';
const dataDir = mkdtempSync(join(tmpdir(), 'concord-odata-api-'));
const before = { ...process.env };
const today = new Date().toISOString().slice(0, 10);
const usd = (amount: string) => ({ amount, currency: 'USD' });
const faults = new Faults();
let erp: Awaited<ReturnType<typeof startODataSimulator>>;
let host: Host;
let accounting: Caller;

beforeAll(async () => {
  erp = await startODataSimulator({ port: 0, clock: new SimulatorClock(), faults, dataDir });
  Object.assign(process.env, {
    CONNECTOR_ERP: 'odata',
    ODATA_ERP_URL: `${erp.url}/odata/v4/erp`,
    ODATA_ERP_TOKEN_URL: `${erp.url}/oauth/token`,
    ODATA_ERP_CLIENT_SECRET: ODATA_CLIENT.secret,
  });
  const { default: erpApi } = await import('../../api.js');
  const config = Object.assign(new HostConfig(), { port: await freePort(), dataDir });
  host = await startHost({ definitions: [erpApi], config });
  accounting = new Caller(host.url, 'accounting');
});

afterEach(() => faults.clear());

afterAll(async () => {
  await accounting?.close();
  await host?.stop();
  await erp?.close();
  process.env = before;
  rmSync(dataDir, { recursive: true });
});

const held = (set: string, name: string, value: string) => erp.store.all(set).filter((one) => one[name] === value);

test('a requisition is drafted once, changed by whoever has read it, approved by whoever may, and listed', async () => {
  const line = { description: 'Label printer', quantity: '40', unit: 'each', unitPrice: usd('149.50') };
  const charged = { account: '6000', costCenter: 'CC-NORTH-LABORATORY' };
  const asked = { legalEntity: 'LSH', requester: 'W-1042', neededOn: today, lines: [{ ...line, ...charged }] };
  faults.tell({ operation: 'create', kind: 'reply-lost' });
  const drafting = () => accounting.post<Requisition>(`${BASE}/requisitions`, asked, { key: 'forty-printers' });
  expect(await drafting()).toMatchObject({ status: 503, body: { code: 'upstream-unavailable', retryable: true } });
  const { id, revision, total } = ok(await drafting());
  expect(total).toEqual(usd('5980.00'));
  expect(held('PurchaseRequisitions', 'RequesterID', 'W-1042')).toMatchObject([{ RequisitionID: id }]);

  const path = `${BASE}/requisitions/${id}`;
  const read = await accounting.get<Requisition>(path);
  expect(read.headers['etag']).toBe(`"${revision}"`);
  const headers = { 'if-none-match': `"${revision}"` };
  expect(await accounting.get(path, { headers })).toMatchObject({ status: 304 });
  const changing = () => accounting.patch<Requisition>(path, { justification: 'Broken' }, revision, { key: 'broken' });
  faults.tell({ operation: 'change', kind: 'reply-lost' });
  expect(await changing()).toMatchObject({ status: 503, body: { retryable: true } });
  const changed = ok(await changing());
  expect(changed).toMatchObject({ justification: 'Broken', status: 'draft' });
  expect(await accounting.patch(path, { justification: 'Lost' }, revision)).toMatchObject({ status: 412 });
  ok(await accounting.post(`${path}/submission`, {}));
  const manager = await accounting.post(`${path}/approval`, { approver: 'W-2001' });
  expect(manager).toMatchObject({ status: 422, body: { code: 'approval-rejected' } });
  expect(ok(await accounting.post(`${path}/approval`, { approver: 'W-2002' }))).toMatchObject({ status: 'approved' });
  const listed = `${BASE}/requisitions?requester=W-1042&status=approved&changed_since=${today}T00:00:00Z`;
  expect(ok(await accounting.get<Page<Requisition>>(listed)).items).toMatchObject([{ id, status: 'approved' }]);
  expect(held('PurchaseRequisitions', 'RequesterID', 'W-1042')).toMatchObject([{ DecidedBy: 'W-2002' }]);
});

test('stock is set aside and released, and more than is free is refused', async () => {
  const wish = { item: 'SPLINT', location: 'STOCK-NORTH', unit: 'each', reference: 'CASE-77', neededOn: today };
  const set = ok(await accounting.post<Reservation>(`${BASE}/reservations`, { ...wish, quantity: '100' }));
  const more = await accounting.post(`${BASE}/reservations`, { ...wish, quantity: '21' });
  const context = { item: 'SPLINT', location: 'STOCK-NORTH', available: '20' };
  expect(more).toMatchObject({ status: 422, body: { code: 'insufficient-stock', context } });
  const released = ok(await accounting.post(`${BASE}/reservations/${set.id}/release`, {}));
  expect(released).toMatchObject({ status: 'released' });
  expect(ok(await accounting.post(`${BASE}/reservations`, { ...wish, quantity: '120' }))).toMatchObject(wish);
});

test('what one legal entity provides to another is posted to both books once, though the reply was lost, and reversed', async () => {
  const asked = {
    accountingDate: today,
    reference: 'IMAGING-11',
    description: 'Imaging services',
    provider: { legalEntity: 'LSH', account: '6100', costCenter: 'CC-SOUTH-IMAGING' },
    receiver: { legalEntity: 'LSP', account: '6100', costCenter: 'CC-WEST-IMAGING' },
    amount: usd('1234.56'),
  };
  const path = `${BASE}/intercompany-transactions`;
  const providing = () => accounting.post<IntercompanyTransaction>(path, asked, { key: 'imaging-november' });
  faults.tell({ operation: 'create', kind: 'reply-lost' });
  expect(await providing()).toMatchObject({ status: 503 });
  const { id, providerEntry } = ok(await providing());
  expect(held('JournalEntries', 'DocumentReference', 'IMAGING-11')).toMatchObject([
    { CompanyCode: 'LSH', TotalAmount: '1234.56', JournalEntryID: providerEntry },
    { CompanyCode: 'LSP', TotalAmount: '1234.56' },
  ]);
  const half = await accounting.post(`${BASE}/journal-entries/${providerEntry}/reversal`, { reason: 'Half' });
  expect(half).toMatchObject({ status: 409, body: { code: 'conflict', context: { intercompanyTransaction: id } } });
  const reversed = ok(await accounting.post(`${path}/${id}/reversal`, { reason: 'Not provided' }));
  expect(reversed).toMatchObject({ status: 'reversed' });
  const states = held('JournalEntries', 'DocumentReference', 'IMAGING-11').map(({ EntryStatus }) => EntryStatus);
  expect(states).toEqual(['R', 'R', 'P', 'P']);
});
