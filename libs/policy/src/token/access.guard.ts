/**
 * Where the caller may do it: the facility or legal entity that a path or query parameter names must be one of the caller's.
 * A caller who is bound to some places has to name one; otherwise a list would show them all.
 */
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Problem } from '@concord/canonical';
import { endpointOf } from '../endpoint.js';
import type { PolicyRequest } from '../policy.request.js';
import { principalOf } from './claims.js';
import type { Places } from './principal.js';

@Injectable()
export class AccessGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { facilityParam, legalEntityParam, public: open } = endpointOf(context) ?? {};
    if (open || (facilityParam === undefined && legalEntityParam === undefined)) return true;
    const request = context.switchToHttp().getRequest<PolicyRequest>();
    const caller = principalOf(request);
    if (facilityParam !== undefined) enter(request, facilityParam, caller.facilities, 'facility');
    if (legalEntityParam !== undefined) enter(request, legalEntityParam, caller.legalEntities, 'legal entity');
    return true;
  }
}

function enter(request: PolicyRequest, parameter: string, allowed: Places, place: string): void {
  if (allowed === 'all') return;
  const named = namedPlaces(request, parameter);
  if (named.length === 0) throw new Problem('access-denied', `Name the ${place} in ${parameter}`);
  if (!named.every((code) => typeof code === 'string' && allowed.has(code))) {
    throw new Problem('access-denied', `The caller has no access to this ${place}`);
  }
}

/** A repeated query parameter names several places, and all of them count. */
function namedPlaces({ params, query }: PolicyRequest, parameter: string): unknown[] {
  return [params, query].flatMap((values) => (values as Record<string, unknown> | undefined)?.[parameter] ?? []);
}
