import type { IdentityAccount, Worker } from '@concord/canonical';
import { Caller, ok, waitUntil } from '@concord/testing';
import { SimulatorClock } from '../../apps/simulators/src/clock.js';
import { Faults } from '../../apps/simulators/src/faults.js';
import { SCIM_TOKEN, startScimSimulator } from '../../apps/simulators/src/scim/scim.simulator.js';
import type { Simulator } from '../../apps/simulators/src/simulator.js';
import { spawnedGateway, type SpawnedGateway } from '../fixtures/spawned-gateway.js';

const BASE = '/system/hcm/v1';

describe('A power cut between a change of the workforce and the identity provider', () => {
  const faults = new Faults();
  let provider: Simulator;
  let gateway: SpawnedGateway;

  beforeAll(async () => {
    provider = await startScimSimulator({ port: 0, clock: new SimulatorClock(), faults, dataDir: '' });
    gateway = await spawnedGateway();
    await start();
  });

  afterAll(async () => {
    await gateway.remove();
    await provider.close();
  });

  const start = () => gateway.start({ APIS: 'hcm', SCIM_URL: provider.url, SCIM_TOKEN });

  async function asHr<T>(work: (hr: Caller) => Promise<T>): Promise<T> {
    const hr = new Caller(gateway.url, 'hr-portal');
    return work(hr).finally(() => hr.close());
  }

  /** What the provider holds, asked past the gateway. */
  async function usersOf(workerId: string): Promise<readonly { id: string; active: boolean }[]> {
    const headers = { authorization: `Bearer ${SCIM_TOKEN}` };
    const filter = encodeURIComponent(`externalId eq "${workerId}"`);
    const answer = await fetch(`${provider.url}/Users?filter=${filter}`, { headers });
    return ((await answer.json()) as { Resources?: { id: string; active: boolean }[] }).Resources ?? [];
  }

  const settled = (workerId: string, state: IdentityAccount['state']) =>
    waitUntil(`account of ${workerId} to be ${state}`, () =>
      asHr(async (hr) => {
        const { body } = await hr.get<IdentityAccount>(`${BASE}/identity-accounts/${workerId}`);
        return body.state === state && body;
      }),
    );

  const hired = (name: string) =>
    asHr(async (hr) => {
      const fresh = {
        name,
        role: 'nurse',
        startsOn: '2026-01-05',
        email: `${name.toLowerCase().replaceAll(' ', '.')}@example.org`,
      };
      return ok(await hr.post<Worker>(`${BASE}/workers`, fresh));
    });

  it('loses nothing and doubles nothing: hired, made without a word, and gone', async () => {
    await settled('W-1001', 'active');

    // Nobody at the provider answers: the news is durable, and no more.
    faults.tell({ operation: '*', kind: 'timeout', times: 500 });
    const crowd = await Promise.all(['A', 'B', 'C', 'D'].map((letter) => hired(`Cut Testworker ${letter}`)));
    const leaving = { workerId: 'W-1001', lastDay: '2026-02-27', reason: 'involuntary', accessEnds: 'at-once' };
    ok(await asHr((hr) => hr.post(`${BASE}/terminations`, leaving)));
    await gateway.kill();
    faults.clear();
    for (const { id } of crowd) expect(await usersOf(id)).toEqual([]);
    expect(await usersOf('W-1001')).toMatchObject([{ active: true }]);

    await start();
    for (const { id } of crowd) await settled(id, 'inactive');
    await settled('W-1001', 'inactive');
    for (const { id } of crowd) expect(await usersOf(id)).toMatchObject([{ active: false }]);
    expect(await usersOf('W-1001')).toMatchObject([{ active: false }]);

    // The user is made, and the process dies before it hears so.
    faults.tell({ operation: 'createUser', kind: 'reply-lost' });
    const late = await hired('Cut Testworker E');
    const [made] = await waitUntil('the user', async () => {
      const users = await usersOf(late.id);
      return users.length > 0 && users;
    });
    await gateway.kill();
    await start();
    expect(await settled(late.id, 'inactive')).toMatchObject({ userId: made!.id });
    expect(await usersOf(late.id)).toHaveLength(1);
  });
});
