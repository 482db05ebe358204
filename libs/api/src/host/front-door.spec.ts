import 'reflect-metadata';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { Agent } from 'undici';
import { Vendor } from '@concord/resilience';
import type { TransportRequest } from '@concord/sdk-core';
import { smallHost, type SmallHost } from '../fixture/small-host.js';
import { MESSAGES, VISITS, Ward, wardApi, wardClients } from '../fixture/ward.js';
import { startApi, type RunningApi } from '../start-api.js';
import { Transports } from '../transports.js';
import { FrontDoor } from './front-door.js';

const ward = new Ward();
/** The ward lives in another process than the host that its callers know. */
const addresses = new Map([['system/ward', { origin: 'http://127.0.0.1:9', base: '/system/ward/v1' }]]);
let host: SmallHost;
let away: RunningApi;
let awayDoor: FrontDoor;
let awayUrl: string;

beforeAll(async () => {
  host = await smallHost({ apis: [wardApi(ward)], clients: wardClients, remote: addresses });
  const { token, remote } = { token: () => Promise.reject(new Error('calls nobody')), remote: () => undefined };
  const transports = new Transports({ token, remote, guard: (api) => new Vendor(api) });
  away = await startApi(wardApi(ward), { ...host.platform, transports });
  const isReady = () => false;
  awayDoor = new FrontDoor({ definitions: [away.definition], identity: { handle: () => false }, isReady });
  awayDoor.host(away);
  await awayDoor.listen(0, '127.0.0.1');
  awayUrl = `http://127.0.0.1:${(awayDoor.server.address() as AddressInfo).port}`;
  addresses.set('system/ward', { origin: awayUrl, base: '/system/ward/v1' });
});
afterAll(async () => {
  await awayDoor.close(100);
  await away.app.close();
  await host.stop();
});

const visit = { facility: 'CLINIC-NORTH', name: 'Testperson' };
let keys = 0;
const key = () => `key-${(keys += 1)}`;

/** What comes back for bytes that are no proper request. */
async function raw(text: string): Promise<string> {
  const socket = net.connect(Number(new URL(host.url).port), '127.0.0.1');
  socket.write(text);
  let answer = '';
  socket.on('data', (chunk) => (answer += String(chunk)));
  await once(socket, 'close');
  return answer;
}

