/**
 * Access tokens for our own calls to other APIs: asked for once by client credentials, shared by all callers, and renewed
 * before they end.
 */
import { Problem } from '@concord/canonical';
import { fetchJson, type FetchJson } from '../fetch-json.js';
import { discover, type IssuerMetadata } from '../issuer.js';

export interface TokenSourceOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The API to be called (RFC 8707): `http://127.0.0.1:8080/system/erp`. */
  readonly resource: string;
  /** Scopes, separated by spaces; left out, all that the client was granted on that API. */
  readonly scope?: string;
  readonly fetchJson?: FetchJson;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export interface TokenSource {
  /** A token that is good for half a minute at least, or for half its life where that is shorter. */
  token(): Promise<string>;
  /** Drops the token, for instance after an answer 401. */
  forget(): void;
}

interface Granted {
  readonly accessToken: string;
  readonly renewAt: number;
}

const RENEW_BEFORE_MS = 30_000;

/**
 * `token()` throws `upstream-unavailable` when the issuer does not answer, `upstream-rejected` when it refuses the client or
 * grants less than was asked.
 */
export function tokenSource(options: TokenSourceOptions): TokenSource {
  const { issuer, fetchJson: fetch = fetchJson, now = Date.now } = options;
  let metadata: Promise<IssuerMetadata> | undefined;
  let granted: Granted | undefined;
  let asking: Promise<Granted> | undefined;

  const ask = async (): Promise<Granted> => {
    metadata ??= discover(issuer, fetch);
    const { tokenEndpoint } = await metadata.catch((error: unknown) => {
      metadata = undefined;
      throw error;
    });
    granted = await request(tokenEndpoint, options, fetch, now);
    return granted;
  };

  return {
    async token() {
      if (granted && now() < granted.renewAt) return granted.accessToken;
      asking ??= ask().finally(() => (asking = undefined));
      return (await asking).accessToken;
    },
    forget() {
      granted = undefined;
    },
  };
}

async function request(
  tokenEndpoint: string,
  { clientId, clientSecret, resource, scope }: TokenSourceOptions,
  fetch: FetchJson,
  now: () => number,
): Promise<Granted> {
  const secret = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64');
  const form = { grant_type: 'client_credentials', resource, ...(scope === undefined ? {} : { scope }) };
  const { status, body } = await fetch(tokenEndpoint, { headers: { authorization: `Basic ${secret}` }, form });
  const answer = (body ?? {}) as Record<string, unknown>;
  const { access_token: accessToken, expires_in: seconds = 60, scope: given = scope, error = status } = answer;
  if (status !== 200 || typeof accessToken !== 'string') throw refused(clientId, resource, String(error));
  const missing = missingScope(scope, given);
  if (missing !== undefined) throw refused(clientId, resource, `the scope ${missing} was not granted`);
  const lifeMs = Number(seconds) * 1000;
  return { accessToken, renewAt: now() + lifeMs - Math.min(RENEW_BEFORE_MS, lifeMs / 2) };
}

/** An issuer may grant less than was asked and still answer 200 (RFC 6749, 3.3): the answer has to be read. */
function missingScope(asked = '', given: unknown): string | undefined {
  const scopes = new Set(typeof given === 'string' ? given.split(' ') : []);
  return asked.split(' ').find((scope) => scope !== '' && !scopes.has(scope));
}

const refused = (clientId: string, resource: string, reason: string): Problem =>
  new Problem('upstream-rejected', `The identity provider gives ${clientId} no token for ${resource}: ${reason}`);
