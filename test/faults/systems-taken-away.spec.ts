/** Every system behind is taken away and brought back; operations see it without anybody having asked for anything. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Connector } from '@concord/api';
import type { Page } from '@concord/canonical';
import { ok, waitUntil } from '@concord/testing';
import {
  CLEARINGHOUSE_ACCOUNT,
  startClearinghouseSimulator,
} from '../../apps/simulators/src/clearinghouse/clearinghouse.simulator.js';
import { SimulatorClock } from '../../apps/simulators/src/clock.js';
import { startEhrSimulator } from '../../apps/simulators/src/ehr/ehr.js';
import { Faults } from '../../apps/simulators/src/faults.js';
import { HCM_CLIENT, startHcmSimulator } from '../../apps/simulators/src/hcm/hcm.simulator.js';
import { ODATA_CLIENT, startODataSimulator } from '../../apps/simulators/src/odata/odata.simulator.js';
import { SCIM_TOKEN, startScimSimulator } from '../../apps/simulators/src/scim/scim.simulator.js';
import type { Simulator } from '../../apps/simulators/src/simulator.js';
import { SUPPLIERS_ACCOUNT, startSuppliersSimulator } from '../../apps/simulators/src/suppliers/suppliers.simulator.js';
import { testGateway, type TestGateway } from '../fixtures/gateway.js';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'concord-taken-away-'));
const before = { ...process.env };
const clock = new SimulatorClock(new Date());
const ALL = ['ehr-fhir', 'odata-erp', 'hcm-rest', 'scim', 'sftp.clearinghouse', 'sftp.suppliers'];

let gateway: TestGateway;
let ehr: Awaited<ReturnType<typeof startEhrSimulator>>;
const running = new Map<string, Simulator>();

/** At the port that it had before, if it ran before. */
async function start<S extends Simulator>(
  name: string,
  begin: (options: { port: number; clock: SimulatorClock; faults: Faults; dataDir: string }) => Promise<S>,
): Promise<S> {
  const port = Number(new URL(running.get(name)?.url ?? 'http://none:0').port);
  const started = await begin({ port, clock, faults: new Faults(() => clock.now()), dataDir: path.join(folder, name) });
  running.set(name, started);
  return started;
}

const startAll = async () => {
  const erp = await start('odata-erp', (options) => startODataSimulator(options));
  const hcm = await start('hcm-rest', startHcmSimulator);
  const scim = await start('scim', startScimSimulator);
  const clearinghouse = await start('sftp.clearinghouse', startClearinghouseSimulator);
  const suppliers = await start('sftp.suppliers', startSuppliersSimulator);
  ehr = await start('ehr-fhir', startEhrSimulator);
  return { erp, hcm, scim, clearinghouse, suppliers };
};

const takeAway = () => Promise.all([...running.values()].map((simulator) => simulator.close()));

const seen = async (): Promise<Record<string, Connector>> => {
  const { items } = ok(await gateway.operations.get<Page<Connector>>('/experience/operations/v1/connectors'));
  return Object.fromEntries(items.map((one) => [one.connector, one]));
};
const statuses = async () => {
  const connectors = await seen();
  return Object.fromEntries(ALL.map((name) => [name, connectors[name]?.probedAt && connectors[name].status]));
};
const all = async (status: Connector['status']) => {
  const areSo = async () => Object.values(await statuses()).every((one) => one === status);
  await waitUntil(`all systems to be ${status}`, areSo).catch(async () => {
    expect(await statuses()).toEqual(Object.fromEntries(ALL.map((name) => [name, status])));
  });
  return seen();
};

const login = (name: string, { username, password }: { username: string; password: string }) => ({
  [`${name}_SFTP_PORT`]: new URL(running.get(`sftp.${name.toLowerCase()}`)!.url).port,
  [`${name}_SFTP_USER`]: username,
  [`${name}_SFTP_PASSWORD`]: password,
  [`${name}_SFTP_PROBE_SECONDS`]: '0.2',
  [`${name}_SFTP_POLL_SECONDS`]: '3600', // what the view says of it, the probe has found out
});

