import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { importJWK, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import { realIssuer, type RealIssuer } from '../fixture/real-issuer.js';
import { smallApi, type SmallApi } from '../fixture/small-api.js';
import { demoClients, issuerKeys, type IssuerKeys } from '../index.js';
import { Forgeries } from './forgeries.js';

const now = () => Math.floor(Date.now() / 1000);

let issuer: RealIssuer;
beforeAll(async () => {
  const bound = {
    id: 'auditor',
    scopes: ['erp/*'],
    facilities: [],
    legalEntities: ['LE-NORTH'],
    secret: 'not-published',
  };
  issuer = await realIssuer({ clients: [...demoClients, bound] });
});
afterAll(() => issuer.stop());

const erp = () => `${issuer.url}/system/erp`;

async function keysOf({ stateDir }: RealIssuer): Promise<JWK[]> {
  return (JSON.parse(await readFile(join(stateDir, 'identity.json'), 'utf8')) as { keys: JWK[] }).keys;
}

/** The issuer's own signing key, to make tokens that it would not make. */
async function issuerKey(): Promise<{ key: CryptoKey | Uint8Array; kid: string }> {
  const [jwk = {}] = await keysOf(issuer);
  return { key: await importJWK(jwk, 'RS256'), kid: jwk.kid ?? '' };
}

interface Forged {
  readonly claims?: JWTPayload;
  readonly header?: Record<string, unknown>;
  readonly key?: CryptoKey | KeyObject | Uint8Array;
}

async function signed({ claims = {}, header = {}, key }: Forged = {}): Promise<string> {
  const own = await issuerKey();
  const facts = { client_id: 'operations', sub: 'operations', scope: 'erp/journal-entry.read', facilities: ['*'] };
  return new SignJWT({ iss: issuer.url, aud: erp(), exp: now() + 60, ...facts, ...claims })
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: own.kid, ...header })
    .sign(key ?? own.key);
}

