/** What costs were known last is known after a restart: an owner who does not answer then holds up no posting. */
import type { Problem, Run } from '@concord/canonical';
import { HcmApi, SupplyChainApi } from '@concord/sdk-system';
import { Caller, encounterBundle, ok, waitUntil } from '@concord/testing';
import { runIdOf, testGateway, type TestGateway } from '../fixtures/gateway.js';
import { spawnedGateway, type SpawnedGateway } from '../fixtures/spawned-gateway.js';

const DOWN = { kind: 'unavailable', times: 1_000_000 };
const before = { ...process.env };
let earlier: SpawnedGateway;
let gateway: TestGateway;

beforeAll(async () => {
  Object.assign(process.env, { MASTER_DATA_FRESH_SECONDS: '0.2', TRUE_UP_SECONDS: '1' });
  earlier = await spawnedGateway();
  await earlier.start();
});

afterAll(async () => {
  await gateway?.stop();
  await earlier?.remove();
  process.env = before;
});

/** Calls as the flows do, until the breaker has opened. */
async function fails(ask: () => PromiseLike<unknown>): Promise<void> {
  for (let n = 0; n < 60; n += 1) {
    const by = await Promise.resolve(ask()).catch((error: Problem) => error.context?.['stoppedBy']);
    if (by === 'breaker') return;
  }
  throw new Error('the breaker has not opened');
}

const encounter = (seed: string) => encounterBundle(seed, { procedures: ['288086009'], immunizations: ['140'] });
const fallbacksOf = ({ steps }: Run) =>
  ['supplies', 'labor'].map((step) => steps.find(({ name }) => name === step)?.fallback);

async function financedBefore(): Promise<Run> {
  const { encounterId, bundle } = encounter('before the restart');
  const [ehr, operations] = ['ehr', 'operations'].map((name) => new Caller(earlier.url, name)) as [Caller, Caller];
  ok(await ehr.post('/system/ehr/v1/inbound/fhir', bundle));
  const run = await waitUntil('the run to be through', async () => {
    const { status, body } = await operations.get<Run>(`/experience/operations/v1/runs/${runIdOf(encounterId)}`);
    return status === 200 && body.status === 'completed' && body;
  });
  await Promise.all([ehr.close(), operations.close()]);
  return run;
}

it('estimates supplies and accrues hours at the costs that were known before it started again', async () => {
  expect(fallbacksOf(await financedBefore())).toEqual([undefined, undefined]);
  await earlier.stop();

  gateway = await testGateway({ dataDir: earlier.dataDir });
  await gateway.fault('hcm', { ...DOWN, operation: 'listLaborRates' });
  await gateway.fault('supply-chain', { ...DOWN, operation: 'readItem' });
  const { transports } = gateway.host.platform;
  const to = (api: string) => transports.to(api, 'process-patient-to-billing');
  await fails(() => new HcmApi(to('system/hcm')).listLaborRates({}));
  await fails(() => new SupplyChainApi(to('system/supply-chain')).readItem('VAC-FLU'));
  const { encounterId, bundle } = encounter('after the restart');
  ok(await gateway.send(bundle));
  expect(fallbacksOf(await gateway.run(encounterId, 'completed'))).toEqual(['estimate', 'accrue']);
  for (const api of ['hcm', 'supply-chain']) await gateway.fault(api);
  await waitUntil('it to be trued up, and to balance', async () => (await gateway.financials(encounterId)).balanced, {
    withinMs: 60_000,
  });
});
