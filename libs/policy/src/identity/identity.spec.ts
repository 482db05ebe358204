import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { apis, realIssuer, type RealIssuer } from '../fixture/real-issuer.js';
import { demoClients, embeddedIdentity, serviceSecrets } from '../index.js';

const { privateKey, publicKey } = await generateKeyPair('ES256');

/** A client assertion of SMART Backend Services. */
const assertion = (issuer: string, { seconds = 60, audience = issuer, key = privateKey } = {}) =>
  new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid: 'lab-1' })
    .setIssuer('lab')
    .setSubject('lab')
    .setAudience(audience)
    .setJti(crypto.randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${seconds}s`)
    .sign(key);

const withAssertion = (client_assertion: string) => ({
  grant_type: 'client_credentials',
  scope: 'ehr/inbound.write',
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion,
});

describe('the embedded issuer', () => {
  let issuer: RealIssuer;
  const printed = [jest.spyOn(console, 'info'), jest.spyOn(console, 'warn'), jest.spyOn(console, 'error')];

  beforeAll(async () => {
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kty: 'EC', kid: 'lab-1', alg: 'ES256', use: 'sig' }] };
    const lab = { id: 'lab', scopes: ['ehr/inbound.write'], facilities: ['CLINIC-NORTH'], legalEntities: [], jwks };
    issuer = await realIssuer({ clients: [...demoClients, lab] });
  });
  afterAll(() => issuer.stop());

  it('describes itself as an issuer for machines, under its own name', async () => {
    for (const path of ['openid-configuration', 'oauth-authorization-server']) {
      const headers = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
      const answer = await fetch(`${issuer.url}/.well-known/${path}`, { headers });
      expect(await answer.json()).toMatchObject({
        issuer: issuer.url,
        token_endpoint: `${issuer.url}/oauth/token`,
        jwks_uri: `${issuer.url}/oauth/jwks`,
        grant_types_supported: ['client_credentials'],
        token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'],
      });
    }
  });

  it('has no browser login behind it', async () => {
    for (const path of ['/oauth/authorize', '/auth', '/interaction/x', '/oauth/authorize/x']) {
      expect((await fetch(issuer.url + path)).status).toBe(404);
    }
    const metadata = await (await fetch(`${issuer.url}/.well-known/openid-configuration`)).json();
    expect(metadata).not.toHaveProperty('authorization_endpoint');
  });

  it('gives a signed token for one API, that says who, what and where', async () => {
    const { body } = await issuer.token('finance-portal', { resource: `${issuer.url}/experience/finance` });
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 300 });
    expect(decodeProtectedHeader(body.access_token ?? '')).toMatchObject({ alg: 'RS256', typ: 'at+jwt' });
    expect(decodeJwt(body.access_token ?? '')).toMatchObject({
      iss: issuer.url,
      aud: `${issuer.url}/experience/finance`,
      sub: 'finance-portal',
      client_id: 'finance-portal',
      scope: 'finance/encounter.read finance/report.read',
      facilities: ['*'],
      legal_entities: ['*'],
    });
  });

  it('binds a partner to its own facility', async () => {
    expect(decodeJwt(await issuer.bearer('partner-acme'))).toMatchObject({ facilities: ['CLINIC-NORTH'] });
  });

  it.each(['', '/', '/v1', '/v1/'])('takes the address of an API with the ending "%s"', async (ending) => {
    const token = await issuer.bearer('finance-portal', { resource: `${issuer.url}/experience/finance${ending}` });
    expect(decodeJwt(token).aud).toBe(`${issuer.url}/experience/finance`);
  });

  it('knows the API from the scopes when they all name one', async () => {
    const token = await issuer.bearer('operations', { scope: 'erp/journal-entry.read erp/sandbox.control' });
    expect(decodeJwt(token)).toMatchObject({
      aud: `${issuer.url}/system/erp`,
      scope: 'erp/journal-entry.read erp/sandbox.control',
    });
  });

  it('knows the API from the client when it may call only one', async () => {
    expect(decodeJwt(await issuer.bearer('ehr'))).toMatchObject({
      aud: `${issuer.url}/system/ehr`,
      scope: 'ehr/inbound.write',
    });
  });

  it('lets operations read every system API and steer every sandbox, and write nothing', async () => {
    const erp = await issuer.bearer('operations', { resource: `${issuer.url}/system/erp` });
    const ehr = await issuer.bearer('operations', { resource: `${issuer.url}/system/ehr` });
    expect(decodeJwt(erp).scope).toBe('erp/journal-entry.read erp/sandbox.control');
    expect(decodeJwt(ehr).scope).toBe('ehr/encounter.read');
  });

  it.each([
    ['an unknown API', 'finance-portal', { resource: 'https://elsewhere.example/system/erp' }, 'invalid_target'],
    ['an API without a grant', 'finance-portal', { resource: '/system/erp' }, 'invalid_target'],
    ['scopes of two APIs', 'operations', { scope: 'erp/journal-entry.read ehr/encounter.read' }, 'invalid_target'],
    ['no hint among several APIs', 'operations', {}, 'invalid_target'],
    ['an API that is still to come', 'supply-portal', {}, 'invalid_target'],
    ['a scope that was not granted', 'operations', { scope: 'erp/journal-entry.write' }, 'invalid_scope'],
    ['a scope of another API', 'operations', { resource: '/system/erp', scope: 'ehr/encounter.read' }, 'invalid_scope'],
    ['a scope that nobody knows', 'finance-portal', { scope: 'finance/everything' }, 'invalid_scope'],
  ])('refuses %s', async (_case, client, asked: Record<string, string>, error) => {
    const form = { ...asked };
    if (form.resource !== undefined) form.resource = form.resource.replace(/^\//, `${issuer.url}/`);
    expect(await issuer.token(client, form)).toMatchObject({ status: 400, body: { error } });
  });

  it('refuses two resources for one token', async () => {
    const form = new URLSearchParams({ grant_type: 'client_credentials' });
    for (const api of ['erp', 'ehr']) form.append('resource', `${issuer.url}/system/${api}`);
    const authorization = `Basic ${btoa('operations:demo-operations')}`;
    expect(await issuer.post(form, { authorization })).toMatchObject({
      status: 400,
      body: { error: 'invalid_target' },
    });
  });

  it('refuses a wrong secret', async () => {
    const answer = await issuer.token('finance-portal', {}, 'demo-guess');
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });

  it('takes a client assertion for what it proves, once', async () => {
    const form = withAssertion(await assertion(issuer.url));
    const first = await issuer.post(form);
    expect(decodeJwt(first.body.access_token ?? '')).toMatchObject({
      client_id: 'lab',
      scope: 'ehr/inbound.write',
      facilities: ['CLINIC-NORTH'],
      legal_entities: [],
    });
    expect(await issuer.post(form)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });

  it('refuses a client assertion that is too long-lived, for another issuer, or of another key', async () => {
    const other = (await generateKeyPair('ES256')).privateKey;
    for (const bad of [{ seconds: 3600 }, { audience: 'https://elsewhere.example' }, { key: other }]) {
      const answer = await issuer.post(withAssertion(await assertion(issuer.url, bad)));
      expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    }
  });

  it('shows its keys without their private part, and keeps them for the owner only', async () => {
    const shown = (await (await fetch(`${issuer.url}/oauth/jwks`)).json()) as { keys: object[] };
    expect(shown.keys).toHaveLength(1);
    expect(shown.keys[0]).not.toHaveProperty('d');
    expect((await stat(join(issuer.stateDir, 'identity.json'))).mode & 0o777).toBe(0o600);
  });

  it('gives a token to a page of the gateway, and to no page of another site', async () => {
    const ask = (origin: string) =>
      issuer.post(
        { grant_type: 'client_credentials' },
        { origin, authorization: `Basic ${btoa('finance-portal:demo-finance-portal')}` },
      );
    expect((await ask(issuer.url)).status).toBe(200);
    expect((await ask('https://evil.example')).status).toBe(400);
  });

  it('has printed nothing on the console', () => {
    for (const spy of printed) expect(spy).not.toHaveBeenCalled();
  });
});

describe('what the issuer keeps', () => {
  it('signs with the same key after a restart', async () => {
    const before = await realIssuer();
    const after = await realIssuer({ stateDir: before.stateDir });
    const keyOf = async (issuer: RealIssuer) => decodeProtectedHeader(await issuer.bearer('ehr')).kid;
    expect(await keyOf(after)).toBe(await keyOf(before));
    await after.stop();
    await before.stop();
  });

  it('has no demo clients when the gateway can be reached from outside, and says so', async () => {
    const own = { id: 'feed', scopes: ['ehr/*'], facilities: ['*'], legalEntities: ['*'], secret: 'not-published' };
    const issuer = await realIssuer({ loopback: false, clients: [...demoClients, own] });
    for (const { id } of demoClients) expect(await issuer.token(id)).toMatchObject({ status: 401 });
    expect(await issuer.token('feed', {}, own.secret)).toMatchObject({ status: 200 });
    expect(issuer.notice).toMatch(/clinic-portal.*api-owner.*not bound to loopback.*OIDC_ISSUER/);
    await issuer.stop();
  });

  it('does not start with a client that could never prove itself', async () => {
    const { url, stateDir, stop } = await realIssuer();
    const secretKey = { kty: 'oct', k: 'c2VjcmV0' };
    const lab = { id: 'lab', scopes: [], facilities: [], legalEntities: [], jwks: { keys: [secretKey] } };
    const start = embeddedIdentity({ issuer: url, publicUrl: url, stateDir, apis, clients: [lab], loopback: true });
    const outcome = await start.catch((error: Error) => error.message);
    await stop();
    expect(outcome).toBe('invalid_client_metadata');
  });

  it('gives each of our own APIs a secret of its own, once', async () => {
    const { stateDir, stop } = await realIssuer();
    const first = await serviceSecrets(stateDir, ['experience-clinic']);
    const both = await serviceSecrets(stateDir, ['experience-clinic', 'process-patient-to-billing']);
    const file = join(stateDir, 'service-secrets.json');
    expect(both['experience-clinic']).toBe(first['experience-clinic']);
    expect(both['process-patient-to-billing']).toMatch(/^[\w-]{43}$/);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(both);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await stop();
  });
});
