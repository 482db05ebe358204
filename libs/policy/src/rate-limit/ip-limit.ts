/**
 * Holds back an address that keeps knocking without a token, before anything else is done for it. The address is the
 * socket's: `X-Forwarded-For` is whatever the caller wrote.
 */
import { Problem } from '@concord/canonical';
import type { PolicyRequest } from '../policy.request.js';
import { bearerToken } from '../token/token.strategy.js';
import type { Limit } from './gcra.js';
import { GcraStorage } from './gcra.storage.js';
import { secondsToWait } from './rate-limit.headers.js';

/** Pages, documents, health and token requests of one address. */
export const ADDRESS_LIMIT: Limit = { quota: 3_000, windowSeconds: 60 };

/**
 * For Fastify's `onRequest`: throws `rate-limited`. A request with a bearer token passes, since its client is limited by name.
 */
export function ipLimit(limit: Limit = ADDRESS_LIMIT, storage = new GcraStorage()): (request: PolicyRequest) => void {
  return (request) => {
    if (bearerToken(request) !== undefined) return;
    const verdict = storage.take(addressKey(request), limit);
    if (verdict.admitted) return;
    throw new Problem('rate-limited', 'Too many requests without a token from this address', {
      retryAfter: secondsToWait(verdict),
    });
  };
}

/** One key for one caller: an IPv4 address, or the /64 network that an IPv6 host moves about in (RFC 6177). */
export function addressKey({ socket: { remoteAddress = 'unknown' } }: PolicyRequest): string {
  const address = remoteAddress.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('%', 1)[0]?.split('::') ?? [];
  const front = head.split(':').filter(Boolean);
  const back = tail?.split(':').filter(Boolean) ?? [];
  const zeros = tail === undefined ? [] : Array<string>(8 - front.length - back.length).fill('0');
  return `${[...front, ...zeros, ...back].slice(0, 4).join(':')}::/64`;
}
