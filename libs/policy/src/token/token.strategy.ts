/**
 * Checks an access token that was not seen before: signature, issuer, audience, time and kind (RFC 9068, 4; RFC 8725).
 * The algorithm is fixed here and never taken from the token alone.
 */
import type { KeyObject } from 'node:crypto';
import { decodeProtectedHeader, type ProtectedHeaderParameters } from 'jose';
import { Strategy } from 'passport-jwt';
import type { PolicyRequest } from '../policy.request.js';
import { unauthenticated } from './challenge.js';
import { principalFrom, type Claims } from './claims.js';
import type { IssuerKeys } from './issuer-keys.js';

const ALGORITHMS = ['RS256', 'ES256'] as const;

/** RFC 9068 says `at+jwt`; many providers still say `JWT`. An ID token is kept out by its audience, which is a client. */
const KINDS = ['at+jwt', 'application/at+jwt', 'jwt'];

/** Seconds that clocks of issuer and gateway may differ. */
const CLOCK_TOLERANCE = 5;

/** A passport strategy that ends in a `Principal`. Register it under a name of the API's own. */
export function tokenStrategy(audience: string, issuer: string, keys: IssuerKeys): Strategy {
  return new Strategy(
    {
      jwtFromRequest: (request: PolicyRequest) => bearerToken(request) ?? null,
      secretOrKeyProvider: (_request, token: string, done) => {
        // jsonwebtoken takes a KeyObject, and is twice as fast with one; its types lag behind.
        keyOf(token, keys).then((key) => done(null, key as unknown as string), done);
      },
      issuer,
      audience,
      algorithms: [...ALGORITHMS],
      jsonWebTokenOptions: { clockTolerance: CLOCK_TOLERANCE },
    },
    (claims: Claims, done) => done(null, principalFrom(claims, audience)),
  );
}

/** RFC 6750, 2.1: the header is the only way in; a token in the body or in the address is not looked at. */
export function bearerToken({ headers }: PolicyRequest): string | undefined {
  const { authorization } = headers;
  return typeof authorization === 'string' ? /^bearer +(\S+)$/i.exec(authorization)?.[1] : undefined;
}

async function keyOf(token: string, keys: IssuerKeys): Promise<KeyObject> {
  const { typ = 'JWT', kid, crit } = headerOf(token);
  if (!KINDS.includes(typ.toLowerCase())) throw unauthenticated('The token is not an access token');
  if (crit !== undefined) throw unauthenticated('The access token asks for an extension that is not known here');
  const key = kid === undefined ? undefined : await keys.find(kid);
  if (!key) throw unauthenticated('The access token is not signed by a key of this issuer');
  return key;
}

function headerOf(token: string): ProtectedHeaderParameters {
  try {
    return decodeProtectedHeader(token);
  } catch {
    throw unauthenticated('The access token is not a signed token of this issuer (RFC 9068)');
  }
}
