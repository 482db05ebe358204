import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostConfig, startHost, type BulkJob, type Host } from '@concord/api';
import type {
  BudgetValidation,
  CostAllocation,
  CostCenterValidation,
  FiscalPeriod,
  FixedAsset,
  GoodsReceipt,
  JournalEntry,
  Page,
  PostingStatus,
  PurchaseOrder,
  Supplier,
  SupplierInvoice,
  SupplierValidation,
} from '@concord/canonical';
import { Caller, freePort, ok, waitUntil } from '@concord/testing';

const BASE = '/system/erp/v1';
const dataDir = mkdtempSync(join(tmpdir(), 'concord-erp-api-'));
const today = new Date().toISOString().slice(0, 10);
const usd = (amount: string) => ({ amount, currency: 'USD' });
let host: Host;
let accounting: Caller;
let operations: Caller;

beforeAll(async () => {
  const { default: erpApi } = await import('./api.js');
  const config = Object.assign(new HostConfig(), { port: await freePort(), dataDir });
  host = await startHost({ definitions: [erpApi], config });
  accounting = new Caller(host.url, 'accounting');
  operations = new Caller(host.url, 'operations');
});

afterAll(async () => {
  await Promise.all([accounting.close(), operations.close()]);
  await host.stop();
  rmSync(dataDir, { recursive: true });
});

const get = async <T>(path: string): Promise<T> => ok(await accounting.get<T>(`${BASE}/${path}`));
const post = async <T>(path: string, body: unknown = {}): Promise<T> =>
  ok(await accounting.post<T>(`${BASE}/${path}`, body));

test('what is ordered is approved, received, invoiced and found in the journal, in equal sides', async () => {
  const line = { item: 'GLOVES', description: 'Gloves', quantity: '20', unit: 'box', unitPrice: usd('9.50') };
  const charged = { account: '1400', costCenter: 'CC-NORTH-EMERGENCY' };
  const about = { legalEntity: 'LSH', supplier: 'SUP-HARBOR-MEDICAL', deliverTo: 'STOCK-NORTH', neededOn: today };
  const order = await post<PurchaseOrder>('purchase-orders', { ...about, lines: [{ ...line, ...charged }] });
  await post(`purchase-orders/${order.id}/submission`);
  const rejected = await accounting.post(`${BASE}/purchase-orders/${order.id}/approval`, { approver: 'W-1001' });
  expect(rejected).toMatchObject({ status: 422, body: { code: 'approval-rejected' } });
  await post(`purchase-orders/${order.id}/approval`, { approver: 'W-2001' });
  await post(`purchase-orders/${order.id}/dispatch`);
  const received = { purchaseOrder: order.id, receivedOn: today, lines: [{ line: 1, quantity: '20' }] };
  const receipt = await post<GoodsReceipt>('goods-receipts', received);
  const invoiced = { legalEntity: 'LSH', supplier: about.supplier, number: 'INV-1', purchaseOrder: order.id };
  const lines = [{ orderLine: 1, description: 'Gloves', quantity: '20', unitPrice: usd('9.50') }];
  const dates = { invoiceDate: today, accountingDate: today };
  const invoice = await post<SupplierInvoice>('supplier-invoices', { ...invoiced, ...dates, lines });
  expect(invoice).toMatchObject({ match: { kind: 'three-way', status: 'matched' }, paymentBlocked: false });

  const statuses = await get<Page<PostingStatus>>(`journal-entries/posting-status?reference=${order.id}`);
  const entries = [receipt.journalEntry, invoice.journalEntry];
  expect(statuses.items.map(({ journalEntry }) => journalEntry)).toEqual(entries);
  const { lines: posted } = await get<JournalEntry>(`journal-entries/${invoice.journalEntry}`);
  expect(posted.map(({ account, side, amount }) => [account, side, amount.amount])).toEqual([
    ['2150', 'debit', '190.00'],
    ['2100', 'credit', '190.00'],
  ]);
});

