/**
 * Tokens that were verified a moment ago. A caller repeats its token on every request, and looking it up costs a twentieth of
 * verifying it. Refusals are not kept, and neither are the tokens themselves: the key is their hash.
 */
import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Principal } from './principal.js';

const MAX_TOKENS = 5_000;
/** A token is verified anew at least once a minute, so that a key taken out of service is noticed. */
const MAX_AGE_MS = 60_000;

export class TokenCache {
  private readonly principals: LRUCache<string, Principal>;

  /** `now` in milliseconds since 1970. */
  constructor(private readonly now: () => number = Date.now) {
    this.principals = new LRUCache({ max: MAX_TOKENS, perf: { now }, ttlResolution: 0 });
  }

  find(token: string): Principal | undefined {
    return this.principals.get(hash('sha256', token, 'base64'));
  }

  /** Keeps it for a minute or until the token ends, whichever is sooner. */
  keep(token: string, principal: Principal): void {
    const ttl = Math.min(principal.expiresAt * 1000 - this.now(), MAX_AGE_MS);
    if (ttl > 0) this.principals.set(hash('sha256', token, 'base64'), principal, { ttl });
  }

  clear(): void {
    this.principals.clear();
  }
}
