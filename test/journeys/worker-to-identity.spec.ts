import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IdentityAccount, LaborAllocation, Page } from '@concord/canonical';
import { Caller, encounterBundle, ok, waitUntil } from '@concord/testing';
import { SimulatorClock } from '../../apps/simulators/src/clock.js';
import { Faults } from '../../apps/simulators/src/faults.js';
import { HCM_CLIENT, startHcmSimulator, type HcmSimulator } from '../../apps/simulators/src/hcm/hcm.simulator.js';
import { SCIM_TOKEN, startScimSimulator } from '../../apps/simulators/src/scim/scim.simulator.js';
import type { Simulator } from '../../apps/simulators/src/simulator.js';
import { testGateway, type TestGateway } from '../fixtures/gateway.js';

const NOTICES = '/system/hcm/v1/inbound/worker-notices';

describe('with the workforce behind a REST API', () => {
  const faults = new Faults();
  let platform: HcmSimulator;
  let provider: Simulator;
  let gateway: TestGateway;
  let hr: Caller;
  let before: NodeJS.ProcessEnv;
  let folder: string;

  beforeAll(async () => {
    before = { ...process.env };
    folder = mkdtempSync(join(tmpdir(), 'concord-worker-to-identity-'));
    const world = { port: 0, clock: new SimulatorClock(), faults, dataDir: folder };
    platform = await startHcmSimulator(world);
    provider = await startScimSimulator(world);
    Object.assign(process.env, {
      CONNECTOR_HCM: 'rest',
      HCM_REST_URL: platform.url,
      HCM_REST_CLIENT_SECRET: HCM_CLIENT.secret,
      HCM_REST_WEBHOOK_SECRET: HCM_CLIENT.webhookSecret,
      HCM_REST_SWEEP_SECONDS: '86400', // so that nothing but notices tells of changes
      SCIM_URL: provider.url,
      SCIM_TOKEN,
    });
    gateway = await testGateway();
    hr = new Caller(gateway.url, 'hr-portal');
    platform.notifyAt(`${gateway.url}${NOTICES}`);
  });

  afterAll(async () => {
    await hr?.close();
    await gateway?.stop();
    await Promise.all([platform?.close(), provider?.close()]);
    process.env = before;
    rmSync(folder, { recursive: true });
  });

  /** Whether the provider lets him in, asked past our own client. */
  async function isActive(workerId: string): Promise<boolean | undefined> {
    const headers = { authorization: `Bearer ${SCIM_TOKEN}` };
    const filter = encodeURIComponent(`externalId eq "${workerId}"`);
    const answer = await fetch(`${provider.url}/Users?filter=${filter}`, { headers });
    const { Resources = [] } = (await answer.json()) as { Resources?: { active: boolean }[] };
    expect(Resources.length).toBeLessThan(2);
    return Resources[0]?.active;
  }

  it('a finished encounter is financed with what its hours cost there', async () => {
    const { encounterId, bundle } = encounterBundle('hcm-rest', { procedures: ['288086009'], immunizations: ['140'] });
    ok(await gateway.send(bundle));
    expect((await gateway.financials(encounterId)).balanced).toBe(true);
    const path = `/system/hcm/v1/labor-allocations?reference=${encounterId}`;
    const { items } = ok(await gateway.operations.get<Page<LaborAllocation>>(path));
    expect(items).toHaveLength(1);
    const rates = { physician: 128, nurse: 52, technician: 34, therapist: 46, other: 28 }; // the platform's pay bands
    for (const { role, hours, cost } of items[0]!.lines)
      expect(Number(cost.amount)).toBeCloseTo(rates[role] * Number(hours), 2);
  });

  it('whoever is hired there gets a user, and loses it when he leaves, each by a notice', async () => {
    const hired = platform.personnel.make('people', {
      displayName: 'Yew Testworker',
      jobFamily: 'RN',
      workMail: 'yew.journey@hr.example',
      dept: 'D10',
      costCtr: 'CC-10',
      joinDate: '20260105',
    });
    const workerId = String(hired['employeeNo']);
    await waitUntil('the user, not let in yet', async () => (await isActive(workerId)) === false);
    const hire = platform.personnel.make('hires', { employeeNo: workerId, joinDate: '20260105' });
    const tasks = (hire['tasks'] as { ok: boolean }[]).map((task) => ({ ...task, ok: true }));
    const provisioned = platform.personnel.alter('hires', hire.ref, { stage: 'ACCOUNT', tasks }, hire.ver);
    platform.personnel.alter('hires', hire.ref, { stage: 'DONE' }, provisioned.ver);
    await waitUntil('him to be let in', () => isActive(workerId));
    platform.personnel.make('separations', { employeeNo: workerId, lastDate: '20260227', why: 'DIS', cutOff: 'NOW' });
    await waitUntil('him to be shut out', async () => (await isActive(workerId)) === false);
    const account = ok(await hr.get<IdentityAccount>(`/system/hcm/v1/identity-accounts/${workerId}`));
    expect(account.userId).toBeDefined();
  });

  it('a notice is taken twice without a second effect, and refused where it is forged, old, or no notice at all', async () => {
    const notice = { deliveryId: randomUUID(), event: 'person.changed', employeeNo: 'E5001' };
    const sent = async (secret: string, sentAt: number, body: object = notice) => {
      const text = `${sentAt}.${notice.deliveryId}.${notice.event}.${notice.employeeNo}`;
      const signature = createHmac('sha256', secret).update(text).digest('hex');
      const headers = {
        'content-type': 'application/json',
        'x-hr-sent-at': String(sentAt),
        'x-hr-signature': signature,
      };
      const answer = await fetch(`${gateway.url}${NOTICES}`, { method: 'POST', headers, body: JSON.stringify(body) });
      return answer.status;
    };
    const now = Math.floor(Date.now() / 1000);
    await expect(sent('guessed', now)).resolves.toBe(401);
    await expect(sent(HCM_CLIENT.webhookSecret, now - 301)).resolves.toBe(401);
    await expect(sent(HCM_CLIENT.webhookSecret, now, { ...notice, employeeNo: 'E5002' })).resolves.toBe(401);
    await expect(sent(HCM_CLIENT.webhookSecret, now, { ...notice, employeeNo: 5 })).resolves.toBe(422);
    await expect(sent(HCM_CLIENT.webhookSecret, now)).resolves.toBe(202);
    await expect(sent(HCM_CLIENT.webhookSecret, now)).resolves.toBe(202);
  });
});
