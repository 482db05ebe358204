import type { BulkJob } from '@concord/api';
import type { JournalEntry, Page } from '@concord/canonical';
import { Caller, encounterBundle, ok, waitUntil } from '@concord/testing';
import { SimulatorClock } from '../../apps/simulators/src/clock.js';
import { Faults } from '../../apps/simulators/src/faults.js';
import { ODATA_CLIENT, startODataSimulator } from '../../apps/simulators/src/odata/odata.simulator.js';
import { testGateway, type TestGateway } from '../fixtures/gateway.js';

describe('a finished encounter, with the books behind OData', () => {
  const faults = new Faults();
  let erp: Awaited<ReturnType<typeof startODataSimulator>>;
  let gateway: TestGateway;
  let accounting: Caller;
  let before: NodeJS.ProcessEnv;

  beforeAll(async () => {
    before = { ...process.env };
    erp = await startODataSimulator({ port: 0, clock: new SimulatorClock(), faults, dataDir: '' });
    Object.assign(process.env, {
      CONNECTOR_ERP: 'odata',
      ODATA_ERP_URL: `${erp.url}/odata/v4/erp`,
      ODATA_ERP_TOKEN_URL: `${erp.url}/oauth/token`,
      ODATA_ERP_CLIENT_SECRET: ODATA_CLIENT.secret,
      ODATA_ERP_CALLS_PER_MINUTE: '1200',
      ODATA_ERP_CALLS_AT_ONCE: '2',
    });
    gateway = await testGateway();
    accounting = new Caller(gateway.url, 'accounting');
  });

  afterAll(async () => {
    await accounting?.close();
    await gateway?.stop();
    await erp?.close();
    process.env = before;
  });

  it('is posted once and balanced, though the reply to its posting was lost', async () => {
    faults.tell({ operation: 'create', kind: 'reply-lost' });
    const { encounterId, bundle } = encounterBundle('odata', { procedures: ['288086009'], immunizations: ['140'] });
    ok(await gateway.send(bundle));
    expect((await gateway.financials(encounterId)).balanced).toBe(true);
    expect(faults.list()).toEqual([]);
    const path = `/system/erp/v1/journal-entries?reference=${encounterId}`;
    const { items } = ok(await gateway.operations.get<Page<JournalEntry>>(path));
    expect(items).toHaveLength(1);
    const sum = (side: string) =>
      items[0]!.lines.reduce(
        (all, { side: of, amount }) => all + (of === side ? Math.round(Number(amount.amount) * 100) : 0),
        0,
      );
    expect(sum('debit')).toBe(sum('credit'));
  });

  it('waits, as all flows do, for as long as the ERP asks', async () => {
    faults.tell({ operation: 'read', kind: 'rate-limited', retryAfter: 6, times: 1 });
    const first = accounting.get('/system/erp/v1/suppliers');
    await waitUntil('the ERP to ask for a pause', () => Promise.resolve(faults.list().length === 0));
    const { status, headers, body } = await accounting.get('/system/erp/v1/items');
    expect([status, body]).toMatchObject([503, { context: { stoppedBy: 'bulkhead', target: 'odata-erp' } }]);
    expect(Number(headers['retry-after'])).toBeGreaterThan(3);
    expect((await first).status).toBe(200);
    expect((await accounting.get('/system/erp/v1/items')).status).toBe(200);
  });

  it('is posted while a flood of entries in bulk waits for the same ERP', async () => {
    const usd = { amount: '1.00', currency: 'USD' };
    const line = { costCenter: 'CC-NORTH-PRIMARY-CARE', amount: usd };
    const entries = Array.from({ length: 400 }, (_, n) => ({
      legalEntity: 'LSH',
      accountingDate: new Date().toISOString().slice(0, 10),
      reference: `flood-${n}`,
      description: 'Late allocation',
      lines: [
        { ...line, account: '1200', side: 'debit' },
        { ...line, account: '4000', side: 'credit' },
      ],
    }));
    const accepted = await accounting.post<BulkJob>('/system/erp/v1/journal-entries/bulk', { items: entries });
    const job = `/system/erp/v1/jobs/${ok(accepted).id}`;
    await waitUntil('the flood', async () => ok(await accounting.get<BulkJob>(job)).done > 20);
    const { encounterId, bundle } = encounterBundle('odata flood', { procedures: ['288086009'] });
    ok(await gateway.send(bundle));
    expect((await gateway.financials(encounterId)).balanced).toBe(true);
    expect(ok(await accounting.get<BulkJob>(job)).status).toBe('running');
  });
});
