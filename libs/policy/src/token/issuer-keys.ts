/**
 * The issuer's public keys by `kid`: found through its discovery document on first use, looked at again every minute and
 * when a token names an unknown key. An issuer that is away does not stop callers whose key is known.
 */
import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { Problem } from '@concord/canonical';
import { fetchJson, type FetchJson } from '../fetch-json.js';
import { discover } from '../issuer.js';

export interface IssuerKeys {
  /** The key, or `undefined` where the issuer has none of that name. Throws when no keys could be fetched yet. */
  find(kid: string): Promise<KeyObject | undefined>;
  /** Calls back when the issuer has taken a key out of service: its tokens must not be believed any longer. */
  onRemoval(listener: () => void): void;
}

interface Means {
  readonly fetchJson?: FetchJson;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

const MAX_AGE_MS = 60_000;
/** Between two looks for an unknown key, so that made-up names do not become traffic for the issuer. */
const COOLDOWN_MS = 10_000;
const RETRY_MS = 1_000;
const MAX_KEYS = 50;

export function issuerKeys(issuer: string, { fetchJson: fetch = fetchJson, now = Date.now }: Means = {}): IssuerKeys {
  const listeners: (() => void)[] = [];
  let keys = new Map<string, KeyObject>();
  let fetchedAt = -Infinity;
  let mayAskAt = -Infinity;
  let asking: Promise<void> | undefined;

  const ask = async (): Promise<void> => {
    mayAskAt = now() + RETRY_MS;
    const { jwksUri } = await discover(issuer, fetch);
    const { status, body } = await fetch(jwksUri);
    const found = keysIn(body);
    if (status !== 200 || found.size === 0) {
      throw new Problem('upstream-unavailable', 'The identity provider shows no usable keys', { retryAfter: 1 });
    }
    const removed = [...keys.keys()].some((kid) => !found.has(kid));
    keys = found;
    fetchedAt = now();
    mayAskAt = fetchedAt + COOLDOWN_MS;
    if (removed) listeners.forEach((listener) => listener());
  };
  const refresh = (): Promise<void> => (asking ??= ask().finally(() => (asking = undefined)));

  return {
    async find(kid) {
      const known = keys.get(kid);
      if (!known && (asking ?? now() >= mayAskAt)) await refresh();
      else if (known && now() >= fetchedAt + MAX_AGE_MS && now() >= mayAskAt) refresh().catch(keepKnownKeys);
      if (keys.size === 0) {
        throw new Problem('upstream-unavailable', 'The identity provider does not answer', { retryAfter: 1 });
      }
      return known ?? keys.get(kid);
    },
    onRemoval: (listener) => void listeners.push(listener),
  };
}

/** The next caller asks again; until then what was known stays true. */
const keepKnownKeys = (): void => undefined;

type SigningJwk = JsonWebKey & { readonly kid: string };

function keysIn(body: unknown): Map<string, KeyObject> {
  const { keys } = (body ?? {}) as { keys?: unknown };
  const signing = (Array.isArray(keys) ? (keys as Partial<SigningJwk>[]) : []).filter(isSigning).slice(0, MAX_KEYS);
  return new Map(signing.flatMap((jwk) => readable(jwk)));
}

const isSigning = (jwk: Partial<SigningJwk>): jwk is SigningJwk =>
  typeof jwk.kid === 'string' && (jwk.use ?? 'sig') === 'sig' && (jwk.kty === 'RSA' || jwk.kty === 'EC');

/** One key that Node cannot read does not make the others useless. */
function readable(jwk: SigningJwk): [string, KeyObject][] {
  try {
    return [[jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]];
  } catch {
    return [];
  }
}