test.each([
  ['SUP-HARBOR-MEDICAL', { valid: true }],
  ['SUP-NORTHERN-STAFFING', { valid: false, taxIdKnown: false }],
  ['SUP-OAKRIDGE-DENTAL', { valid: false, notBlocked: false }],
  ['SUP-OLDTOWN-PHARMA', { valid: false, active: false, bankDetailsPresent: false }],
])('%s is validated in one call', async (supplier, expected) => {
  expect(await get<SupplierValidation>(`suppliers/${supplier}/validation`)).toMatchObject({ supplier, ...expected });
});

test('a budget is asked in one call, and an order that was approved is committed', async () => {
  const asked = `budgets/validation?cost_center=CC-SOUTH-LABORATORY&account=6000&date=${today}&amount=`;
  expect(await get<BudgetValidation>(`${asked}36000.01`)).toMatchObject({
    verdict: 'exceeded',
    available: usd('36000.00'),
  });
  const line = {
    description: 'Shelving',
    quantity: '4',
    unit: 'each',
    unitPrice: usd('250.00'),
    account: '6000',
    costCenter: 'CC-SOUTH-LABORATORY',
  };
  const about = { legalEntity: 'LSH', supplier: 'SUP-LAKEVIEW-OFFICE', deliverTo: 'STOCK-SOUTH', neededOn: today };
  const { id } = await post<PurchaseOrder>('purchase-orders', { ...about, lines: [line] });
  await post(`purchase-orders/${id}/submission`);
  await post(`purchase-orders/${id}/approval`, { approver: 'W-2003' });
  const now = await get<BudgetValidation>(`${asked}36000.00`);
  expect(now).toMatchObject({ verdict: 'exceeded', committed: usd('1000.00'), available: usd('35000.00') });
});

test('receipts, invoices and allocations of the synthetic health system are there, and their entries balance', async () => {
  const { items: receipts } = await get<Page<GoodsReceipt>>('goods-receipts?purchase_order=PO-900005');
  expect(receipts.map(({ deliveryNote, value }) => [deliveryNote, value.amount])).toEqual([
    ['DN-40118', '740.00'],
    ['DN-40163', '672.00'],
  ]);
  const { items: invoices } = await get<Page<SupplierInvoice>>('supplier-invoices?purchase_order=PO-900005');
  expect(invoices.map(({ match, paymentBlocked }) => [match.status, paymentBlocked])).toEqual([
    ['matched', false],
    ['price-variance', true],
  ]);
  const { items: allocations } = await get<Page<CostAllocation>>('cost-allocations?reference=LINEN-SHARED');
  expect(allocations).toHaveLength(1);
  for (const { journalEntry } of [...receipts, ...invoices, ...allocations]) {
    const { lines } = await get<JournalEntry>(`journal-entries/${journalEntry}`);
    const cents = (side: string) =>
      lines.reduce((sum, line) => sum + (line.side === side ? Math.round(Number(line.amount.amount) * 100) : 0), 0);
    expect(cents('debit')).toBe(cents('credit'));
  }
});

test('a supplier changes for whoever saw how it is', async () => {
  const path = `${BASE}/suppliers/SUP-CEDAR-SURGICAL`;
  const read = await accounting.get<Supplier>(path);
  const { revision } = read.body;
  expect(read.headers['etag']).toBe(`"${revision}"`);
  expect((await accounting.get(path, { headers: { 'if-none-match': `"${revision}"` } })).status).toBe(304);
  const changed = await accounting.patch<Supplier>(path, { blocked: true, address: { city: 'Baraboo' } }, revision);
  expect(changed.body).toMatchObject({ blocked: true, address: { city: 'Baraboo', country: 'US' } });
  expect(await accounting.patch(path, { blocked: false }, revision)).toMatchObject({ status: 412 });
  const nameless = await accounting.patch(path, { name: null }, changed.body.revision);
  expect(nameless).toMatchObject({ status: 422, body: { code: 'validation-failed' } });
  const since = await get<Page<Supplier>>(`suppliers?changed_since=${changed.body.changedAt}`);
  expect(since.items.map(({ id }) => id)).toEqual(['SUP-CEDAR-SURGICAL']);
});

