/**
 * What the embedded issuer knows: the APIs it protects, and what each client was granted on them. Both are data that the
 * host gives; the issuer decides nothing beyond them.
 */
import type { JWKS } from 'oidc-provider';

/** An API that tokens can be for. Its name is unique over all layers, since a scope names its API by it alone. */
export interface ProtectedApi {
  readonly layer: 'system' | 'process' | 'experience';
  readonly name: string;
  /** Every scope that an endpoint of this API asks for, in full: `erp/journal-entry.write`. */
  readonly scopes: readonly string[];
}

interface Grant {
  readonly id: string;
  // Full scopes (`erp/journal-entry.write`), or patterns where `*` stands for any text without a slash: `finance/*`,
  // `*/sandbox.control`, and with a layer before a colon, `system:*/*.read`, for the APIs of that layer only.
  readonly scopes: readonly string[];
  /** Facility codes, or `['*']` for every facility; leaves as the claim `facilities`. */
  readonly facilities: readonly string[];
  /** Legal entity codes, or `['*']` for every one; leaves as the claim `legal_entities`. */
  readonly legalEntities: readonly string[];
}

/** A client with what it may do and where. It proves itself by a secret (RFC 6749, 2.3.1) or by its own key (RFC 7523). */
export type ClientGrant = Grant & ({ readonly secret: string } | { readonly jwks: JWKS });

/** The scopes that exist today among those the grant's patterns cover. A pattern may name an API that is still to come. */
export function grantedScopes(grant: Pick<Grant, 'scopes'>, apis: readonly ProtectedApi[]): ReadonlySet<string> {
  const covers = grant.scopes.map(matcher);
  return new Set(
    apis.flatMap(({ layer, scopes }) => scopes.filter((scope) => covers.some((covered) => covered(layer, scope)))),
  );
}

function matcher(pattern: string): (layer: string, scope: string) => boolean {
  const [, layer, glob = ''] = /^(?:(\w+):)?(.*)$/.exec(pattern) ?? [];
  const expression = new RegExp(`^${glob.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*')}$`);
  return (scopeLayer, scope) => (layer === undefined || layer === scopeLayer) && expression.test(scope);
}
