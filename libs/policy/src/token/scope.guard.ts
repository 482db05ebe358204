/** What the caller may do: the token must hold the scope that the endpoint declares. No declaration, no entry. */
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Problem } from '@concord/canonical';
import { endpointOf } from '../endpoint.js';
import type { PolicyRequest } from '../policy.request.js';
import { insufficientScope } from './challenge.js';
import { principalOf } from './claims.js';

@Injectable()
export class ScopeGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const endpoint = endpointOf(context);
    if (endpoint?.public) return true;
    if (!endpoint) throw new Problem('insufficient-scope', 'This operation declares no scope and is closed');
    const caller = principalOf(context.switchToHttp().getRequest<PolicyRequest>());
    if (!caller.may(endpoint.scope)) throw insufficientScope(endpoint.scope);
    return true;
  }
}
