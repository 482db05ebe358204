/**
 * How often a client may call: one limit for the whole API, and one more where an endpoint declares it. The caller learns
 * where it stands on every answer. On open endpoints callers are told apart by their socket's address.
 */
import { Inject, Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { ThrottlerOptions, ThrottlerRequest } from '@nestjs/throttler';
import { Problem } from '@concord/canonical';
import { endpointOf } from '../endpoint.js';
import type { PolicyRequest } from '../policy.request.js';
import { POLICY_SETTINGS, type PolicySettings } from '../policy.settings.js';
import type { Quota } from './gcra.js';
import { GcraStorage } from './gcra.storage.js';
import { addressKey } from './ip-limit.js';
import { limitItem, policyItem, secondsToWait } from './rate-limit.headers.js';
import { ThrottlerGuard } from './throttler.js';

/** A client's limit on one API unless the settings say otherwise. */
export const CLIENT_LIMIT: Quota = { quota: 6_000, windowSeconds: 60 };

interface Reply {
  header(name: string, value: string): unknown;
  getHeader(name: string): unknown;
}

@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  constructor(
    @Inject(POLICY_SETTINGS) { clientLimit = () => CLIENT_LIMIT }: PolicySettings,
    @Inject(GcraStorage) private readonly credit: GcraStorage,
    reflector: Reflector,
  ) {
    const limits = [
      throttler('client', (context) => clientLimitIn(context, clientLimit)),
      throttler('endpoint', (context) => endpointOf(context)?.limit),
    ];
    super(limits, credit, reflector);
  }

  protected override async handleRequest(limited: ThrottlerRequest): Promise<boolean> {
    const { context, limit, ttl, throttler, getTracker, generateKey } = limited;
    const http = context.switchToHttp();
    const { name = 'client', cost } = (throttler.name === 'endpoint' && endpointOf(context)?.limit) || {};
    const quota = { quota: limit, windowSeconds: ttl / 1000 };
    const key = generateKey(context, await getTracker(http.getRequest(), context), name);
    const verdict = this.credit.take(key, quota, cost);
    append(http.getResponse(), 'RateLimit-Policy', policyItem(name, quota));
    append(http.getResponse(), 'RateLimit', limitItem(name, verdict));
    if (verdict.admitted) return true;
    throw new Problem('rate-limited', `The limit "${name}" is used up`, { retryAfter: secondsToWait(verdict) });
  }

  protected override getTracker(request: PolicyRequest): Promise<string> {
    return Promise.resolve(request.user?.clientId ?? addressKey(request));
  }

  protected override generateKey(_context: ExecutionContext, caller: string, limit: string): string {
    return `${caller} ${limit}`;
  }
}

/** A limit in the throttler's words, decided for each request; without a quota it does not apply. */
const throttler = (name: string, quotaIn: (context: ExecutionContext) => Quota | undefined): ThrottlerOptions => ({
  name,
  limit: (context) => quotaIn(context)?.quota ?? 1,
  ttl: (context) => (quotaIn(context)?.windowSeconds ?? 1) * 1000,
  skipIf: (context) => quotaIn(context) === undefined,
});

function clientLimitIn(
  context: ExecutionContext,
  clientLimit: (clientId: string) => Quota | undefined,
): Quota | undefined {
  const { user } = context.switchToHttp().getRequest<PolicyRequest>();
  return user && clientLimit(user.clientId);
}

/** Both fields are lists: a second limit is a second item (RFC 9651, 3.1). */
function append(reply: Reply, field: string, item: string): void {
  const before = reply.getHeader(field);
  reply.header(field, typeof before === 'string' ? `${before}, ${item}` : item);
}
