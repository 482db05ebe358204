import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostConfig, startHost, type Host } from '@concord/api';
import type { CredentialValidation, Page, Worker, WorkforceExtract } from '@concord/canonical';
import { Caller, freePort, ok, startSftpServer, waitUntil, type SftpServer } from '@concord/testing';

const BASE = '/system/hcm/v1';
const EXAMPLE = join(import.meta.dirname, 'example');
const dataDir = mkdtempSync(join(tmpdir(), 'concord-hcm-files-api-'));
let before: NodeJS.ProcessEnv;
let server: SftpServer;
let host: Host;
let hr: Caller;
let operations: Caller;

beforeAll(async () => {
  before = { ...process.env };
  server = await startSftpServer({ accounts: { concord: { password: 'test-secret' } }, folders: ['/outbox'] });
  Object.assign(process.env, {
    CONNECTOR_HCM: 'files',
    HCM_SFTP_PORT: String(server.port),
    HCM_SFTP_PASSWORD: 'test-secret',
    HCM_SFTP_HOST_KEYS: server.fingerprint,
    HCM_SFTP_POLL_SECONDS: '0.05',
  });
  const { default: hcmApi } = await import('../../api.js');
  const config = Object.assign(new HostConfig(), { port: await freePort(), dataDir });
  host = await startHost({ definitions: [hcmApi], config });
  hr = new Caller(host.url, 'hr-portal');
  operations = new Caller(host.url, 'operations');
  for (const name of await readdir(EXAMPLE)) server.write(`/outbox/${name}`, await readFile(join(EXAMPLE, name)));
  await waitUntil('all to be worked in', async () => (await extracts('?status=applied')).length === 11);
});

afterAll(async () => {
  await Promise.all([hr.close(), operations.close()]);
  await host.stop();
  await server.close();
  process.env = before;
  rmSync(dataDir, { recursive: true });
});

const extracts = async (query = '') =>
  ok(await operations.get<Page<WorkforceExtract>>(`${BASE}/extracts${query}`)).items;

describe('The API of human capital management, told in files', () => {
  it('answers what the extracts told, and refuses by name what a file cannot do', async () => {
    const worker = ok(await hr.get<Worker>(`${BASE}/workers/E5001`));
    expect(worker).toMatchObject({ role: 'physician', personal: { birthDate: '1980-01-15' } });
    expect(ok(await operations.get<Worker>(`${BASE}/workers/E5001`))).not.toHaveProperty('personal');
    const question = `${BASE}/workers/E5001/credentials/validation?date=2026-03-02&privilege=SEDATION`;
    expect(ok(await operations.get<CredentialValidation>(question))).toMatchObject({ valid: true });
    const refused = { status: 501, body: { code: 'not-supported', context: { capability: 'change' } } };
    const fresh = { name: 'Yew Testworker', role: 'nurse', startsOn: '2026-01-05' };
    expect(await hr.post(`${BASE}/workers`, fresh)).toMatchObject(refused);
    expect(await hr.patch(`${BASE}/workers/E5001`, { name: 'Yew' }, worker.revision)).toMatchObject(refused);
    const leaving = { workerId: 'E5001', lastDay: '2026-12-31', reason: 'voluntary', accessEnds: 'after-last-day' };
    expect(await hr.post(`${BASE}/terminations`, leaving)).toMatchObject(refused);
  });

  it('lets a person of human resources, and nobody else, accept that the workforce shrinks', async () => {
    const lines = (await readFile(join(EXAMPLE, 'workers-20260302.csv'), 'utf8')).split('\r\n').slice(0, 5);
    server.write('/outbox/workers-20260303.csv', [...lines, 'TRAILER,4'].join('\n'));
    const [aside] = await waitUntil('it to be set aside', async () => {
      const found = await extracts('?status=set-aside');
      return found.length > 0 && found;
    });
    expect(aside).toMatchObject({ reason: 'shrinks', faults: [{ place: 'file', code: 'shrinks' }] });
    const path = `${BASE}/extracts/${aside!.id}`;
    expect((await operations.post(`${path}/acceptance`, {})).status).toBe(403);
    expect(await hr.post(`${path}/acceptance`, {})).toMatchObject({ status: 202, body: { id: aside!.id } });
    await waitUntil('it to be worked in', async () => {
      return ok(await hr.get<WorkforceExtract>(path)).status === 'applied';
    });
    expect(ok(await hr.get<Worker>(`${BASE}/workers/E5012`))).toMatchObject({ status: 'terminated' });
    expect((await hr.get(`${BASE}/extracts/none`)).status).toBe(404);
  });
});
