import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { realIssuer, type RealIssuer } from '../fixture/real-issuer.js';
import { fetchJson, serviceSecrets, tokenSource, type FetchJson, type TokenSourceOptions } from '../index.js';

describe('tokens for our own calls', () => {
  let issuer: RealIssuer;
  let clientSecret: string;
  let asked: string[] = [];
  let clock = 0;

  /** The real network, with its calls written down. */
  const observed: FetchJson = (url, post) => {
    asked.push(new URL(url).pathname);
    return fetchJson(url, post);
  };
  const source = (options: Partial<TokenSourceOptions> = {}) =>
    tokenSource({
      issuer: issuer.url,
      clientId: 'process-patient-to-billing',
      clientSecret,
      resource: `${issuer.url}/system/erp`,
      fetchJson: observed,
      now: () => clock,
      ...options,
    });
  const tokensAsked = () => asked.filter((path) => path === '/oauth/token').length;

  beforeAll(async () => {
    const { stateDir, stop } = await realIssuer();
    const secrets = await serviceSecrets(stateDir, ['process-patient-to-billing']);
    await stop();
    clientSecret = secrets['process-patient-to-billing'] ?? '';
    const grant = { scopes: ['erp/journal-entry.*', 'ehr/*.read'], facilities: ['*'], legalEntities: ['*'] };
    issuer = await realIssuer({ clients: [{ id: 'process-patient-to-billing', secret: clientSecret, ...grant }] });
  });
  afterAll(() => issuer.stop());
  beforeEach(() => {
    asked = [];
    clock = Date.now();
  });

  it('are asked for once by everybody who waits', async () => {
    const tokens = source();
    const [first, second] = await Promise.all([tokens.token(), tokens.token()]);
    expect(first).toBe(second);
    expect(await tokens.token()).toBe(first);
    expect(tokensAsked()).toBe(1);
    expect(decodeJwt(first ?? '')).toMatchObject({
      aud: `${issuer.url}/system/erp`,
      client_id: 'process-patient-to-billing',
      scope: 'erp/journal-entry.read erp/journal-entry.write',
    });
  });

  it('are renewed half a minute before they end', async () => {
    const tokens = source();
    const first = await tokens.token();
    clock += 269_000;
    expect(await tokens.token()).toBe(first);
    clock += 2_000;
    expect(await tokens.token()).not.toBe(first);
    expect(asked).toEqual(['/.well-known/openid-configuration', '/oauth/token', '/oauth/token']);
  });

  it('are asked for again when they were refused', async () => {
    const tokens = source();
    const first = await tokens.token();
    tokens.forget();
    expect(await tokens.token()).not.toBe(first);
  });

  it('carry the scopes that were asked for and no more', async () => {
    const tokens = source({ scope: 'erp/journal-entry.read' });
    expect(decodeJwt(await tokens.token()).scope).toBe('erp/journal-entry.read');
  });

  it('are refused when the issuer grants less than was asked, though it answers 200', async () => {
    const less: FetchJson = async (url, post) => {
      const answer = await fetchJson(url, post && { ...post, form: { ...post.form, scope: 'erp/journal-entry.read' } });
      return answer;
    };
    const tokens = source({ scope: 'erp/journal-entry.read erp/journal-entry.write', fetchJson: less });
    await expect(tokens.token()).rejects.toMatchObject({
      slug: 'upstream-rejected',
      detail: expect.stringContaining('erp/journal-entry.write was not granted'),
    });
  });

  it('are not given for a wrong secret, and the next caller asks again', async () => {
    const tokens = source({ clientSecret: 'guess' });
    for (let call = 0; call < 2; call += 1) {
      await expect(tokens.token()).rejects.toMatchObject({
        slug: 'upstream-rejected',
        detail: expect.stringContaining('invalid_client'),
      });
    }
    expect(tokensAsked()).toBe(2);
  });

  it('wait for an issuer that is not there yet', async () => {
    const away = await realIssuer();
    await away.stop();
    const tokens = source({ issuer: away.url });
    await expect(tokens.token()).rejects.toMatchObject({ slug: 'upstream-unavailable', retryable: true });
    expect(tokensAsked()).toBe(0);
  });

  it('are not taken from somebody who speaks for another issuer', async () => {
    const tokens = source({ issuer: issuer.url.replace('127.0.0.1', 'localhost') });
    await expect(tokens.token()).rejects.toMatchObject({ slug: 'upstream-rejected' });
  });
});
