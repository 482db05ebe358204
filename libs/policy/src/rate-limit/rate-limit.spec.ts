import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import { asProblem, Problem } from '@concord/canonical';
import { realIssuer, type RealIssuer } from '../fixture/real-issuer.js';
import { smallApi, type SmallApi } from '../fixture/small-api.js';
import { ipLimit, type PolicyRequest } from '../index.js';
import { addressKey } from './ip-limit.js';

describe('an API that counts its calls', () => {
  let issuer: RealIssuer;
  let api: SmallApi;
  let operations: string;

  const apiWith = (clientLimit?: (client: string) => { quota: number; windowSeconds: number } | undefined) =>
    smallApi({ audience: `${issuer.url}/system/erp`, issuer: issuer.url, clientLimit });

  beforeAll(async () => {
    issuer = await realIssuer();
    operations = await issuer.bearer('operations', { scope: 'erp/journal-entry.read' });
  });
  afterAll(() => issuer.stop());

  it('tells a client where it stands', async () => {
    api = await apiWith();
    const { headers } = await api.get('/caller', operations);
    expect(headers['ratelimit-policy']).toBe('"client";q=6000;w=60');
    expect(headers['ratelimit']).toBe('"client";r=5999;t=1');
    expect(Object.keys(headers).filter((name) => name.startsWith('x-ratelimit'))).toEqual([]);
    await api.stop();
  });

  it('holds a client back that calls too often, and says until when', async () => {
    api = await apiWith(() => ({ quota: 3, windowSeconds: 60 }));
    for (let call = 0; call < 3; call += 1) expect((await api.get('/caller', operations)).status).toBe(200);
    const { status, headers, body } = await api.get('/caller', operations);
    expect({ status, code: body.code, retryable: body.retryable }).toEqual({
      status: 429,
      code: 'rate-limited',
      retryable: true,
    });
    expect(headers['retry-after']).toMatch(/^(20|19|18)$/); // a third of a minute, less what has passed meanwhile
    expect(headers['ratelimit']).toBe(`"client";r=0;t=${String(headers['retry-after'])}`);
    await api.stop();
  });

  it('counts each client by itself', async () => {
    api = await apiWith((client) => ({ quota: client === 'operations' ? 1 : 2, windowSeconds: 60 }));
    expect((await api.get('/caller', operations)).status).toBe(200);
    expect((await api.get('/caller', operations)).status).toBe(429);
    await api.stop();
  });

  it('asks for the scope before it counts, so that a refused call takes nothing from the limit', async () => {
    api = await apiWith(() => ({ quota: 1, windowSeconds: 60 }));
    expect((await api.get('/undeclared', operations)).status).toBe(403);
    expect((await api.get('/caller', operations)).status).toBe(200);
    expect((await api.get('/caller', operations)).status).toBe(429);
    await api.stop();
  });

  it('lifts the limit for a client that has none', async () => {
    api = await apiWith(() => undefined);
    const { status, headers } = await api.get('/caller', operations);
    expect(status).toBe(200);
    expect(headers['ratelimit']).toBeUndefined();
    await api.stop();
  });

  it('charges a costly endpoint its own units beside the client’s', async () => {
    api = await apiWith();
    const first = await api.get('/postings', operations);
    expect(String(first.headers['ratelimit-policy']).split(', ').sort()).toEqual([
      '"client";q=6000;w=60',
      '"postings";q=10;w=60',
    ]);
    expect(String(first.headers['ratelimit'])).toContain('"postings";r=6;t=24');
    expect((await api.get('/postings', operations)).status).toBe(200);
    const third = await api.get('/postings', operations);
    expect(third).toMatchObject({ status: 429, headers: { 'retry-after': expect.stringMatching(/^(12|11|10)$/) } });
    expect((await api.get('/caller', operations)).status).toBe(200);
    await api.stop();
  });
});

describe('an address that knocks without a token', () => {
  let server: FastifyInstance;
  beforeAll(async () => {
    server = Fastify();
    const limit = ipLimit({ quota: 2, windowSeconds: 60 });
    server.addHook('onRequest', (request, _reply, done) => {
      limit(request);
      done();
    });
    server.setErrorHandler((error, _request, reply) => {
      const problem = asProblem(error);
      return reply.status(problem.kind.status).send(problem.toBody());
    });
    server.get('/', () => ({}));
    await server.ready();
  });
  afterAll(() => server.close());

  const knock = async (remoteAddress: string, headers: Record<string, string> = {}) =>
    (await server.inject({ url: '/', remoteAddress, headers })).statusCode;

  it('is held back whatever it writes into X-Forwarded-For', async () => {
    const asOthers = (n: number) => knock('192.0.2.1', { 'x-forwarded-for': `198.51.100.${n}` });
    expect([await asOthers(1), await asOthers(2), await asOthers(3)]).toEqual([200, 200, 429]);
    expect(await knock('192.0.2.2')).toBe(200);
  });

  it('does not hold back the clients behind it', async () => {
    expect(await knock('192.0.2.1', { authorization: 'Bearer token' })).toBe(200);
  });

  it('throws a problem that says when to come back', () => {
    const limit = ipLimit({ quota: 1, windowSeconds: 30 });
    const request: PolicyRequest = { headers: {}, socket: { remoteAddress: '192.0.2.9' } };
    limit(request);
    expect(() => limit(request)).toThrow(Problem);
    expect(() => limit(request)).toThrow(expect.objectContaining({ slug: 'rate-limited', retryAfter: 30 }));
  });

  it.each([
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    [undefined, 'unknown'],
  ])('is known by the part of %s that it cannot change: %s', (remoteAddress, key) => {
    expect(addressKey({ headers: {}, socket: { remoteAddress } })).toBe(key);
  });
});
