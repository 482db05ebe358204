/**
 * OData v4 over HTTP (OData 4.01, Part 1: Protocol). Decimals travel as text (IEEE754Compatible), pages are followed as the
 * service cuts them, and only within it. What changes something carries the CSRF token that many vendors want; a token that
 * has ended, of either kind, is renewed and the call repeated once, as it was not executed. Every call goes through the
 * `vendor`, which repeats questions, has a breaker for each entity set and one budget for all.
 */
import { undated } from '@concord/api';
import { Problem } from '@concord/canonical';
import { httpClient, type HttpClient, type Vendor } from '@concord/resilience';
import type { AxiosResponse } from 'axios';
import type { ODataErpConfig } from './odata.config.js';
import { ODataToken } from './odata.token.js';
import type { RefusalsProfile } from './profile.js';

export type Foreign = Record<string, unknown>;

/** Pages that are followed at most for one list. */
const MOST_PAGES = 200;

const JSON_TYPE = 'application/json;IEEE754Compatible=true';

interface Call {
  readonly method: 'get' | 'post' | 'patch';
  readonly path: string;
  readonly params?: Record<string, string>;
  readonly body?: Foreign;
  readonly ifMatch?: string;
  readonly accept?: string;
}

export class ODataClient {
  private readonly http: HttpClient;
  private readonly token: ODataToken;
  private readonly root: URL;
  private csrf: string | undefined;

  /** @param refusals what the vendor's errors mean to us */
  constructor(
    config: ODataErpConfig,
    private readonly refusals: RefusalsProfile,
    private readonly vendor: Vendor,
    connections: number,
  ) {
    this.root = new URL(`${config.url.replace(/\/+$/, '')}/`);
    const { timeoutMs } = config;
    this.http = httpClient({ baseUrl: config.url, timeoutMs, connections });
    this.token = new ODataToken(config, (since, expiresAt) => vendor.credential({ kind: 'token', since, expiresAt }));
    vendor.credential(undated('secret', config.clientSecret));
  }

  /** The metadata document, as it is. */
  async metadata(): Promise<string> {
    const { data } = await this.call({ method: 'get', path: '$metadata', accept: 'application/xml' });
    if (typeof data === 'string') return data;
    throw new Problem('upstream-rejected', 'The ERP answers with no metadata document');
  }

  /** Up to `most` entities, however the service pages them. */
  async list(set: string, params: Record<string, string>, most: number): Promise<Foreign[]> {
    const found: Foreign[] = [];
    let next: { path: string; params?: Record<string, string> } | undefined = {
      path: set,
      params: { ...params, $top: String(most) },
    };
    for (let pages = 0; next && found.length < most; pages += 1) {
      if (pages === MOST_PAGES) throw new Problem('upstream-rejected', 'The ERP pages without an end');
      const { data } = await this.call({ method: 'get', ...next });
      const page = objectOf(data);
      if (!Array.isArray(page['value'])) throw unreadable();
      found.push(...page['value'].map(objectOf));
      const link = page['@odata.nextLink'];
      next = typeof link === 'string' ? this.within(link) : undefined;
    }
    return found.slice(0, most);
  }

  /** Undefined where there is none. */
  async read(set: string, key: string, params: Record<string, string>): Promise<Foreign | undefined> {
    const { status, data } = await this.call({ method: 'get', path: pathOf(set, key), params });
    return status === 404 ? undefined : objectOf(data);
  }

  async create(set: string, body: Foreign): Promise<Foreign> {
    const { status, data } = await this.call({ method: 'post', path: set, body });
    if (status === 404) throw new Problem('upstream-rejected', 'The ERP makes nothing in this entity set');
    return objectOf(data);
  }

  /** Throws `stale` where the tag is another one by now, `not-found`. */
  async change(set: string, key: string, ifMatch: string, body: Foreign): Promise<Foreign> {
    const { status, data } = await this.call({ method: 'patch', path: pathOf(set, key), body, ifMatch });
    if (status === 404) throw new Problem('not-found');
    return objectOf(data);
  }

  async close(): Promise<void> {
    this.vendor.close();
    await Promise.all([this.http.close(), this.token.close()]);
  }

  /** Asks again and again for the service document: small, and nobody reads it without a token. */
  watch(): void {
    this.vendor.watch(() => this.call({ method: 'get', path: '' }));
  }

