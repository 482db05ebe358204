import 'reflect-metadata';
import { once } from 'node:events';
import net from 'node:net';
import { smallHost, type Answer, type SmallHost } from './fixture/small-host.js';
import { MESSAGES, VISITS, Ward, wardApi, wardClients } from './fixture/ward.js';

const ward = new Ward();
let host: SmallHost;

beforeAll(async () => {
  host = await smallHost({ apis: [wardApi(ward)], clients: wardClients, limits: { hasty: 1 } });
});
afterAll(() => host.stop());
afterEach(() => {
  ward.effects.length = 0;
});

const visit = { facility: 'CLINIC-NORTH', name: 'Testperson' };
let keys = 0;
const key = () => `key-${(keys += 1)}`;

/** A refusal has all that a caller needs to find its cause. */
function expectProblem(answer: Answer, status: number, code: string): void {
  expect({ status: answer.status, code: answer.body['code'] }).toEqual({ status, code });
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.body).toMatchObject({ type: `/problems/${code}`, status, title: expect.any(String) });
  const correlationId = answer.headers.get('x-correlation-id');
  expect(answer.body['correlationId']).toBe(correlationId);
  expect(correlationId).toMatch(/^[\w.:-]{8,64}$/);
}

describe('the order of the policies', () => {
  // Each request has every fault from its own on, so the answer tells which policy saw it first.
  const faulty = { facility: 1 };
  const other = `${VISITS}?facility=CLINIC-SOUTH&page_size=many`;

  test('token, scope, place, shape', async () => {
    expectProblem(await host.call(undefined, other), 401, 'unauthenticated');
    expectProblem(await host.call('hasty', other), 403, 'insufficient-scope');
    expectProblem(await host.call('porter', other), 403, 'access-denied');
    const shapeless = await host.call('porter', `${VISITS}?facility=CLINIC-NORTH&page_size=many`);
    expectProblem(shapeless, 422, 'validation-failed');
    expect(shapeless.body['errors']).toEqual([
      { pointer: '/query/page_size', code: 'type', detail: 'must be integer' },
    ]);
  });

  test('scope, rate, key, shape', async () => {
    expectProblem(await host.call('reader', VISITS, { body: faulty }), 403, 'insufficient-scope');
    expectProblem(await host.call('hasty', VISITS, { body: faulty }), 400, 'idempotency-key-missing');
    const hasty = await host.call('hasty', VISITS, { body: faulty });
    expectProblem(hasty, 429, 'rate-limited');
    expect(Number(hasty.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(hasty.headers.get('ratelimit')).toMatch(/^"client";r=0;t=\d+$/);
    const shapeless = await host.call('nurse', VISITS, { body: faulty, key: key() });
    expectProblem(shapeless, 422, 'validation-failed');
    expect(shapeless.body['errors']).toEqual([
      { pointer: '/name', code: 'required', detail: 'is missing' },
      { pointer: '/facility', code: 'type', detail: 'must be string' },
    ]);
    expect(ward.effects).toEqual([]);
  });

  test('a token that is none is refused, and told how to be one', async () => {
    for (const authorization of ['Bearer nonsense', 'Bearer a.b.c', 'Basic bnVyc2U6eA==', '']) {
      const answer = await host.call(undefined, VISITS, { headers: { authorization } });
      expectProblem(answer, 401, 'unauthenticated');
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="concord"/);
    }
  });
});

describe('the correlation id', () => {
  test('of the caller comes back, on an answer and on a refusal', async () => {
    const headers = { 'x-correlation-id': 'business-event-1' };
    const answers = [await host.call('nurse', VISITS, { headers }), await host.call(undefined, VISITS, { headers })];
    for (const answer of answers) expect(answer.headers.get('x-correlation-id')).toBe('business-event-1');
    expect(answers[1]!.body['correlationId']).toBe('business-event-1');
  });

  test('that is no harmless word is replaced', async () => {
    const headers = { 'x-correlation-id': 'Testperson, born 1970' };
    const answer = await host.call(undefined, VISITS, { headers });
    expectProblem(answer, 401, 'unauthenticated');
    expect(answer.headers.get('x-correlation-id')).not.toContain('Testperson');
  });
});

describe('a body', () => {
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    host.call('nurse', VISITS, { body, headers, key: key() });

  test.each([
    ['cut off', '{"facility":"CLINIC-NORTH"'],
    ['no JSON', 'facility=CLINIC-NORTH'],
    ['empty', ''],
    ['that reaches for the prototype', '{"__proto__":{"admin":true},"facility":"A","name":"B"}'],
    ['that reaches for the constructor', '{"constructor":{"prototype":{"admin":true}}}'],
    ['50,000 arrays deep', '['.repeat(50_000) + ']'.repeat(50_000)],
    ['65 objects deep', '{"a":'.repeat(65) + '1' + '}'.repeat(65)],
    ['of broken UTF-8 around JSON', Buffer.from([0xff, 0xfe, 0x7b, 0x7d])],
  ])('%s cannot be read', async (_, body) => {
    expectProblem(await post(body), 400, 'malformed');
  });

  test('of more than 1 MiB is not read to its end', async () => {
    expectProblem(await post({ ...visit, name: 'x'.repeat(10_000_000) }), 413, 'payload-too-large');
    expectProblem(await post({ ...visit, name: 'x'.repeat(1024 * 1024) }), 413, 'payload-too-large');
  });

  test.each([
    'text/html',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'nonsense',
    'text/plain',
  ])('of type %s is not taken for a visit', async (type) => {
    expectProblem(await post('{}', { 'content-type': type }), 415, 'unsupported-media');
  });

  test.each(['application/fhir+json', 'application/merge-patch+json'])(
    'of type %s is not taken where only JSON is declared',
    async (type) => {
      expectProblem(await post(visit, { 'content-type': type }), 415, 'unsupported-media');
    },
  );

  test('of JSON is not taken where only text is declared', async () => {
    expectProblem(await host.call('nurse', MESSAGES, { body: visit }), 415, 'unsupported-media');
    const heard = await host.call('nurse', MESSAGES, { body: 'MSH|', headers: { 'content-type': 'text/plain' } });
    expect([heard.status, heard.text]).toEqual([200, 'heard']);
  });

  test.each<[string, unknown, object]>([
    ['a list', [visit], { pointer: '', code: 'type' }],
    ['null', null, { pointer: '', code: 'type' }],
    ['a text', '"visit"', { pointer: '', code: 'type' }],
    ['an undeclared member', { ...visit, admin: true }, { pointer: '', code: 'undeclared' }],
    ['a number as text', { ...visit, minutes: '3' }, { pointer: '/minutes', code: 'type' }],
    ['a fraction', { ...visit, minutes: 1.5 }, { pointer: '/minutes', code: 'type' }],
    ['a number beyond its limit', { ...visit, minutes: 601 }, { pointer: '/minutes', code: 'maximum' }],
    ['null for a member', { ...visit, name: null }, { pointer: '/name', code: 'type' }],
    [
      'a fault below',
      { ...visit, contacts: [{ kind: 'friend', name: 'B' }] },
      { pointer: '/contacts/0/kind', code: 'enum' },
    ],
  ])('that is or has %s is refused at its place', async (_, body, fault) => {
    const answer = await post(body === null ? 'null' : body);
    expectProblem(answer, 422, 'validation-failed');
    expect(answer.body['errors']).toMatchObject([fault]);
  });

  test('is no part of a refusal before it was read: without a token it is still measured first', async () => {
    expectProblem(await host.call(undefined, VISITS, { body: 'x'.repeat(2_000_000) }), 413, 'payload-too-large');
  });
});

describe('an address', () => {
  test.each([
    ['of another version', '/system/ward/v2/visits', 404, 'not-found'],
    ['of no resource', '/system/ward/v1/cots', 404, 'not-found'],
    ['below a resource', `${VISITS}/1/beds`, 404, 'not-found'],
    ['with broken escapes', `${VISITS}/%zz`, 400, 'malformed'],
    ['with an id of another form', `${VISITS}/a%20b`, 422, 'validation-failed'],
    ['with an id that is too long', `${VISITS}/${'a'.repeat(900)}`, 422, 'validation-failed'],
    ['with an id of a page', `${VISITS}/${'a'.repeat(1500)}`, 400, 'malformed'],
    ['with an undeclared parameter', `${VISITS}?order=name`, 422, 'validation-failed'],
  ])('%s is refused', async (_, path, status, code) => {
    expectProblem(await host.call('nurse', path), status, code);
  });

  test('of no API is refused', async () => {
    expectProblem(await host.call(undefined, '/system/wards/v1/visits'), 404, 'not-found');
  });

  test('that exists for other methods names them', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const answer = await host.call('nurse', VISITS, { method });
      expectProblem(answer, 405, 'method-not-allowed');
      expect(answer.headers.get('allow')).toBe('POST, GET, HEAD');
    }
    const one = await host.call('nurse', `${VISITS}/visit-1`, { method: 'POST' });
    expect(one.headers.get('allow')).toBe('GET, HEAD, DELETE');
  });

  test('answers HEAD as it answers GET, without the body', async () => {
    const head = await host.call('nurse', VISITS, { method: 'HEAD' });
    expect([head.status, head.text]).toEqual([200, '']);
    expect((await host.call(undefined, VISITS, { method: 'HEAD' })).status).toBe(401);
    expect((await host.call('hasty', VISITS, { method: 'HEAD' })).status).toBe(403);
  });

  test('of the contract is open to everybody', async () => {
    const answer = await host.call(undefined, '/system/ward/v1/openapi.json');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ openapi: '3.1.0', 'x-data-class': 'phi' });
  });
});

test('a caller who hangs up in the middle of a body leaves nothing behind', async () => {
  const { hostname, port } = new URL(host.url);
  const socket = net.connect(Number(port), hostname);
  const head = `POST ${VISITS} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"fac`;
  socket.write(head);
  await new Promise((resolve) => setTimeout(resolve, 100));
  socket.destroy();
  await once(socket, 'close');
  expect((await host.call('nurse', VISITS, { body: visit, key: key() })).status).toBe(201);
  expect(ward.effects).toHaveLength(1);
});
