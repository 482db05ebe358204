import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostConfig, startHost, type BulkJob, type Host } from '@concord/api';
import type { Credential, CredentialValidation, Page, PayResult, Worker } from '@concord/canonical';
import { Caller, freePort, ok, waitUntil } from '@concord/testing';

const BASE = '/system/hcm/v1';
const dataDir = mkdtempSync(join(tmpdir(), 'concord-hcm-api-'));
let host: Host;
let hr: Caller;
let operations: Caller;

beforeAll(async () => {
  const { default: hcmApi } = await import('./api.js');
  const config = Object.assign(new HostConfig(), { port: await freePort(), dataDir });
  host = await startHost({ definitions: [hcmApi], config });
  hr = new Caller(host.url, 'hr-portal');
  operations = new Caller(host.url, 'operations');
});

afterAll(async () => {
  await Promise.all([hr.close(), operations.close()]);
  await host.stop();
  rmSync(dataDir, { recursive: true });
});

describe('The API of human capital management', () => {
  it('tells what is restricted to whom it is for, and to nobody else', async () => {
    const own = ok(await hr.get<Worker>(`${BASE}/workers/W-1001`));
    expect(own.personal?.birthDate).toMatch(/^19/);
    const others = ok(await operations.get<Worker>(`${BASE}/workers/W-1001`));
    const { personal: _, ...rest } = own;
    expect(others).toEqual(rest);
    const [pay] = ok(await hr.get<Page<PayResult>>(`${BASE}/pay-results?page_size=1`)).items;
    expect(pay?.gross?.amount).toMatch(/^\d+\.\d\d$/);
    const [unpaid] = ok(await operations.get<Page<PayResult>>(`${BASE}/pay-results?page_size=1`)).items;
    expect(Object.keys(unpaid!)).not.toEqual(expect.arrayContaining(['gross']));
    const [held] = ok(await operations.get<Page<Credential>>(`${BASE}/credentials?page_size=1`)).items;
    expect(held).not.toHaveProperty('number');
  });

  it('keeps what is restricted out of the answer of an effect, and so out of its receipt', async () => {
    const fresh = { name: 'Yew Testworker', role: 'nurse', startsOn: '2026-01-05', personal: { phone: 'CANARY-777' } };
    const made = await hr.post<Worker>(`${BASE}/workers`, fresh);
    expect([made.status, made.headers['location']]).toEqual([201, `${BASE}/workers/${made.body.id}`]);
    expect(JSON.stringify(made.body)).not.toContain('CANARY');
    expect(ok(await hr.get<Worker>(`${BASE}/workers/${made.body.id}`)).personal).toEqual({ phone: 'CANARY-777' });
  });

  it('changes a worker for whoever saw how he is: 412 with an old revision or a weak one', async () => {
    const { revision } = ok(await hr.get<Worker>(`${BASE}/workers/W-1002`));
    const path = `${BASE}/workers/W-1002`;
    const without = await hr.patch(path, { jobTitle: 'Physician in chief' }, '', { headers: { 'if-match': 'W/"1"' } });
    expect(without.status).toBe(412);
    const changed = await hr.patch<Worker>(path, { jobTitle: 'Physician in chief' }, revision);
    expect(changed).toMatchObject({ status: 200, body: { jobTitle: 'Physician in chief' } });
    expect(changed.headers['etag']).toBe(`"${changed.body.revision}"`);
    const late = await hr.patch(path, { jobTitle: null }, revision);
    expect(late).toMatchObject({ status: 412, body: { code: 'stale' } });
    const held = await hr.get(path, { headers: { 'if-none-match': `"${changed.body.revision}"` } });
    expect(held.status).toBe(304);
    const placed = await hr.patch(path, { costCenter: 'CC-ELSEWHERE' }, changed.body.revision);
    expect(placed).toMatchObject({ status: 422, body: { code: 'validation-failed' } });
  });

  it('finds a change done whose reply was lost, when it is sent again with its key, and does it once', async () => {
    const { revision } = ok(await hr.get<Worker>(`${BASE}/workers/W-1003`));
    const path = `${BASE}/workers/W-1003`;
    const change = { jobTitle: 'Charge nurse' };
    ok(await operations.post(`${BASE}/sandbox/faults`, { operation: 'changeWorker', kind: 'reply-lost', times: 1 }));
    const lost = await hr.patch(path, change, revision, { key: 'charge-nurse-1' });
    expect(lost.status).toBe(504);
    const done = ok(await hr.get<Worker>(path));
    expect(done).toMatchObject(change);
    const again = await hr.patch<Worker>(path, change, revision, { key: 'charge-nurse-1' });
    expect(again).toMatchObject({ status: 200, body: { revision: done.revision, ...change } });
    expect(ok(await hr.get<Worker>(path)).revision).toBe(done.revision);
    const other = await hr.patch(path, { jobTitle: 'Head nurse' }, revision, { key: 'head-nurse-1' });
    expect(other.status).toBe(412);
  });

  it.each([
    ['a physician with a license', 'W-1001', 'date=2026-03-02', true, []],
    ['a privilege that he holds', 'W-1001', 'date=2026-03-02&privilege=SEDATION', true, []],
    ['a privilege that he does not hold', 'W-1001', 'date=2026-03-02&privilege=IMAGING', false, ['privilege-not-held']],
    ['a privilege that has run out', 'W-1001', 'date=2029-07-01&privilege=SURGERY', false, ['privilege-not-held']],
    ['somebody whose license has lapsed', 'W-1031', 'date=2026-03-02', false, ['license-not-in-force']],
    ['somebody without a license', 'W-1008', 'date=2026-03-02', false, ['license-missing']],
    ['somebody who has left', 'W-1032', 'date=2026-03-02', false, ['worker-not-employed', 'license-missing']],
    ['a day before the first', 'W-1001', 'date=2020-06-01', false, ['worker-not-employed']],
  ])('says in one call whether one may work: %s', async (_, worker, query, valid, faults) => {
    const path = `${BASE}/workers/${worker}/credentials/validation?${query}`;
    expect(ok(await operations.get<CredentialValidation>(path))).toMatchObject({ workerId: worker, valid, faults });
  });

  it('says until when it would still be so', async () => {
    const path = `${BASE}/workers/W-1001/credentials/validation?date=2026-03-02&privilege=SURGERY`;
    const { body } = await operations.get<CredentialValidation>(path);
    expect(body).toMatchObject({ credentials: ['CRED-1001-MD', 'CRED-1001-BOARD'], validUntil: '2029-06-30' });
  });

  it('lets nobody change who may only read', async () => {
    const refused = await operations.post(`${BASE}/terminations`, { workerId: 'W-1001' });
    expect(refused.status).toBe(403);
  });

  it('takes workers in bulk once, line by line, and keeps what is restricted out of its jobs and faults', async () => {
    const worker = (name: string, more: object = {}) => ({ name, role: 'nurse', startsOn: '2026-01-05', ...more });
    const personal = { phone: 'CANARY-778' };
    const items = [
      worker('Bulk Testworker A', { personal }),
      worker('Bulk Testworker B', { orgUnit: 'OU-NOWHERE' }),
      worker('Bulk Testworker C', { startsOn: 'soon' }),
      worker('Bulk Testworker D'),
    ];
    const asked = await hr.post<BulkJob>(`${BASE}/workers/bulk`, { items }, { key: 'bulk-hire-1' });
    expect(asked).toMatchObject({ status: 202, body: { total: 4 } });
    expect(asked.headers['location']).toBe(`${BASE}/jobs/${asked.body.id}`);
    const job = await waitUntil('the job', async () => {
      const { body } = await hr.get<BulkJob>(`${BASE}/jobs/${asked.body.id}`);
      return body.status === 'done' && body;
    });
    expect(job).toMatchObject({ total: 4, done: 2, failed: 2 });
    const faults = ok(await hr.get<Page<object>>(`${BASE}/jobs/${job.id}/faults`));
    expect(faults.items).toMatchObject([{ line: 2 }, { line: 3, code: 'validation-failed' }]);
    expect(JSON.stringify([job, faults])).not.toContain('CANARY');
    const again = await hr.post<BulkJob>(`${BASE}/workers/bulk`, { items }, { key: 'bulk-hire-1' });
    expect(again.body.id).toBe(job.id);
    const hired = ok(await hr.get<Page<Worker>>(`${BASE}/workers?status=pre-hire&page_size=500`)).items;
    const [a, d] = hired.filter(({ name }) => name.startsWith('Bulk Testworker'));
    expect([a?.name, d?.name]).toEqual(['Bulk Testworker A', 'Bulk Testworker D']);
    expect(ok(await hr.get<Worker>(`${BASE}/workers/${a!.id}`)).personal).toEqual(personal);
    expect((await operations.post(`${BASE}/workers/bulk`, { items })).status).toBe(403);
  });
});
