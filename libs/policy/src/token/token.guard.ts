/**
 * Finds out who is calling. A token that was verified a moment ago is recognised; any other goes through passport.
 * What it found stands on the request as `user`.
 */
import { randomUUID } from 'node:crypto';
import { Inject, Injectable, type ExecutionContext, type OnModuleDestroy } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import passport from 'passport';
import { Problem } from '@concord/canonical';
import { endpointOf } from '../endpoint.js';
import type { PolicyRequest } from '../policy.request.js';
import { POLICY_SETTINGS, type PolicySettings } from '../policy.settings.js';
import { unauthenticated } from './challenge.js';
import { forgeriesHere, type Forgeries } from './forgeries.js';
import { issuerKeys } from './issuer-keys.js';
import { TokenCache } from './token-cache.js';
import { bearerToken, tokenStrategy } from './token.strategy.js';

@Injectable()
export class TokenGuard extends AuthGuard() implements OnModuleDestroy {
  private readonly verified = new TokenCache();
  private readonly strategyName: string;

  private readonly forgeries: Forgeries;

  constructor(@Inject(POLICY_SETTINGS) settings: PolicySettings) {
    const { audience, issuer, keys = issuerKeys(issuer), forgeries = forgeriesHere } = settings;
    // All APIs of a process share one passport. Each has a strategy of its own name, or one API's audience would replace
    // another's.
    const strategyName = `access token for ${audience} ${randomUUID()}`;
    super({ defaultStrategy: strategyName, property: 'user' });
    this.strategyName = strategyName;
    this.forgeries = forgeries;
    passport.use(strategyName, tokenStrategy(audience, issuer, keys));
    keys.onRemoval(() => this.verified.clear());
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    if (endpointOf(context)?.public) return true;
    const request = context.switchToHttp().getRequest<PolicyRequest>();
    const token = bearerToken(request);
    if (token === undefined) throw unauthenticated();
    const known = this.verified.find(token);
    if (known) {
      request.user = known;
      return true;
    }
    this.forgeries.refuse(request);
    try {
      await super.canActivate(context);
    } catch (error) {
      if (error instanceof Problem && error.slug === 'unauthenticated') this.forgeries.count(request);
      throw error;
    }
    if (request.user) this.verified.keep(token, request.user);
    return true;
  }

  /** Passport's verdict: the caller, or the reason as a problem. */
  override handleRequest<TUser>(error: unknown, user: TUser | false | undefined, info: unknown): TUser {
    if (error) throw error instanceof Problem ? error : new Problem('internal', undefined, { cause: error });
    if (user) return user;
    throw info instanceof Problem ? info : unauthenticated(reasonOf(info));
  }

  onModuleDestroy(): void {
    passport.unuse(this.strategyName);
  }
}

const REASONS: readonly [RegExp, string][] = [
  [/jwt expired/, 'The access token has expired'],
  [/jwt not active/, 'The access token is not valid yet'],
  [/audience/, 'The access token is for another API'],
  [/issuer/, 'The access token is of another issuer'],
];

/** jsonwebtoken's reason in our words; its own may repeat parts of the token. */
function reasonOf(info: unknown): string {
  const message = info instanceof Error ? info.message : '';
  return REASONS.find(([pattern]) => pattern.test(message))?.[1] ?? 'The access token does not hold';
}