beforeAll(async () => {
  const { erp, hcm, scim } = await startAll();
  Object.assign(process.env, {
    CONNECTOR_EHR: 'fhir',
    EHR_FHIR_URL: ehr.url,
    EHR_FHIR_CLIENT: ehr.clientId,
    EHR_FHIR_KEY_FILE: ehr.keyFile,
    EHR_FHIR_SWEEP_SECONDS: '3600',
    EHR_FHIR_PROBE_SECONDS: '0.2',
    CONNECTOR_ERP: 'odata',
    ODATA_ERP_URL: `${erp.url}/odata/v4/erp`,
    ODATA_ERP_TOKEN_URL: `${erp.url}/oauth/token`,
    ODATA_ERP_CLIENT_SECRET: ODATA_CLIENT.secret,
    ODATA_ERP_PROBE_SECONDS: '0.2',
    CONNECTOR_HCM: 'rest',
    HCM_REST_URL: hcm.url,
    HCM_REST_CLIENT_SECRET: HCM_CLIENT.secret,
    HCM_REST_WEBHOOK_SECRET: HCM_CLIENT.webhookSecret,
    HCM_REST_SWEEP_SECONDS: '3600',
    HCM_REST_PROBE_SECONDS: '0.2',
    SCIM_URL: scim.url,
    SCIM_TOKEN,
    SCIM_PROBE_SECONDS: '0.2',
    CONNECTOR_REVENUE_CYCLE: 'x12',
    ...login('CLEARINGHOUSE', CLEARINGHOUSE_ACCOUNT),
    CONNECTOR_SUPPLY_CHAIN: 'x12',
    ...login('SUPPLIERS', SUPPLIERS_ACCOUNT),
  });
  gateway = await testGateway();
});

afterAll(async () => {
  await gateway?.stop();
  await takeAway();
  process.env = before;
  fs.rmSync(folder, { recursive: true, force: true });
});

it('says of every system which API it stands behind, and how old the connection and the credentials are', async () => {
  const connectors = await all('up');
  expect(Object.fromEntries(ALL.map((name) => [name, connectors[name]!.apis]))).toEqual({
    'ehr-fhir': ['system:ehr'],
    'odata-erp': ['system:erp'],
    'hcm-rest': ['system:hcm'],
    scim: ['system:hcm'],
    'sftp.clearinghouse': ['system:revenue-cycle'],
    'sftp.suppliers': ['system:supply-chain'],
  });
  const kinds = (name: string) => connectors[name]!.credentials.map(({ kind }) => kind).sort();
  expect(kinds('ehr-fhir')).toEqual(['key', 'token']);
  expect(kinds('odata-erp')).toEqual(['secret', 'token']);
  expect(kinds('hcm-rest')).toEqual(['secret', 'token']);
  expect(kinds('scim')).toEqual(['token']);
  expect(kinds('sftp.clearinghouse')).toEqual(['password']);
  const written = Date.parse(fs.statSync(ehr.keyFile).mtime.toISOString());
  for (const name of ALL) {
    const { connectedSince, answeredAt, probedAt, credentials } = connectors[name]!;
    expect([connectedSince, answeredAt, probedAt].every(Boolean)).toBe(true);
    for (const { kind, since } of credentials) {
      if (kind === 'key') expect(Date.parse(since!)).toBe(written);
      else expect(Date.now() - Date.parse(since!)).toBeLessThan(120_000);
    }
  }
  const [token] = connectors['ehr-fhir']!.credentials.filter(({ kind }) => kind === 'token');
  expect(Date.parse(token!.expiresAt!)).toBeGreaterThan(Date.parse(token!.since!));
  const text = JSON.stringify(connectors);
  for (const secret of [ODATA_CLIENT.secret, HCM_CLIENT.secret, SCIM_TOKEN, CLEARINGHOUSE_ACCOUNT.password]) {
    expect(text).not.toContain(secret);
  }
  expect(text).not.toContain('digest');
});

it('shows a system that is gone, and shows it again when it is back', async () => {
  const began = Date.now();
  await takeAway();
  const gone = await all('down');
  for (const name of ALL) {
    expect(gone[name]).toMatchObject({ failure: expect.any(String), failedAt: expect.any(String) });
    expect(gone[name]!.connectedSince).toBeUndefined();
  }
  await startAll();
  const back = await all('up');
  for (const name of ALL) {
    expect(Date.parse(back[name]!.connectedSince!)).toBeGreaterThan(began);
    expect(back[name]!.failure).toBeUndefined();
  }
});
