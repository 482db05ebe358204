/**
 * From the claims of a verified token to the caller. A claim that is missing grants nothing: no `facilities`, no facility.
 * `scope` is a string (RFC 9068, 2.2.3); some providers write `scp`, as a string or a list.
 */
import type { PolicyRequest } from '../policy.request.js';
import { unauthenticated } from './challenge.js';
import { Principal, type Places } from './principal.js';

/** The claims as they arrive, before anything of them is believed. */
export type Claims = Readonly<Record<string, unknown>>;

/** Throws `unauthenticated` where the token does not say who calls, or never ends, or is bound to a key we did not see. */
export function principalFrom(claims: Claims, audience: string): Principal {
  const clientId = text(claims.client_id) ?? text(claims.azp);
  const { exp: expiresAt } = claims;
  if (clientId === undefined) throw unauthenticated('The access token does not name its client');
  if (typeof expiresAt !== 'number') throw unauthenticated('The access token has no end');
  if (claims.cnf !== undefined) throw unauthenticated('The access token is bound to a key and is not a bearer token');
  return new Principal({
    clientId,
    subject: text(claims.sub) ?? clientId,
    scopes: new Set(list(claims.scope ?? claims.scp)),
    audience,
    facilities: places(claims.facilities),
    legalEntities: places(claims.legal_entities),
    expiresAt,
  });
}

/** The caller that `TokenGuard` found. Throws `unauthenticated` on an endpoint that is open to everybody. */
export function principalOf(request: PolicyRequest): Principal {
  if (!request.user) throw unauthenticated();
  return request.user;
}

const text = (claim: unknown): string | undefined => (typeof claim === 'string' && claim !== '' ? claim : undefined);

const list = (claim: unknown): string[] =>
  typeof claim === 'string'
    ? claim.split(' ').filter(Boolean)
    : Array.isArray(claim)
      ? claim.filter((entry) => typeof entry === 'string')
      : [];

function places(claim: unknown): Places {
  const codes = list(claim);
  return codes.includes('*') ? 'all' : new Set(codes);
}