describe('the front door', () => {
  test('says whether the host lives and is ready', async () => {
    expect((await host.call(undefined, '/health/live')).body).toEqual({ status: 'live' });
    const ready = await host.call(undefined, '/health/ready');
    expect([ready.status, ready.body]).toEqual([200, { status: 'ready' }]);
    const starting = await fetch(`${awayUrl}/health/ready`);
    expect([starting.status, await starting.json()]).toEqual([503, { status: 'starting' }]);
  });

  test('lets those wait who come for an API before the host is ready', async () => {
    const early = await fetch(`${awayUrl}/system/later/v1/items`);
    expect([early.status, early.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await early.json()).toMatchObject({ code: 'upstream-unavailable', retryable: true });
  });

  test('names every API in its catalogue, with its contract and its documentation (RFC 9727)', async () => {
    const { headers, body } = await host.call(undefined, '/.well-known/api-catalog');
    expect(headers.get('content-type')).toBe('application/linkset+json');
    const contract = { href: '/system/ward/v1/openapi.json', type: 'application/json' };
    expect(body['linkset']).toEqual([
      { anchor: '/system/ward/v1', title: 'Ward', 'service-desc': [contract], 'service-doc': [{ href: '/docs' }] },
    ]);
    expect((await host.call(undefined, contract.href)).body).toMatchObject({ info: { title: 'Ward' } });
  });

  test('shows every contract, with nothing loaded from elsewhere', async () => {
    const { text } = await host.call(undefined, '/docs');
    expect(text).toContain('"url":"/system/ward/v1/openapi.json"');
    expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
    const script = await host.call(undefined, '/docs/reference.js');
    expect([script.status, script.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
    const home = await host.call(undefined, '/');
    expect([home.status, home.headers.get('location')]).toEqual([302, '/docs']);
  });

  test('explains every problem at its type', async () => {
    const refusal = await host.call(undefined, '/nowhere');
    expect([refusal.status, refusal.body['code']]).toEqual([404, 'not-found']);
    const page = await host.call(undefined, String(refusal.body['type']));
    expect(page.body).toMatchObject({ type: '/problems/not-found', status: 404, retryable: false });
    for (const none of ['constructor', '__proto__', 'not-found/', '']) {
      expect((await host.call(undefined, `/problems/${none}`)).status).toBe(404);
    }
  });

  test('tells the metrics, by operation and never by address', async () => {
    await host.call('nurse', `${VISITS}/visit-1`);
    const { text } = await host.call(undefined, '/metrics');
    expect(text).toContain('operation="readVisit"');
    expect(text).not.toContain('visit-1');
  });

  test('refuses with the correlation id of the caller, and knows its pages for reading only', async () => {
    const headers = { 'x-correlation-id': 'business-event-1' };
    const refusal = await host.call(undefined, '/nowhere', { headers });
    expect([refusal.headers.get('x-correlation-id'), refusal.body['correlationId']]).toEqual(
      Array(2).fill('business-event-1'),
    );
    const posted = await host.call(undefined, '/health/live', { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await host.call(undefined, '/health/live', { method: 'HEAD' })).status).toBe(200);
  });

  test('answers what it cannot read with a problem, and hangs up', async () => {
    for (const text of ['nonsense\r\n\r\n', 'GET / HTTP/1.1\r\nno colon\r\n\r\n', '\0\0\0\0']) {
      expect(await raw(text)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/problem\+json/);
    }
    const long = await raw(`GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(long).toMatch(/^HTTP\/1\.1 413 [^]*"code":"payload-too-large"/);
  });

  test('waits a few seconds for the headers of a request, and no longer', async () => {
    const began = performance.now();
    expect(await raw('GET / HTTP/1.1\r\nhost: x\r\nx-slow: ')).toMatch(/^HTTP\/1\.1 408 [^]*"code":"request-timeout"/);
    expect(performance.now() - began).toBeLessThan(8000);
  });

  test('holds back an address that keeps guessing at a secret, and nobody else', async () => {
    const dispatcher = new Agent({ connect: { localAddress: '127.0.0.7' } });
    const authorization = `Basic ${Buffer.from('nurse:guess').toString('base64')}`;
    const guess = async () => {
      const init = { method: 'GET', headers: { authorization }, dispatcher };
      const response = await fetch(`${host.url}/oauth/none`, init);
      await response.body?.cancel();
      return response;
    };
    let last = await guess();
    for (let i = 0; i < 50 && last.status !== 429; i += 1) {
      last = (await Promise.all(Array.from({ length: 100 }, guess))).at(-1)!;
    }
    expect(last.status).toBe(429);
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await host.call(undefined, '/health/live')).status).toBe(200);
    await dispatcher.close();
  });
});

describe('an API that lives in another process', () => {
  test('is reached through the front door, with its own policies', async () => {
    const read = await host.call('nurse', `${VISITS}/visit-1`);
    expect([read.status, read.body]).toEqual([200, { facility: 'CLINIC-NORTH', name: 'Testperson', id: 'visit-1' }]);
    const unknown = await host.call(undefined, VISITS, { headers: { 'x-correlation-id': 'business-event-2' } });
    expect([unknown.status, unknown.body['correlationId']]).toEqual([401, 'business-event-2']);
    const admitting = { body: visit, key: key() };
    expect((await host.call('nurse', VISITS, admitting)).status).toBe(201);
    expect((await host.call('nurse', VISITS, admitting)).headers.get('idempotent-replayed')).toBe('true');
    expect((await host.call('nurse', VISITS, { body: 'x'.repeat(2_000_000), key: key() })).status).toBe(413);
  });

  test('streams through the front door', async () => {
    let announce: () => void = () => undefined;
    const announced = new Promise<void>((resolve) => (announce = resolve));
    ward.watch = async function* () {
      await announced;
      yield { id: '1', event: 'admitted', data: { id: 'visit-1', ...visit } };
    };
    const headers = { authorization: `Bearer ${await host.token('biller', MESSAGES)}` };
    const reader = (await fetch(host.url + MESSAGES, { headers }))
      .body!.pipeThrough(new TextDecoderStream())
      .getReader();
    expect((await reader.read()).value).toBe(': connected\n\n');
    announce();
    expect((await reader.read()).value).toBe(
      'id: 1\nevent: admitted\ndata: {"facility":"CLINIC-NORTH","id":"visit-1"}\n\n',
    );
    expect((await reader.read()).done).toBe(true);
  });

  test('gives the same answers to a call as one that lives here', async () => {
    const { token } = host;
    const parts = { token: (client: string, api: string) => token(client, `/${api}`), remote: () => undefined };
    const here = new Transports({ ...parts, guard: (api) => new Vendor(api) });
    here.host('system/ward', { instance: away.instance, base: '/system/ward/v1', calls: away.calls });
    const request: TransportRequest = {
      api: 'system/ward',
      operation: 'readVisit',
      method: 'GET',
      path: '/visits/visit-1',
      headers: {},
      effect: false,
    };
    const body = { ...visit, minutes: 5 };
    const headers = { 'content-type': 'application/json', 'idempotency-key': key() };
    const admit = { ...request, operation: 'admitPatient', method: 'POST' as const };
    const requests: [client: string, TransportRequest][] = [
      ['nurse', request],
      ['biller', request],
      [
        'biller',
        { ...request, operation: 'listVisits', path: '/visits', query: { facility: 'CLINIC-NORTH', page_size: 2 } },
      ],
      ['biller', { ...request, operation: 'listVisits', path: '/visits', query: { page_size: 'many' } }],
      ['biller', { ...request, path: '/beds' }],
      ['porter', { ...request, operation: 'listVisits', path: '/visits', query: { facility: 'CLINIC-SOUTH' } }],
      ['reader', { ...admit, path: '/visits', body, headers, effect: true }],
      ['nurse', { ...admit, path: '/visits', body, headers, effect: true }],
      ['nurse', { ...admit, path: '/visits', body, headers, effect: true }],
      ['nurse', { ...admit, path: '/visits', body: { name: 1 }, headers, effect: true }],
    ];
    for (const [client, one] of requests) {
      const answers = [here, host.platform.transports].map(async (transports) => {
        const traced = { ...one, headers: { ...one.headers, 'x-correlation-id': 'business-event-3' } };
        const { status, body: answered, headers: told } = await transports.to(one.api, client).send(traced);
        const seen = ['content-type', 'x-correlation-id', 'www-authenticate', 'ratelimit-policy'];
        return { status, body: answered, told: seen.map((name) => told[name]) };
      });
      const [local, remote] = await Promise.all(answers);
      expect(remote).toEqual(local);
      expect(local!.told).toContain('business-event-3');
    }
  });

  test('takes a call of its own process straight to the handler, and one for a stream by way of its address', async () => {
    const authorization = `Bearer ${await host.token('nurse', '/system/ward')}`;
    const ask = (operation: string, path: string): TransportRequest => {
      return { api: 'system/ward', operation, method: 'GET', path, headers: { authorization }, effect: false };
    };
    expect(await away.calls.call(ask('readVisit', '/visits/visit-1'))).toMatchObject({ status: 200 });
    expect(await away.calls.call(ask('readVisit', '/visits/visit-1/lines'))).toBeUndefined();
    expect(await away.calls.call(ask('watchVisits', '/messages'))).toBeUndefined();
  });

  test('that does not answer is a problem of its own, to be tried again', async () => {
    addresses.set('system/ward', { origin: 'http://127.0.0.1:9', base: '/system/ward/v1' });
    const answer = await host.call('nurse', VISITS, { headers: { 'x-correlation-id': 'business-event-4' } });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(answer.body).toMatchObject({
      code: 'upstream-unavailable',
      retryable: true,
      correlationId: 'business-event-4',
    });
    const call = { api: 'system/ward', operation: 'listVisits', path: '/visits', headers: {}, effect: false } as const;
    const sent = host.platform.transports.to('system/ward', 'nurse').send({ ...call, method: 'GET' });
    await expect(sent).rejects.toMatchObject({ slug: 'upstream-unavailable', retryable: true });
    addresses.set('system/ward', { origin: awayUrl, base: '/system/ward/v1' });
  });
});

test('an API that is neither here nor named elsewhere says which setting would name it', async () => {
  const token = () => Promise.resolve('token');
  const nowhere = new Transports({
    token,
    remote: () => undefined,
    guard: (api) => new Vendor(api, { retry: { attempts: 1 } }),
  });
  const call = { operation: 'listItems', method: 'GET', path: '/items', headers: {}, effect: false } as const;
  await expect(
    nowhere.to('system/supply-chain', 'nurse').send({ ...call, api: 'system/supply-chain' }),
  ).rejects.toThrow('system/supply-chain is not hosted here and SUPPLY_CHAIN_URL is not set');
});
