import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { HostConfig, startHost, type Connector, type Host } from '@concord/api';
import {
  EncounterCompleted,
  money,
  Problem,
  type Page,
  type Run,
  type RunException,
  type RunPreview,
} from '@concord/canonical';
import { Vendor } from '@concord/resilience';
import { Caller, freePort, waitUntil } from '@concord/testing';
import { workflowPart, WorkflowRuntime } from '@concord/workflow';
import { sql } from 'kysely';
import operationsApi from './api.js';
import { smallProcessApi, told } from './fixture/small-process.js';
import type { OperationsSummary } from './summary/summary.dto.js';

const BASE = '/experience/operations/v1';
const dataDir = mkdtempSync(join(tmpdir(), 'concord-operations-'));
let host: Host;
let operations: Caller;

beforeAll(async () => {
  const config = { ...new HostConfig(), dataDir, port: await freePort() };
  host = await startHost({ definitions: [smallProcessApi, operationsApi], parts: [workflowPart([])], config });
  operations = new Caller(host.url, 'operations');
});

afterAll(async () => {
  await operations.close();
  await host.stop();
  rmSync(dataDir, { recursive: true });
});

beforeEach(() => told.codes.clear());

let keys = 0;
const key = () => `spec-${(keys += 1)}`;

const get = async <T>(path: string) => (await operations.get<T>(`${BASE}/${path}`)).body;
const post = <T = { code?: string; detail?: string }>(path: string, body: unknown, idempotencyKey = key()) =>
  operations.post<T>(`${BASE}/${path}`, body, { key: idempotencyKey });

/** The encounter is finished; the id says which code it waits for: `E-1--140`. */
async function finished(encounterId: string): Promise<void> {
  const time = new Date();
  const data = { encounterId, occurredAt: time.toISOString() };
  const { type } = EncounterCompleted;
  const event = { id: `${encounterId}-done`, type, source: 'urn:concord:spec', subject: encounterId, time, data };
  await host.platform.events.append([{ ...event, correlationId: `spec-${encounterId}` }]);
}

const runId = (encounterId: string) => `encounter-to-finance:${encounterId}`;

const run = (encounterId: string, status: Run['status']) =>
  waitUntil(`run ${encounterId} to be ${status}`, async () => {
    const { body } = await operations.get<Run>(`${BASE}/runs/${runId(encounterId)}`);
    return body.status === status && body;
  });

const exceptionsOf = (encounterId: string, query = '') =>
  get<Page<RunException>>(`exceptions?run=${encodeURIComponent(runId(encounterId))}${query}`);

const crosswalkEntry = (code: string) => ({
  crosswalk: 'service-code',
  system: 'http://snomed.info/sct',
  code,
  target: 'CH-VISIT-CHECKUP',
});

describe('a run', () => {
  test('is listed by status and workflow', async () => {
    await finished('E-1');
    await run('E-1', 'completed');
    for (const query of ['status=completed', 'workflow=encounter-to-finance']) {
      const { items } = await get<Page<Run>>(`runs?${query}`);
      expect(items.map(({ id }) => id)).toContain(runId('E-1'));
    }
    expect((await get<Page<Run>>('runs?workflow=hire-to-retire')).items).toEqual([]);
  });

  test('is found by any business number it left', async () => {
    const found = async (number: string) => (await get<Page<Run>>(`runs?number=${number}`)).items.map(({ id }) => id);
    expect(await found('E-1')).toEqual([runId('E-1')]);
    expect(await found('JE-E-1')).toEqual([runId('E-1')]);
    expect(await found('JE-unknown')).toEqual([]);
  });

  test('is read with its steps and the documents they left', async () => {
    const { steps } = await run('E-1', 'completed');
    expect(steps.find(({ name }) => name === 'journal')).toMatchObject({
      status: 'done',
      documents: ['entry-E-1', 'JE-E-1'],
    });
  });

  test('that does not exist is not found', async () => {
    expect(await get('runs/encounter-to-finance:E-unknown')).toMatchObject({ code: 'not-found' });
  });

  test('of a workflow that no process API owns cannot be resumed', async () => {
    const { ledger } = host.apis[0]!.app.get(WorkflowRuntime, { strict: false });
    const time = new Date();
    const event = { id: 'x', type: 'x', source: 'x', subject: 'W-1', correlationId: 'x', time, data: {}, position: 1 };
    await ledger.enqueue(host.platform.database, 'hire-to-retire', [{ key: 'W-1', event }]);
    const { status, body } = await post('runs/hire-to-retire:W-1/resume', undefined);
    expect([status, body]).toMatchObject([404, { detail: 'No process API is known for this workflow' }]);
  });
});

