import type { JournalEntry, Page } from '@concord/canonical';
import { encounterBundle, ok } from '@concord/testing';
import { SimulatorClock } from '../../apps/simulators/src/clock.js';
import { Faults } from '../../apps/simulators/src/faults.js';
import { ODATA_CLIENT, startODataSimulator } from '../../apps/simulators/src/odata/odata.simulator.js';
import { testGateway, type TestGateway } from '../fixtures/gateway.js';

describe('a finished encounter, with the books behind OData', () => {
  const faults = new Faults();
  let erp: Awaited<ReturnType<typeof startODataSimulator>>;
  let gateway: TestGateway;
  let before: NodeJS.ProcessEnv;

  beforeAll(async () => {
    before = { ...process.env };
    erp = await startODataSimulator({ port: 0, clock: new SimulatorClock(), faults, dataDir: '' });
    Object.assign(process.env, {
      CONNECTOR_ERP: 'odata',
      ODATA_ERP_URL: `${erp.url}/odata/v4/erp`,
      ODATA_ERP_TOKEN_URL: `${erp.url}/oauth/token`,
      ODATA_ERP_CLIENT_SECRET: ODATA_CLIENT.secret,
    });
    gateway = await testGateway();
  }, 120_000);

  afterAll(async () => {
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
});
