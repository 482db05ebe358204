import { Problem } from '@concord/canonical';
import { Pool } from 'undici';

/** An answer as a caller sees it. */
export interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: T;
}

interface Asking {
  /** The Idempotency-Key of an effect; a random one where nothing is said, and none at all for `false`. */
  readonly key?: string | false;
  readonly headers?: Readonly<Record<string, string>>;
  /** Another token than the caller's own; `undefined` sends none. */
  readonly token?: string | undefined;
}

/** A client of the gateway: gets its own tokens and calls over HTTP, as an app would. */
export class Caller {
  private readonly pool: Pool;
  private readonly tokens = new Map<string, { token: string; until: number }>();

  constructor(
    readonly url: string,
    readonly client: string,
    private readonly secret = `demo-${client}`,
  ) {
    this.pool = new Pool(url, { connections: 128, pipelining: 1 });
  }

  get<T>(path: string, asking: Asking = {}): Promise<Answer<T>> {
    return this.call<T>('GET', path, undefined, asking);
  }

  post<T>(path: string, body: unknown, asking: Asking = {}): Promise<Answer<T>> {
    return this.call<T>('POST', path, body, asking);
  }

  /** A merge patch (RFC 7396) of what was read at a revision. */
  patch<T>(path: string, change: unknown, revision: string, asking: Asking = {}): Promise<Answer<T>> {
    const headers = { 'content-type': 'application/merge-patch+json', 'if-match': `"${revision}"`, ...asking.headers };
    return this.call<T>('PATCH', path, change, { ...asking, headers });
  }

  delete<T>(path: string, asking: Asking = {}): Promise<Answer<T>> {
    return this.call<T>('DELETE', path, undefined, asking);
  }

  /** A token for the API of a path; kept until shortly before it ends. */
  async tokenFor(path: string): Promise<string> {
    const resource = `${this.url}/${path.split('/').slice(1, 3).join('/')}`;
    const known = this.tokens.get(resource);
    if (known && known.until > Date.now()) return known.token;
    const response = await this.pool.request({
      method: 'POST',
      path: '/oauth/token',
      headers: {
        authorization: `Basic ${Buffer.from(`${this.client}:${this.secret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource }).toString(),
    });
    const answer = (await response.body.json()) as { access_token?: string; expires_in?: number; error?: string };
    if (!answer.access_token)
      throw new Problem('unauthenticated', `${this.client}: ${answer.error ?? response.statusCode}`);
    const until = Date.now() + ((answer.expires_in ?? 60) - 30) * 1000;
    this.tokens.set(resource, { token: answer.access_token, until });
    return answer.access_token;
  }

  async close(): Promise<void> {
    await this.pool.close();
  }

  private async call<T>(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body: unknown,
    asking: Asking,
  ): Promise<Answer<T>> {
    const token = 'token' in asking ? asking.token : await this.tokenFor(path);
    const isText = typeof body === 'string';
    const response = await this.pool.request({
      method,
      path,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': isText ? 'text/plain' : 'application/json' }),
        ...((method === 'POST' || method === 'PATCH') && asking.key !== false
          ? { 'idempotency-key': asking.key ?? crypto.randomUUID() }
          : {}),
        ...asking.headers,
      },
      body: body === undefined ? null : isText ? body : JSON.stringify(body),
    });
    const text = await response.body.text();
    const isJson = String(response.headers['content-type'] ?? '').includes('json');
    return {
      status: response.statusCode,
      headers: response.headers,
      body: (isJson && text ? JSON.parse(text) : text) as T,
    };
  }
}

/** The body of an answer that must have succeeded. */
export function ok<T>(answer: Answer<T>): T {
  if (answer.status < 300) return answer.body;
  throw new Error(`answered ${answer.status}: ${JSON.stringify(answer.body).slice(0, 500)}`);
}