describe('an exception', () => {
  test('is previewed, put right, previewed again and resolved, and the run ends', async () => {
    await finished('E-2--140');
    await run('E-2--140', 'parked');
    const [exception] = (await exceptionsOf('E-2--140', '&owner=supply')).items;
    expect(exception).toMatchObject({ step: 'supplies', owner: 'supply', status: 'open', atStake: money('100.00') });
    expect(await get(`exceptions/${exception!.id}`)).toEqual(exception);

    const before = await post<RunPreview>(`exceptions/${exception!.id}/preview`, {});
    expect(before.body).toMatchObject({
      writes: [],
      problems: [{ step: 'coverage' }, { step: 'charges' }, { step: 'supplies' }],
    });

    expect((await post('crosswalk-entries', crosswalkEntry('140'))).status).toBe(201);
    const { body: preview } = await post<RunPreview>(`exceptions/${exception!.id}/preview`, {});
    expect(preview).toMatchObject({ writes: [{ step: 'journal', action: 'do', api: 'system/erp' }], problems: [] });

    const resolution = { note: 'Crosswalk entry added', previewHash: preview.hash };
    const { status, body } = await post(`exceptions/${exception!.id}/resolve`, resolution);
    expect([status, body]).toMatchObject([202, { runId: runId('E-2--140'), status: 'queued' }]);
    await run('E-2--140', 'completed');
    expect((await exceptionsOf('E-2--140')).items).toEqual([]);
    expect((await exceptionsOf('E-2--140', '&status=resolved')).items).toHaveLength(3);
  });

  test('is not resolved to other writes than those of the preview', async () => {
    await finished('E-3--150');
    await run('E-3--150', 'parked');
    const [exception] = (await exceptionsOf('E-3--150')).items;
    const { body: preview } = await post<RunPreview>(`exceptions/${exception!.id}/preview`, {});
    await post('crosswalk-entries', crosswalkEntry('150'));
    const resolution = { note: 'Crosswalk entry added', previewHash: preview.hash };
    const { status, body } = await post(`exceptions/${exception!.id}/resolve`, resolution);
    expect([status, body.code]).toEqual([409, 'conflict']);
  });

  test('is not needed to let a parked run be tried again', async () => {
    await finished('E-4--160');
    await run('E-4--160', 'parked');
    await post('crosswalk-entries', crosswalkEntry('160'));
    expect((await post(`runs/${runId('E-4--160')}/resume`, undefined)).status).toBe(202);
    await run('E-4--160', 'completed');
  });
});

describe('a command', () => {
  test('that is sent twice is one command, all the way down to the process API', async () => {
    const sent = key();
    const first = await post('crosswalk-entries', crosswalkEntry('170'), sent);
    const second = await post('crosswalk-entries', crosswalkEntry('170'), sent);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect(told.crosswalkKeys.filter((one) => one.includes(sent))).toEqual([
      `experience-operations/operations/${sent}`,
    ]);
  });

  test('takes a key as long as a key may be', async () => {
    expect((await post('crosswalk-entries', crosswalkEntry('171'), 'k'.repeat(200))).status).toBe(201);
  });

  test('without an Idempotency-Key is refused', async () => {
    const response = await fetch(`${host.url}${BASE}/crosswalk-entries`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await operations.tokenFor(BASE)}`, 'content-type': 'application/json' },
      body: JSON.stringify(crosswalkEntry('172')),
    });
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'idempotency-key-missing' }]);
  });
});

test('the summary says where runs stand and what waits for whom, the money of each run once', async () => {
  const before = await get<OperationsSummary>('summary');
  await finished('E-5--180');
  await finished('E-6--180');
  await run('E-5--180', 'parked');
  await run('E-6--180', 'parked');
  const { runs, openExceptions, atStake } = await get<OperationsSummary>('summary');
  const parked = (counts: OperationsSummary['runs']) => counts.find(({ status }) => status === 'parked')!.runs;
  const held = parked(before.runs) + 2;
  expect(parked(runs)).toBe(held);
  expect(openExceptions).toEqual([
    { owner: 'billing', exceptions: held * 2, runs: held, atStake: [money(held * 100)] },
    { owner: 'supply', exceptions: held, runs: held, atStake: [money(held * 100)] },
  ]);
  expect(atStake).toEqual([money(held * 100)]);
});

test('operations sees how every system behind is doing, at its own address and beside the health of the host', async () => {
  const erp = new Vendor('system/erp', {
    retry: { attempts: 1 },
    breaker: { volume: 1, resetMs: 60_000 },
    bulkhead: { perMinute: 600 },
    fallbacks: { budgets: 'refuse' },
  });
  await erp.run('journal-entries', async () => 'posted');
  await erp.run('budgets', () => Promise.reject(new Problem('upstream-unavailable'))).catch(() => undefined);
  erp.credential({ kind: 'key', since: new Date('2026-11-01T00:00:00Z'), expiresAt: new Date('2026-12-01T00:00:00Z') });
  const shown = await waitUntil('the health of the ERP', async () => {
    const { items } = await get<Page<Connector>>('connectors');
    return items.find(({ connector }) => connector === 'system:erp');
  });
  expect(shown).toMatchObject({
    capabilities: [
      { capability: 'journal-entries', state: 'closed', fallback: 'queue' },
      { capability: 'budgets', state: 'open', fallback: 'refuse' },
    ],
    active: 0,
    waiting: 0,
    callsLastMinute: 2,
    callsPerMinute: 600,
    answeredAt: expect.any(String),
    failedAt: expect.any(String),
    credentials: [{ kind: 'key', since: '2026-11-01T00:00:00.000Z', expiresAt: '2026-12-01T00:00:00.000Z' }],
    credentialExpiresAt: '2026-12-01T00:00:00.000Z',
  });
  const authorization = `Bearer ${await operations.tokenFor(BASE)}`;
  const health = await fetch(`${host.url}/health/connectors`, { headers: { authorization } });
  expect([health.status, ((await health.json()) as Page<Connector>).items.length]).toEqual([200, 1]);
  expect((await fetch(`${host.url}/health/connectors`)).status).toBe(401);
});

test('what is past its time is forgotten by a durable schedule, so that one process does it for all', async () => {
  const done = await waitUntil('the schedule of the housekeeping', async () => {
    const { rows } = await sql<{ last_done_at: Date }>`
      select last_done_at from workflow.schedule where name = 'housekeeping'`.execute(host.platform.database);
    return rows[0];
  });
  expect(Date.now() - done.last_done_at.getTime()).toBeLessThan(300_000);
});
