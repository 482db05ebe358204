import { undated } from '@concord/api';
import { Problem } from '@concord/canonical';
import { httpClient, type HttpClient, type Vendor } from '@concord/resilience';
import type { Foreign } from './fields.js';
import type { RestConfig } from './rest.config.js';

interface Listed {
  readonly total: number;
  readonly data: readonly Foreign[];
}

export const TIMEOUT_MS = 10_000;
/** A token that ends within this is not used any more. */
const TOKEN_RESERVE_MS = 30_000;

/**
 * The wire: tokens, the platform's refusals as problems, and repetition where that is safe. Every call goes through the
 * `vendor`, which has a breaker for each collection and one budget for all.
 */
export class RestClient {
  private readonly http: HttpClient;
  private token: { value: string; until: number } | undefined;

  constructor(
    private readonly config: RestConfig,
    private readonly vendor: Vendor,
  ) {
    this.http = httpClient({ baseUrl: config.url, timeoutMs: TIMEOUT_MS });
    vendor.credential(undated('secret', config.clientSecret));
  }

  close(): Promise<void> {
    this.vendor.close();
    return this.http.close();
  }

  async find(collection: string, params: Foreign): Promise<Listed> {
    const found = (await this.vendor.run(collection, () =>
      this.send('get', `hr/v2/${collection}`, { params }),
    )) as unknown as Listed;
    if (!Array.isArray(found.data))
      throw new Problem('upstream-rejected', 'The platform answered something else than a list');
    return found;
  }

  read(collection: string, ref: string): Promise<Foreign> {
    return this.vendor.run(collection, () => this.send('get', `hr/v2/${collection}/${encodeURIComponent(ref)}`));
  }

  /** It may be repeated, because the platform knows our reference: what that made before is found again. */
  async make(collection: string, data: Foreign): Promise<Foreign> {
    try {
      return await this.vendor.run(collection, () => this.send('post', `hr/v2/${collection}`, { data }));
    } catch (error) {
      if (!(error instanceof Problem) || error.context?.['ref'] === undefined) throw error;
      return this.read(collection, error.context['ref']);
    }
  }

  alter(collection: string, ref: string, data: Foreign, version: string): Promise<Foreign> {
    const headers = { 'x-hr-version': version };
    const change = () => this.send('patch', `hr/v2/${collection}/${encodeURIComponent(ref)}`, { data, headers });
    return this.vendor.run(collection, change, { once: true });
  }

  private async send(
    method: 'get' | 'post' | 'patch',
    url: string,
    asking: { params?: Foreign; data?: Foreign; headers?: Record<string, string> } = {},
    again = true,
  ): Promise<Foreign> {
    const headers = { ...asking.headers, authorization: `Bearer ${await this.freshToken()}` };
    const { status, data, headers: said } = await this.http.request<unknown>({ ...asking, method, url, headers });
    if (status === 401 && again) {
      this.token = undefined; // ended before its time: asked for once more
      return this.send(method, url, asking, false);
    }
    const body = (typeof data === 'object' && data !== null ? data : {}) as Foreign;
    if (status >= 300) throw refusalOf(status, body, Number(said['retry-after']));
    const isOurs = 'ref' in body || 'data' in body;
    if (!isOurs) throw new Problem('upstream-rejected', 'The platform answered something else than was asked for');
    return body;
  }

  private async freshToken(): Promise<string> {
    if (this.token && this.token.until > Date.now()) return this.token.value;
    const { clientId: username, clientSecret: password } = this.config;
    const { status, data } = await this.http.post<{ access_token?: string; expires_in?: number }>(
      'oauth2/token',
      'grant_type=client_credentials',
      { auth: { username, password }, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    );
    if (status >= 500) throw new Problem('upstream-unavailable', 'The platform gives no token now');
    if (status !== 200 || !data.access_token)
      throw new Problem(
        'upstream-rejected',
        'The platform gives us no token: HCM_REST_CLIENT_ID or its secret is wrong',
      );
    const since = Date.now();
    const end = since + (data.expires_in ?? 60) * 1000;
    this.token = { value: data.access_token, until: end - TOKEN_RESERVE_MS };
    this.vendor.credential({ kind: 'token', since: new Date(since), expiresAt: new Date(end) });
    return data.access_token;
  }
}

/** Codes only; the platform's words may quote what was sent. */
function refusalOf(status: number, { code, ref, field, ver }: Foreign, seconds: number): Problem {
  const words = Object.entries({ code, ref, field }).filter(([, value]) => typeof value === 'string') as [
    string,
    string,
  ][];
  const context = Object.fromEntries(words);
  const retryAfter = Math.min(seconds || 0, 300);
  if (status === 404) return new Problem('not-found', 'The platform has no such entry');
  if (status === 412)
    return new Problem('stale', undefined, typeof ver === 'string' ? { context: { revision: ver } } : {});
  if (status === 409)
    return new Problem('conflict', 'The platform says that the state of things does not allow it', { context });
  if (status === 422) return new Problem('unknown-code', 'The platform does not know a code', { context });
  if (status === 429) return new Problem('rate-limited', undefined, { retryAfter });
  if (status >= 500)
    return new Problem('upstream-unavailable', undefined, { retryAfter, context: { status: String(status) } });
  return new Problem('upstream-rejected', 'The platform refused the request', { context });
}