  private call(call: Call): Promise<AxiosResponse<unknown>> {
    const set = /\w+/.exec(call.path)?.[0] ?? 'service';
    return this.vendor.run(set, () => this.renewed(call), { once: call.method !== 'get' });
  }

  /** Renews a token that the service does not take any more, and calls once more. */
  private async renewed(call: Call): Promise<AxiosResponse<unknown>> {
    let answer = await this.send(call);
    if (answer.status === 401) {
      this.token.forget();
      answer = await this.send(call);
    }
    if (answer.status === 403 && String(answer.headers['x-csrf-token']).toLowerCase() === 'required') {
      this.csrf = undefined;
      answer = await this.send(call);
    }
    if (answer.status < 400 || answer.status === 404) return answer;
    throw this.refusalOf(answer);
  }

  private async send({
    method,
    path,
    params,
    body,
    ifMatch,
    accept = JSON_TYPE,
  }: Call): Promise<AxiosResponse<unknown>> {
    const authorization = `Bearer ${await this.token.token()}`;
    const csrf =
      method === 'get' ? {} : { 'x-csrf-token': await this.csrfToken(authorization), prefer: 'return=representation' };
    const match = ifMatch === undefined ? {} : { 'if-match': ifMatch };
    const content = body === undefined ? {} : { 'content-type': JSON_TYPE };
    const headers = { accept, authorization, 'odata-version': '4.0', ...csrf, ...match, ...content };
    return this.http.request({ method, url: `${path}${queryOf(params)}`, headers, data: body && JSON.stringify(body) });
  }

  private async csrfToken(authorization: string): Promise<string> {
    if (this.csrf !== undefined) return this.csrf;
    const { headers } = await this.http.get('', {
      headers: { authorization, accept: JSON_TYPE, 'x-csrf-token': 'Fetch' },
    });
    this.csrf = typeof headers['x-csrf-token'] === 'string' ? headers['x-csrf-token'] : '';
    return this.csrf;
  }

  /** A next link leads on within the service, or nowhere. */
  private within(link: string): { path: string } {
    const url = URL.canParse(link, this.root.href) ? new URL(link, this.root) : undefined;
    if (url?.origin !== this.root.origin || !url.pathname.startsWith(this.root.pathname)) {
      throw new Problem('upstream-rejected', 'The ERP pages out of its own service');
    }
    return { path: `${url.pathname.slice(this.root.pathname.length)}${url.search}` };
  }

  /** The words of the service may quote what was sent: only its code is taken, and the codes and figures that it tells apart. */
  private refusalOf({ status, data, headers }: AxiosResponse<unknown>): Problem {
    if (status === 412) return new Problem('stale');
    const error = isObject(data) && isObject(data['error']) ? data['error'] : {};
    const code = plain(error['code']);
    const context = { status: String(status), ...(code ? { code } : {}) };
    const meant = code === undefined ? undefined : this.refusals.meaning[code];
    if (meant) return new Problem(meant, 'The ERP refused it', { context: { ...context, ...this.factsOf(error) } });
    const retryAfter = Number(headers['retry-after']) || undefined;
    if (status === 429) return new Problem('rate-limited', undefined, { retryAfter: retryAfter ?? 1 });
    if (status >= 500) return new Problem('upstream-unavailable', undefined, { context, retryAfter });
    return new Problem('upstream-rejected', undefined, { context });
  }

  private factsOf(error: Foreign): Record<string, string> {
    const told = Object.entries(this.refusals.facts).flatMap(([name, annotation]) => {
      const fact = plain(error[annotation]);
      return fact === undefined ? [] : [[name, fact]];
    });
    return Object.fromEntries(told) as Record<string, string>;
  }
}

/** A code or a figure; a sentence is none. */
function plain(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && /^[\w./:-]{1,60}$/.test(value) ? value : undefined;
}

const pathOf = (set: string, key: string): string => `${set}('${encodeURIComponent(key.replaceAll("'", "''"))}')`;

/** Blanks as `%20`: a plus sign is a plus sign to OData. */
const queryOf = (params: Record<string, string> = {}): string => {
  const parts = Object.entries(params).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return parts.length ? `?${parts.join('&')}` : '';
};

const isObject = (value: unknown): value is Foreign =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function objectOf(value: unknown): Foreign {
  if (isObject(value)) return value;
  throw unreadable();
}

const unreadable = (): Problem => new Problem('upstream-rejected', 'The ERP answers something else than was asked for');
