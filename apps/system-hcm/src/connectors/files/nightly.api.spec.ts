import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostConfig, startHost, type Host } from '@concord/api';
import type {
  Assignment,
  Onboarding,
  Page,
  PayResult,
  Termination,
  Worker,
  WorkforceExtract,
} from '@concord/canonical';
import { Caller, freePort, ok, waitUntil } from '@concord/testing';
import { SimulatorClock } from '../../../../simulators/src/clock.js';
import { Faults, type FaultKind } from '../../../../simulators/src/faults.js';
import { startHcmSimulator, type HcmSimulator } from '../../../../simulators/src/hcm/hcm.simulator.js';
import { HCM_MAILBOX_ACCOUNT } from '../../../../simulators/src/hcm/nightly.js';

const BASE = '/system/hcm/v1';
const DAY_MS = 86_400_000;
const KINDS = 11;

const folder = mkdtempSync(join(tmpdir(), 'concord-hcm-nightly-'));
const clock = new SimulatorClock(new Date('2026-03-02T12:00:00Z'));
const faults = new Faults(() => clock.now());
let before: NodeJS.ProcessEnv;
let platform: HcmSimulator;
let host: Host;
let hr: Caller;

beforeAll(async () => {
  before = { ...process.env };
  platform = await startHcmSimulator({ port: 0, clock, faults, dataDir: join(folder, 'platform') });
  Object.assign(process.env, {
    CONNECTOR_HCM: 'files',
    HCM_SFTP_PORT: String(platform.mailbox.port),
    HCM_SFTP_USER: HCM_MAILBOX_ACCOUNT.username,
    HCM_SFTP_PASSWORD: HCM_MAILBOX_ACCOUNT.password,
    HCM_SFTP_HOST_KEYS: platform.mailbox.fingerprint,
    HCM_SFTP_POLL_SECONDS: '0.05',
  });
  const { default: hcmApi } = await import('../../api.js');
  const config = Object.assign(new HostConfig(), { port: await freePort(), dataDir: folder });
  host = await startHost({ definitions: [hcmApi], config });
  hr = new Caller(host.url, 'hr-portal');
  await told(KINDS);
});

afterAll(async () => {
  await hr.close();
  await host.stop();
  await platform.close();
  process.env = before;
  rmSync(folder, { recursive: true });
});

const read = async <T>(path: string): Promise<T> => ok(await hr.get<T>(`${BASE}/${path}`));
const list = async <T>(path: string): Promise<T[]> => (await read<Page<T>>(path)).items;

/** Waits until so many extracts of the night are dealt with, and gives them. */
async function told(count: number): Promise<WorkforceExtract[]> {
  const day = clock.now().toISOString().slice(0, 10).replaceAll('-', '');
  return waitUntil(`${count} extracts of ${day}`, async () => {
    const all = await list<WorkforceExtract>('extracts?page_size=500');
    const ofIt = all.filter(({ name, status }) => name.includes(day) && status !== 'received');
    return ofIt.length === count && ofIt;
  });
}

async function night(count = KINDS): Promise<WorkforceExtract[]> {
  await clock.turn(DAY_MS);
  return told(count);
}

const workers = () => list<Worker>('workers?page_size=100');
const named = async (tree: string) => (await workers()).find(({ name }) => name === `${tree} Testworker`)!;

describe('A platform that tells of its workforce in files, night by night', () => {
  it('is there from the first night on, and every extract of it can be read', async () => {
    expect((await told(KINDS)).filter(({ status, faultCount }) => status !== 'applied' || faultCount)).toEqual([]);
    expect(await workers()).toHaveLength(10);
    expect((await read<PayResult>('pay-results/2026-02.E5001')).lines).toMatchObject([
      { code: 'SALARY', kind: 'earning' },
      { code: 'RETIRE', kind: 'deduction' },
      { code: 'FEDTAX', kind: 'tax' },
    ]);
  });

  it('has hired somebody, then moved him, then let him go', async () => {
    await night();
    const hired = await named('Kapok');
    expect(hired).toMatchObject({ status: 'active', startsOn: '2026-03-03', costCenter: 'CC-10' });
    const [onboarding] = await list<Onboarding>(`onboardings?worker_id=${hired.id}`);
    expect(onboarding).toMatchObject({ state: 'active', startsOn: '2026-03-03' });
    expect(onboarding!.checklist.map(({ code, done }) => [code, done])).toEqual([
      ['CONTRACT', true],
      ['LICENCE', true],
    ]);

    await night();
    expect(await named('Kapok')).toMatchObject({ facility: 'CLINIC-EAST', orgUnit: 'D11', costCenter: 'CC-11' });
    const places = await list<Assignment>(`assignments?worker_id=${hired.id}`);
    expect(places.map(({ startsOn, endsOn, reason }) => [startsOn, endsOn, reason])).toEqual([
      ['2026-03-03', '2026-03-03', 'hire'],
      ['2026-03-04', undefined, 'move'],
    ]);

    await night();
    expect(await named('Kapok')).toMatchObject({ status: 'terminated', lastDay: '2026-03-04' });
    const [termination] = await list<Termination>(`terminations?worker_id=${hired.id}`);
    expect(termination).toMatchObject({ reason: 'voluntary', accessEnds: 'after-last-day', state: 'ended' });
    expect((await list<Worker>('workers?status=active')).length).toBe(12);
  });

  it.each<[string, FaultKind, number, Partial<WorkforceExtract>]>([
    ['does not come', 'lost', KINDS - 1, {}],
    ['comes as half a file', 'malformed', KINDS, { status: 'applied', ended: 0 }],
    ['tells of a quarter of the workforce', 'shrunken', KINDS, { status: 'set-aside', reason: 'shrinks' }],
    ['is something else', 'wrong-schema', KINDS, { status: 'set-aside', reason: 'columns-missing' }],
    ['comes twice', 'duplicate', KINDS + 1, { status: 'applied' }],
  ])(
    'ends nobody where the extract of the workers %s, and knows all the next night',
    async (_, kind, count, became) => {
      const known = (await list<Worker>('workers?status=active')).map(({ id }) => id);
      faults.tell({ operation: 'workers', kind });
      const extracts = (await night(count)).filter(({ name }) => name.startsWith('workers'));
      expect(extracts).toHaveLength(count - KINDS + 1);
      for (const extract of extracts) expect(extract).toMatchObject(became);
      const active = (await list<Worker>('workers?status=active')).map(({ id }) => id);
      // All but the one who goes this night: he, too, where nothing of it was told.
      expect(known.filter((id) => !active.includes(id)).length).toBeLessThanOrEqual(1);
      await night();
      expect((await list<Worker>('workers?status=active')).length).toBe(12);
    },
  );

  it('that sends an extract a night late is not believed more than the newer one', async () => {
    faults.tell({ operation: 'workers', kind: 'out-of-order' });
    await night(KINDS - 1);
    await night();
    await clock.turn(DAY_MS / 2);
    const late = await waitUntil('the late one', async () =>
      (await list<WorkforceExtract>('extracts?status=set-aside')).find(({ reason }) => reason === 'outdated'),
    );
    expect(late.name).toMatch(/^workers-/);
    expect((await list<Worker>('workers?status=active')).length).toBe(12);
  });
});
