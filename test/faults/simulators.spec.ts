import type { IdentityAccount, Page } from '@concord/canonical';
import { Caller, freePort, ok, waitUntil } from '@concord/testing';
import { spawnedGateway, type SpawnedGateway } from '../fixtures/spawned-gateway.js';

const on = { SIMULATORS: 'on', SIMULATORS_PORT: '0' };

describe('The simulators beside the gateway', () => {
  let gateway: SpawnedGateway;

  beforeAll(async () => {
    gateway = await spawnedGateway();
  });

  afterAll(() => gateway.remove());

  const controlUrl = () =>
    waitUntil('the simulators to run', async () =>
      gateway
        .output()
        .match(/control (http:\S+)/g)
        ?.at(-1)
        ?.slice(8),
    );
  const isUp = (url: string) =>
    fetch(url).then(
      () => true,
      () => false,
    );
  const gone = (url: string) => waitUntil('the simulators to be gone', async () => !(await isUp(url)));

  it('end with it, stopped or killed, and leave no orphan', async () => {
    await gateway.start(on);
    const first = await controlUrl();
    await expect(isUp(first)).resolves.toBe(true);
    await gateway.stop();
    await expect(isUp(first)).resolves.toBe(false);

    await gateway.start(on);
    const second = await waitUntil('the second ones', async () => {
      const url = await controlUrl();
      return url !== first && url;
    });
    await expect(isUp(second)).resolves.toBe(true);
    await gateway.kill();
    await gone(second);
  });

  it.each([
    ['where others could reach the gateway', { ...on, HOST: '0.0.0.0' }],
    ['where they are switched off', { ...on, SIMULATORS: 'off' }],
  ])('do not run %s', async (_where, environment) => {
    const before = gateway.output().length;
    const output = () => gateway.output().slice(before);
    await gateway.start(environment);
    await waitUntil('it to say so', async () => output().includes('Ctrl-C stops everything'));
    await gateway.stop();
    expect(output()).not.toContain('simulators');
  });

  it('take in the workers of the sandbox as an identity provider does, where no other is set', async () => {
    const port = await freePort();
    const before = gateway.output().length;
    await gateway.start({ ...on, APIS: 'hcm', SIMULATORS_PORT: String(port) });
    const url = await waitUntil(
      'the provider',
      async () => /scim (http:\S+)/.exec(gateway.output().slice(before))?.[1],
    );
    expect(url).toBe(`http://127.0.0.1:${port + 3}/scim/v2`);
    const hr = new Caller(gateway.url, 'hr-portal');
    await waitUntil('all to be there', async () => {
      const { items } = ok(
        await hr.get<Page<IdentityAccount>>('/system/hcm/v1/identity-accounts?state=active&page_size=100'),
      );
      return items.length === 31; // of 32 who were made up, one has left
    });
    await hr.close();
    await gateway.stop();
  });
});
