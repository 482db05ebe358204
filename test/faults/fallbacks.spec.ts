/** What each system declares for when it does not answer is what is done, seen by operations, and put right afterwards. */
import type { Connector } from '@concord/api';
import type { JournalEntry, Page, Problem, Run } from '@concord/canonical';
import type { Transport } from '@concord/sdk-core';
import { HcmApi, SupplyChainApi } from '@concord/sdk-system';
import { Caller, encounterBundle, ok, waitUntil } from '@concord/testing';
import { runIdOf, testGateway, type TestGateway } from '../fixtures/gateway.js';

let gateway: TestGateway;
let accounting: Caller;
const before = { ...process.env };

beforeAll(async () => {
  Object.assign(process.env, { MASTER_DATA_FRESH_SECONDS: '0.2', TRUE_UP_SECONDS: '1' });
  gateway = await testGateway();
  accounting = new Caller(gateway.url, 'accounting');
});

afterAll(async () => {
  await accounting?.close();
  await gateway?.stop();
  process.env = before;
});

afterEach(async () => {
  for (const api of ['erp', 'hcm', 'supply-chain', 'revenue-cycle']) await gateway.fault(api);
});

const DOWN = { operation: '*', kind: 'unavailable', times: 1_000_000 };

/** Calls as the flows do, until the breaker of the capability has opened. */
async function fails(ask: (to: (api: string) => Transport) => PromiseLike<unknown>): Promise<void> {
  const { transports } = gateway.host.platform;
  const to = (api: string) => transports.to(api, 'process-patient-to-billing');
  const refusals: unknown[] = [];
  for (let n = 0; n < 60; n += 1) {
    const refusal = await Promise.resolve(ask(to)).catch((error: Problem) => error.context?.['stoppedBy']);
    refusals.push(refusal);
    if (refusal === 'breaker') return;
  }
  throw new Error(`the breaker has not opened: ${refusals.join()}`);
}

const finished = async (seed: string): Promise<string> => {
  const { encounterId, bundle } = encounterBundle(seed, { procedures: ['288086009'], immunizations: ['140'] });
  ok(await gateway.send(bundle));
  return encounterId;
};
const runOf = async (encounterId: string) =>
  ok(await gateway.operations.get<Run>(`/experience/operations/v1/runs/${runIdOf(encounterId)}`));
const stepOf = (run: Run, step: string) => run.steps.find(({ name }) => name === step);
const memosOf = async (encounterId: string) => {
  const { items } = ok(
    await accounting.get<Page<JournalEntry>>(`/system/erp/v1/journal-entries?reference=${encounterId}`),
  );
  const standing = items.filter(({ reversedBy, reverses }) => !reversedBy && !reverses);
  expect(standing).toHaveLength(1);
  return new Set(standing[0]!.lines.map(({ memo }) => memo));
};
const settled = (encounterId: string, step: string) =>
  waitUntil(`${step} to be trued up`, async () => {
    const run = await runOf(encounterId);
    return run.status === 'completed' && stepOf(run, step)?.fallback === undefined && run;
  });

it('a cost that cannot be asked for is estimated from the last one known, and trued up when it can', async () => {
  const earlier = await finished('fallback estimate earlier');
  await gateway.run(earlier, 'completed');
  await gateway.fault('supply-chain', { operation: 'readItem', kind: 'unavailable', times: 1_000_000 });
  await fails((to) => new SupplyChainApi(to('system/supply-chain')).readItem('VAC-FLU'));
  const id = await finished('fallback estimate');
  const run = await gateway.run(id, 'completed');
  expect(stepOf(run, 'supplies')?.fallback).toBe('estimate');
  expect(run.businessNumbers).toContain('fallback:estimate');
  expect(await memosOf(id)).toContain('Supplies used, estimated');
  expect((await gateway.financials(id)).balanced).toBe(true);
  const seen = await waitUntil('operations to see the fallback', async () => {
    const { items } = ok(await gateway.operations.get<Page<Connector>>('/experience/operations/v1/connectors'));
    const { capabilities = [] } = items.find(({ connector }) => connector === 'system:supply-chain') ?? {};
    return capabilities.find(({ capability, fallbackSince }) => capability === 'items' && fallbackSince);
  });
  expect(seen.fallback).toBe('estimate');

  await gateway.fault('supply-chain');
  const trued = await settled(id, 'supplies');
  expect(trued.businessNumbers).not.toContain('fallback:estimate');
  expect(await memosOf(id)).toContain('Supplies used');
  expect((await gateway.financials(id)).balanced).toBe(true);
});

it('clinician time is accrued while nobody takes hours, and allocated when somebody does', async () => {
  await gateway.fault('hcm', DOWN);
  await fails((to) => new HcmApi(to('system/hcm')).listLaborRates({}));
  const id = await finished('fallback accrual');
  const run = await gateway.run(id, 'completed');
  expect(stepOf(run, 'labor')?.fallback).toBe('accrue');
  expect(stepOf(run, 'hours')).toMatchObject({ status: 'skipped', documents: [] });
  expect(await memosOf(id)).toContain('Clinician time, accrued');

  await gateway.fault('hcm');
  const settledRun = await settled(id, 'labor');
  expect(stepOf(settledRun, 'hours')).toMatchObject({ status: 'done' });
  expect(await memosOf(id)).toContain('Clinician time');
  expect((await gateway.financials(id)).balanced).toBe(true);
});

it('a claim that cannot be raised waits in the queue, and is raised once', async () => {
  await gateway.fault('revenue-cycle', { operation: 'createClaim', kind: 'unavailable', times: 1_000_000 });
  const id = await finished('fallback queue');
  const run = await gateway.run(id, 'waiting');
  expect(stepOf(run, 'claim')).toMatchObject({ status: 'waiting', fallback: 'queue' });
  await gateway.fault('revenue-cycle');
  expect(stepOf(await gateway.run(id, 'completed'), 'claim')?.fallback).toBeUndefined();
});

it('a budget is not guessed: while the ERP does not answer, the question is refused', async () => {
  await gateway.fault('erp', DOWN);
  const asked = 'cost_center=CC-NORTH-PRIMARY-CARE&account=5100&amount=10.00&date=2026-11-21';
  const { status, body } = await accounting.get(`/system/erp/v1/budgets/validation?${asked}`);
  expect([status, body]).toMatchObject([503, { code: 'upstream-unavailable', context: { fallback: 'refuse' } }]);
});