test('a period is closed and opened by its own scope; closing posts the depreciation that was missing', async () => {
  const { items } = await get<Page<FiscalPeriod>>(`fiscal-periods?legal_entity=LSH&date=${today}`);
  const { id } = items[0]!;
  const before = await get<FixedAsset>('fixed-assets/FA-0001');
  const closed = await post<FiscalPeriod>(`fiscal-periods/${id}/closure`, { reason: 'Month end' });
  expect(closed).toMatchObject({ id, status: 'closed' });
  const after = await get<FixedAsset>('fixed-assets/FA-0001');
  expect(Number(after.depreciation.amount)).toBeGreaterThan(Number(before.depreciation.amount));
  const { items: entries } = await get<Page<JournalEntry>>(`journal-entries?reference=DEPRECIATION-${id.slice(4)}`);
  expect(entries).toHaveLength(1);
  const alone = await accounting.post(`${BASE}/journal-entries/${entries[0]!.id}/reversal`, { reason: 'Too much' });
  expect(alone).toMatchObject({ status: 409, body: { code: 'conflict', context: { depreciation: id } } });
  const center = `cost-centers/CC-NORTH-IMAGING/validation?date=${today}`;
  expect(await get<CostCenterValidation>(center)).toMatchObject({ valid: false, active: true, periodOpen: false });
  const shares = [{ costCenter: 'CC-NORTH-SURGERY', weight: '1' }];
  const late = {
    legalEntity: 'LSH',
    accountingDate: today,
    reference: 'LATE',
    description: 'Late',
    account: '6000',
    from: 'CC-NORTH-IMAGING',
    amount: usd('1.00'),
    shares,
  };
  expect(await accounting.post(`${BASE}/cost-allocations`, late)).toMatchObject({
    status: 422,
    body: { code: 'period-closed' },
  });
  expect(await post(`fiscal-periods/${id}/opening`, { reason: 'One more entry' })).toMatchObject({ status: 'open' });
  expect(await get<CostCenterValidation>(center)).toMatchObject({ valid: true });
  await post('cost-allocations', late);
  const reader = await operations.post(`${BASE}/fiscal-periods/${id}/closure`, { reason: 'Curious' });
  expect(reader).toMatchObject({ status: 403, body: { code: 'insufficient-scope' } });
});

test('journal entries in bulk: each is posted or refused by itself', async () => {
  const line = (side: 'debit' | 'credit', amount: string) => ({
    account: side === 'debit' ? '1200' : '4000',
    costCenter: 'CC-SOUTH-SURGERY',
    side,
    amount: usd(amount),
  });
  const entry = (amount: string) => ({
    legalEntity: 'LSH',
    accountingDate: today,
    reference: 'BULK',
    description: 'Bulk',
    lines: [line('debit', '1.00'), line('credit', amount)],
  });
  const accepted = await accounting.post<BulkJob>(`${BASE}/journal-entries/bulk`, {
    items: [entry('1.00'), entry('2.00'), entry('1.00')],
  });
  expect(accepted).toMatchObject({ status: 202, headers: { location: `${BASE}/jobs/${accepted.body.id}` } });
  const job = await waitUntil('the job to end', async () => {
    const now = await get<BulkJob>(`jobs/${accepted.body.id}`);
    return now.done + now.failed === 3 && now;
  });
  expect(job).toMatchObject({ done: 2, failed: 1, total: 3 });
  expect((await get<Page<JournalEntry>>('journal-entries?reference=BULK')).items).toHaveLength(2);
});

test.each([
  ['items', 35],
  ['cost-centers/hierarchy', 10],
  ['budgets', 50],
  ['projects', 3],
  ['requisitions', 2],
  ['purchase-orders', 4],
  ['approval-levels', 50],
  ['inventory-valuations', 50],
  ['fixed-assets', 6],
])('%s have believable rows from the first start on', async (resource, atLeast) => {
  expect((await get<Page<unknown>>(resource)).items.length).toBeGreaterThanOrEqual(atLeast);
});
