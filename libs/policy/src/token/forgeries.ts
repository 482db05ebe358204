import { Problem } from '@concord/canonical';
import type { PolicyRequest } from '../policy.request.js';
import type { Limit } from '../rate-limit/gcra.js';
import { GcraStorage } from '../rate-limit/gcra.storage.js';
import { addressKey } from '../rate-limit/ip-limit.js';

/** Tokens of one address that may turn out not to hold. An honest client sends one, and asks its issuer for another. */
const LIMIT: Limit = { quota: 300, windowSeconds: 60 };

/**
 * Holds back an address that keeps sending tokens that do not hold, before another signature is checked for it. Whoever
 * was verified before is recognised, and not held back.
 */
export class Forgeries {
  constructor(
    private readonly limit = LIMIT,
    private readonly storage = new GcraStorage(),
  ) {}

  /** Throws `rate-limited`. */
  refuse(request: PolicyRequest): void {
    if (this.storage.has(addressKey(request), this.limit)) return;
    const retryAfter = Math.ceil(this.limit.windowSeconds / this.limit.quota);
    throw new Problem('rate-limited', 'Too many tokens from this address did not hold', { retryAfter });
  }

  count(request: PolicyRequest): void {
    this.storage.take(addressKey(request), this.limit);
  }
}

/** Those of this process. */
export const forgeriesHere = new Forgeries();
