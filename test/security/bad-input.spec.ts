import http from 'node:http';
import { encounterBundle, runCounts, type Answer } from '@concord/testing';
import { testGateway, type TestGateway } from '../fixtures/gateway.js';

const INBOUND = '/system/ehr/v1/inbound/fhir';
const SECRET = 'Zyxsecretname';

describe('bad input', () => {
  let gateway: TestGateway;
  let unending: Promise<number | undefined>;
  const counts = () => runCounts(gateway.operations);

  beforeAll(async () => {
    gateway = await testGateway({ requestsPerMinute: 600 });
    unending = sendWithoutEnd(await gateway.ehr.tokenFor(INBOUND)); // the last but one to be looked at: it takes its time
  });

  afterAll(() => gateway?.stop());

  const raw = async (body: string, headers: Record<string, string> = {}): Promise<Answer<{ code: string }>> => {
    const token = await gateway.ehr.tokenFor(INBOUND);
    const sent = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers };
    const answer = await fetch(`${gateway.url}${INBOUND}`, { method: 'POST', headers: sent, body });
    const text = await answer.text();
    expect(text).not.toContain(SECRET);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    return { status: answer.status, headers: {}, body: JSON.parse(text) as { code: string } };
  };

  it.each([
    ['malformed JSON', () => `{"resourceType":"Patient","name":"${SECRET}"`, 400, 'malformed'],
    ['an empty body', () => '', 400, 'malformed'],
    ['a body 50,000 deep', () => '['.repeat(50_000) + ']'.repeat(50_000), 400, 'malformed'],
    ['a prototype key', () => '{"__proto__":{"admin":true}}', 400, 'malformed'],
    [
      '10 MB',
      () => JSON.stringify({ resourceType: 'Patient', text: SECRET.repeat(800_000) }),
      413,
      'payload-too-large',
    ],
    ['no resource', () => JSON.stringify({ name: SECRET }), 422, 'validation-failed'],
    ['a list', () => '[1,2,3]', 422, 'validation-failed'],
    [
      'wrong types',
      () => JSON.stringify({ resourceType: 'Encounter', id: 7, status: { x: SECRET } }),
      422,
      'validation-failed',
    ],
  ])('%s is refused with the right problem', async (_name, body, status, code) => {
    const before = await counts();
    const answer = await raw(body());
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(await counts()).toEqual(before);
  });

  it('another media type is refused', async () => {
    expect((await raw('<Patient/>', { 'content-type': 'application/xml' })).body.code).toBe('unsupported-media');
  });

  it('undeclared and wrong members of a canonical shape are named by their pointer', async () => {
    const note = { note: 7, [SECRET]: true };
    const answer = await gateway.operations.post<{ code: string; errors: { pointer: string }[] }>(
      '/experience/operations/v1/exceptions/none/resolve',
      note,
    );
    expect([answer.status, answer.body.code]).toEqual([422, 'validation-failed']);
    expect(answer.body.errors.map(({ pointer }) => pointer)).toContain('/note');
    expect(JSON.stringify(answer.body)).not.toContain(SECRET);
  });

  it('a missing, foreign, opaque or misdirected token is refused', async () => {
    const { bundle } = encounterBundle('no-token');
    const foreign = await gateway.operations.tokenFor('/experience/operations/v1/runs');
    const [head, , tail] = foreign.split('.');
    const forged = [head, Buffer.from('{"sub":"ehr","scope":"ehr/inbound.write"}').toString('base64url'), tail].join(
      '.',
    );
    for (const token of [undefined, 'opaque', foreign, forged]) {
      const answer = await gateway.ehr.post<{ code: string }>(INBOUND, bundle, { token });
      expect([answer.status, answer.body.code]).toEqual([401, 'unauthenticated']);
    }
  });

  it('a token without the scope is refused', async () => {
    const entry = { legalEntity: 'LSH', accountingDate: '2026-11-21', reference: 'x', description: 'x', lines: [] };
    const answer = await gateway.operations.post<{ code: string }>('/system/erp/v1/journal-entries', entry);
    expect([answer.status, answer.body.code]).toEqual([403, 'insufficient-scope']);
  });

  it('an experience client gets no token for a system API', async () => {
    await expect(gateway.finance.tokenFor('/system/erp/v1/journal-entries')).rejects.toThrow();
  });

  /** The status that such a request gets, or nothing where it is only cut off. */
  const sendWithoutEnd = (token: string) =>
    new Promise<number | undefined>((resolve) => {
      const { hostname, port } = new URL(gateway.url);
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': 1000 };
      const request = http.request({ hostname, port, path: INBOUND, method: 'POST', headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      request.on('error', () => resolve(undefined));
      request.write('{"resourceType":');
    });

  it('a request that never ends is cut off', async () => {
    expect([408, undefined]).toContain(await unending);
  });

  it('too many requests are answered with 429, Retry-After and the state of the limit', async () => {
    const path = '/experience/clinic/v1/price-estimates?code=185349003';
    const token = await gateway.clinic.tokenFor(path);
    let refused: Answer<{ code: string }> | undefined;
    for (let i = 0; i < 20 && !refused; i += 1) {
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => gateway.clinic.get<{ code: string }>(path, { token })),
      );
      refused = answers.find(({ status }) => status === 429);
    }
    expect(refused?.body.code).toBe('rate-limited');
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused?.headers['ratelimit-policy']).toContain('q=600');
  });
});
