/** The main job with a clearinghouse behind it: from the encounter over the 837 to the payment, over real SFTP. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Claim, ClaimStatus, Denial, Page, PatientBalance, Remittance } from '@concord/canonical';
import { Caller, encounterBundle, ok, waitUntil } from '@concord/testing';
import { readX12, setsOf } from '@concord/x12';
import { SimulatorClock } from '../../apps/simulators/src/clock.js';
import { Faults } from '../../apps/simulators/src/faults.js';
import {
  CLEARINGHOUSE_ACCOUNT,
  startClearinghouseSimulator,
  type ClearinghouseSimulator,
} from '../../apps/simulators/src/clearinghouse/clearinghouse.simulator.js';
import { testGateway, type TestGateway } from '../fixtures/gateway.js';

const DAY = 86_400_000;
const API = '/system/revenue-cycle/v1';

describe('A claim that goes to a payer', () => {
  let gateway: TestGateway;
  let clearinghouse: ClearinghouseSimulator;
  let clock: SimulatorClock;
  let billing: Caller;
  let folder: string;
  const files: Buffer[] = [];
  const environment = { ...process.env };

  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'concord-clearinghouse-'));
    clock = new SimulatorClock(new Date());
    const faults = new Faults(() => clock.now());
    clearinghouse = await startClearinghouseSimulator({ port: 0, clock, faults, dataDir: folder, keep: files });
    Object.assign(process.env, {
      CONNECTOR_REVENUE_CYCLE: 'x12',
      CLEARINGHOUSE_SFTP_PORT: String(clearinghouse.port),
      CLEARINGHOUSE_SFTP_USER: CLEARINGHOUSE_ACCOUNT.username,
      CLEARINGHOUSE_SFTP_PASSWORD: CLEARINGHOUSE_ACCOUNT.password,
      CLEARINGHOUSE_SFTP_HOST_KEYS: clearinghouse.fingerprint,
      CLEARINGHOUSE_SFTP_POLL_SECONDS: '0.1',
      CLEARINGHOUSE_BATCH_SECONDS: '0.2',
    });
    gateway = await testGateway();
    billing = new Caller(gateway.url, 'billing-office');
  }, 120_000);

  afterAll(async () => {
    await billing?.close();
    await gateway?.stop();
    await clearinghouse?.close();
    process.env = environment;
    fs.rmSync(folder, { recursive: true });
  });

  const coverage = (encounterId: string, memberId: string) => ({
    encounterId,
    payer: 'PRIVATE',
    memberId,
    familyName: 'SYNTHETICA',
    givenName: 'TESTA',
    birthDate: '1970-01-01',
    gender: 'female',
    street: '1 SAMPLE ST',
    city: 'TESTVILLE',
    state: 'MI',
    zip: '489330000',
  });

  const enter = (encounterId: string, memberId: string) =>
    billing.post(`${API}/coverages`, coverage(encounterId, memberId)).then(ok);

  const claimOf = async (encounterId: string): Promise<Claim> => {
    const { items } = ok(await billing.get<Page<Claim>>(`${API}/claims?encounter_id=${encounterId}`));
    return items[0]!;
  };

  const claimBecomes = (id: string, status: string) =>
    waitUntil(`${id} to be ${status}`, async () => {
      const answer = ok(await billing.get<ClaimStatus>(`${API}/claims/${id}/status`));
      return answer.status === status && answer;
    });

  it('is paid to the cent, weeks after the encounter came in', async () => {
    const { encounterId, bundle } = encounterBundle('paid', { diagnoses: ['Z00.00', 'J06.9'] });
    await enter(encounterId, 'W000000001');
    ok(await gateway.send(bundle));
    const financials = await gateway.financials(encounterId);
    expect(financials.balanced).toBe(true);
    const claim = await claimOf(encounterId);
    const { history } = await claimBecomes(claim.id, 'accepted');
    expect(history.map(({ source }) => source)).toEqual(['concord', 'concord', 'acknowledgment', 'payer']);
    const sets = files.flatMap((file) => setsOf(readX12(file)));
    const own = sets.filter(({ segments }) =>
      segments.some((each) => each.name === 'CLM' && each.at(1) === claim.number),
    );
    expect(own).toHaveLength(1);
    expect(own[0]!.segments.find(({ name }) => name === 'CLM')!.at(2)).toBe(financials.gross.amount);

    await clock.turn(15 * DAY);
    await claimBecomes(claim.id, 'paid');
    const remittances = ok(await billing.get<Page<Remittance>>(`${API}/remittances?status=posted`));
    expect(remittances.items.flatMap(({ claims }) => claims.map(({ claimNumber }) => claimNumber))).toContain(
      claim.number,
    );
    const balance = ok(await billing.get<PatientBalance>(`${API}/patient-balances/${encounterId}`));
    expect(balance.charged).toEqual(financials.gross);
    expect(balance.open).toEqual(balance.patientOwes);
    expect(Number(balance.paidByPayers.amount)).toBeGreaterThan(0);
  });

  it('is denied with a reason that billing can read', async () => {
    const { encounterId, bundle } = encounterBundle('denied', { diagnoses: ['Z00.00'] });
    await enter(encounterId, 'D000000001');
    ok(await gateway.send(bundle));
    await gateway.financials(encounterId);
    const claim = await claimOf(encounterId);
    await claimBecomes(claim.id, 'accepted');
    await clock.turn(15 * DAY);
    await claimBecomes(claim.id, 'denied');
    const { items } = ok(await billing.get<Page<Denial>>(`${API}/denials?encounter_id=${encounterId}`));
    expect(items.length).toBeGreaterThan(0);
    expect(items.every(({ reason }) => reason === '197')).toBe(true);
  });

  it('waits with billing while no payer would take it, and goes out once it is complete', async () => {
    const { encounterId, bundle } = encounterBundle('uninsured', { diagnoses: ['Z00.00'] });
    ok(await gateway.send(bundle));
    await gateway.run(encounterId, 'parked');
    const [exception] = await gateway.exceptions(encounterId);
    expect(exception).toMatchObject({ step: 'claim', owner: 'billing', problem: 'coding-incomplete' });
    await enter(encounterId, 'W000000002');
    const path = `/experience/operations/v1/exceptions/${exception!.id}`;
    const preview = ok(await gateway.operations.post<{ hash: string }>(`${path}/preview`, {}));
    ok(await gateway.operations.post(`${path}/resolve`, { note: 'Coverage entered', previewHash: preview.hash }));
    expect((await gateway.financials(encounterId)).balanced).toBe(true);
    await claimBecomes((await claimOf(encounterId)).id, 'accepted');
  });
});