describe('an API behind the policies', () => {
  let api: SmallApi;
  let asked = 0;

  beforeAll(async () => {
    const keys = issuerKeys(issuer.url);
    const counted: IssuerKeys = { ...keys, find: (kid) => ((asked += 1), keys.find(kid)) };
    api = await smallApi({ audience: erp(), issuer: issuer.url, keys: counted });
  });
  afterAll(() => api.stop());
  beforeEach(() => {
    asked = 0;
  });

  const withReading = () => issuer.bearer('operations', { scope: 'erp/journal-entry.read' });

  it('knows its caller from a token of the issuer', async () => {
    expect(await api.get('/caller', await withReading())).toMatchObject({
      status: 200,
      body: { clientId: 'operations', subject: 'operations', audience: erp(), scopes: ['erp/journal-entry.read'] },
    });
  });

  it('recognises a token that it verified a moment ago', async () => {
    const token = await withReading();
    for (let call = 0; call < 5; call += 1) expect((await api.get('/caller', token)).status).toBe(200);
    expect(asked).toBe(1);
  });

  it('verifies a refused token anew each time', async () => {
    const stale = await signed({ claims: { exp: now() - 60 } });
    for (let call = 0; call < 3; call += 1) expect((await api.get('/caller', stale)).status).toBe(401);
    expect(asked).toBe(3);
  });

  it('asks a caller without a token for one', async () => {
    const { status, headers, body } = await api.get('/caller');
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toBe('Bearer realm="concord"');
    expect(body).toMatchObject({ code: 'unauthenticated' });
  });

  it('leaves an open endpoint open', async () => {
    expect(await api.get('/status')).toMatchObject({ status: 200, body: { up: true } });
  });

  it('keeps an endpoint closed that declares nothing', async () => {
    expect(await api.get('/undeclared', await withReading())).toMatchObject({ status: 403 });
    expect(await api.get('/undeclared')).toMatchObject({ status: 401 });
  });

  it('believes an ES256 key of the issuer too, and a provider that writes scp and JWT', async () => {
    const claims = { scope: undefined, scp: ['erp/journal-entry.read'], client_id: undefined, azp: 'acme' };
    const token = await signed({ claims, header: { typ: 'JWT' } });
    expect(await api.get('/caller', token)).toMatchObject({ status: 200, body: { clientId: 'acme' } });
  });

  const { privateKey: strangersKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const refused: [string, () => string | Promise<string>, RegExp][] = [
    ['garbage', () => 'garbage', /not a signed token/],
    ['an opaque token', () => 'mF_9.B5f-4.1JqM', /not a signed token/],
    ['a token for another API', () => issuer.bearer('operations', { scope: 'ehr/encounter.read' }), /another API/],
    ['an expired token', () => signed({ claims: { exp: now() - 10 } }), /expired/],
    ['a token of tomorrow', () => signed({ claims: { nbf: now() + 60 } }), /not valid yet/],
    ['a token without an end', () => signed({ claims: { exp: undefined } }), /no end/],
    ['a token that names no client', () => signed({ claims: { client_id: undefined } }), /its client/],
    ['a token bound to a key', () => signed({ claims: { cnf: { jkt: 'x' } } }), /bound to a key/],
    ['another issuer’s name', () => signed({ claims: { iss: 'https://evil.example' } }), /another issuer/],
    ['another signature under a known key’s name', () => signed({ key: strangersKey }), /does not hold/],
    [
      'a key that the issuer does not have',
      () => signed({ header: { kid: 'other' }, key: strangersKey }),
      /not signed by/,
    ],
    ['a token that names no key', () => signed({ header: { kid: undefined } }), /not signed by/],
    ['an ID token', () => signed({ header: { typ: 'logout+jwt' } }), /not an access token/],
    ['an unsigned token', () => unsigned(), /does not hold/],
    ['a token signed with the public key as a secret', () => signedWithPublicKey(), /does not hold/],
  ];

  it.each(refused)('refuses %s', async (_what, token, reason) => {
    const { status, headers, body } = await api.get('/caller', await token());
    expect({ status, detail: body.detail }).toEqual({ status: 401, detail: expect.stringMatching(reason) });
    expect(headers['www-authenticate']).toMatch(
      /^Bearer realm="concord", error="invalid_token", error_description="The/,
    );
  });

  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = () =>
    part({ iss: issuer.url, aud: erp(), exp: now() + 60, client_id: 'x', scope: 'erp/journal-entry.read' });

  async function unsigned(): Promise<string> {
    const { kid } = await issuerKey();
    return `${part({ alg: 'none', typ: 'at+jwt', kid })}.${claims()}.`;
  }

  async function signedWithPublicKey(): Promise<string> {
    const { keys } = (await (await fetch(`${issuer.url}/oauth/jwks`)).json()) as { keys: JWK[] };
    const body = `${part({ alg: 'HS256', typ: 'at+jwt', kid: keys[0]?.kid })}.${claims()}`;
    return `${body}.${createHmac('sha256', JSON.stringify(keys[0])).update(body).digest('base64url')}`;
  }

  it('allows for clocks that differ by a few seconds', async () => {
    expect((await api.get('/caller', await signed({ claims: { exp: now() - 1 } }))).status).toBe(200);
  });

  it('takes a token from the header only', async () => {
    expect((await api.get(`/caller?access_token=${await withReading()}`)).status).toBe(401);
  });

  it('names the scope that a caller would need', async () => {
    const { status, headers, body } = await api.get(
      '/caller',
      await issuer.bearer('operations', { scope: 'erp/sandbox.control' }),
    );
    expect(status).toBe(403);
    expect(body).toMatchObject({ code: 'insufficient-scope' });
    expect(headers['www-authenticate']).toContain('error="insufficient_scope", scope="erp/journal-entry.read"');
  });

  it('keeps a caller within its legal entities', async () => {
    const { body } = await issuer.token('auditor', { resource: erp() }, 'not-published');
    expect((await api.get('/ledgers/LE-NORTH', body.access_token)).status).toBe(200);
    expect(await api.get('/ledgers/LE-SOUTH', body.access_token)).toMatchObject({
      status: 403,
      body: { code: 'access-denied' },
    });
  });
});

describe('a partner of one facility', () => {
  let api: SmallApi;
  let token: string;
  beforeAll(async () => {
    const audience = `${issuer.url}/experience/partner`;
    api = await smallApi({ audience, issuer: issuer.url });
    token = await issuer.bearer('partner-acme');
  });
  afterAll(() => api.stop());

  it.each([
    ['/facilities/CLINIC-NORTH/stock', 200],
    ['/facilities/CLINIC-SOUTH/stock', 403],
    ['/orders?facility=CLINIC-NORTH', 200],
    ['/orders?facility=CLINIC-SOUTH', 403],
    ['/orders?facility=CLINIC-NORTH&facility=CLINIC-SOUTH', 403],
    ['/facilities/CLINIC-NORTH/stock?facility=CLINIC-SOUTH', 403],
    ['/orders', 403],
  ])('gets from %s the answer %d', async (path, status) => {
    expect((await api.get(path, token)).status).toBe(status);
  });
});

describe('two APIs in one process', () => {
  it('each open to its own tokens only', async () => {
    const [first, second] = await Promise.all(
      ['system/erp', 'system/ehr'].map((api) => smallApi({ audience: `${issuer.url}/${api}`, issuer: issuer.url })),
    );
    const token = await issuer.bearer('operations', { scope: 'erp/journal-entry.read' });
    expect((await first?.get('/caller', token))?.status).toBe(200);
    expect((await second?.get('/caller', token))?.status).toBe(401);
    await Promise.all([first?.stop(), second?.stop()]);
  });
});

describe('when the issuer changes its keys', () => {
  const COOLDOWN_MS = 10_000;
  const MAX_AGE_MS = 60_000;
  let clock = 0;
  let old: RealIssuer;
  let api: SmallApi;
  let keys: IssuerKeys;

  beforeEach(async () => {
    clock = Date.now();
    old = await realIssuer();
    keys = issuerKeys(old.url, { now: () => clock });
    api = await smallApi({ audience: `${old.url}/system/erp`, issuer: old.url, keys });
  });
  afterEach(async () => {
    await api.stop();
    await rm(nextStateDir(), { recursive: true, force: true });
  });
  const nextStateDir = () => `${old.stateDir}-next`;

  /** The same issuer at the same address, with other keys. */
  async function rotate(): Promise<RealIssuer> {
    const port = Number(new URL(old.url).port);
    await old.stop();
    return realIssuer({ port, stateDir: nextStateDir() });
  }
  const read = (from: RealIssuer) => from.bearer('operations', { scope: 'erp/journal-entry.read' });

  it('learns a new key when a token names it, but not more often than every ten seconds', async () => {
    expect((await api.get('/caller', await read(old))).status).toBe(200);
    const next = await rotate();
    const token = await read(next);
    expect((await api.get('/caller', token)).status).toBe(401);
    clock += COOLDOWN_MS;
    expect((await api.get('/caller', token)).status).toBe(200);
    await next.stop();
  });

  it('forgets the tokens of a key that was taken out of service', async () => {
    const before = await read(old);
    expect((await api.get('/caller', before)).status).toBe(200);
    const next = await rotate();
    clock += COOLDOWN_MS;
    expect((await api.get('/caller', await read(next))).status).toBe(200);
    expect((await api.get('/caller', before)).status).toBe(401);
    await next.stop();
  });

  it('looks at the keys again after a minute, behind the caller’s back', async () => {
    const removed = new Promise<void>((done) => keys.onRemoval(done));
    const known = (await keysOf(old))[0]?.kid ?? '';
    expect(await keys.find(known)).toBeDefined();
    const next = await rotate();
    clock += MAX_AGE_MS;
    expect(await keys.find(known)).toBeDefined();
    await removed;
    expect(await keys.find(known)).toBeUndefined();
    await next.stop();
  });

  it('goes on with the keys it knows while the issuer is away', async () => {
    const token = await read(old);
    expect((await api.get('/caller', token)).status).toBe(200);
    await old.stop();
    clock += MAX_AGE_MS;
    await expect(keys.find('never-seen')).rejects.toMatchObject({ slug: 'upstream-unavailable' });
    expect((await api.get('/caller', token)).status).toBe(200);
  });

  it('says that it is not the caller’s fault when no keys could be fetched at all', async () => {
    const token = await read(old);
    await old.stop();
    expect(await api.get('/caller', token)).toMatchObject({ status: 503, body: { code: 'upstream-unavailable' } });
  });

  it('believes the old key and the new one while the issuer shows both', async () => {
    const before = await read(old);
    const kept = await keysOf(old);
    const next = await rotate();
    const made = await keysOf(next);
    await next.stop();
    await writeFile(join(next.stateDir, 'identity.json'), JSON.stringify({ keys: [...made, ...kept] }));
    const both = await realIssuer({ port: Number(new URL(old.url).port), stateDir: next.stateDir });
    expect((await api.get('/caller', before)).status).toBe(200);
    expect((await api.get('/caller', await read(both))).status).toBe(200);
    await both.stop();
  });
});

describe('an address that keeps sending tokens that do not hold', () => {
  let api: SmallApi;
  let asked = 0;

  beforeAll(async () => {
    const keys = issuerKeys(issuer.url);
    const counted: IssuerKeys = { ...keys, find: (kid) => ((asked += 1), keys.find(kid)) };
    const forgeries = new Forgeries({ quota: 3, windowSeconds: 60 });
    api = await smallApi({ audience: erp(), issuer: issuer.url, keys: counted, forgeries });
  });
  afterAll(() => api.stop());

  it('is held back before another signature is checked, and whoever was verified before is not', async () => {
    const good = await issuer.bearer('operations', { scope: 'erp/journal-entry.read' });
    expect((await api.get('/caller', good)).status).toBe(200);
    asked = 0;
    for (let n = 0; n < 6; n += 1) {
      const forged = await signed({ claims: { exp: now() - 60, jti: `forged-${n}` } });
      const { status, headers } = await api.get('/caller', forged);
      expect(status).toBe(n < 3 ? 401 : 429);
      if (status === 429) expect(headers['retry-after']).toBe('20');
    }
    expect(asked).toBe(3);
    expect((await api.get('/caller', good)).status).toBe(200);
  });
});
