/**
 * The embedded issuer in oidc-provider's words: machine clients only. No browser login, no cookies, no sessions, no opaque
 * tokens; every helper that oidc-provider would otherwise stand in for (with a notice on the console) is given here.
 *
 * Introspection and revocation are left out on purpose: oidc-provider refuses both for signed tokens, so the endpoints could
 * only answer `unsupported_token_type`. The short lifetime is what bounds a leaked token.
 */
import { errors, type AllClientMetadata, type ClientMetadata, type Configuration } from 'oidc-provider';
import { grantedScopes, type ClientGrant, type ProtectedApi } from './grant.js';
import { issuerAdapter } from './issuer.adapter.js';
import { resourceIndicators } from './resource-indicators.js';
import type { SigningKeys } from './signing-keys.js';
import { loopbackByNumber } from './token-target.js';

/** What the configuration is made of. `tokenTtlSeconds` is the lifetime of an access token. */
export interface IssuerFacts {
  readonly publicUrl: string;
  readonly apis: readonly ProtectedApi[];
  readonly clients: readonly ClientGrant[];
  readonly keys: SigningKeys;
  readonly tokenTtlSeconds: number;
}

/** Longest life of a client assertion, as SMART Backend Services ask. */
const ASSERTION_SECONDS = 300;

export const ROUTES = { token: '/oauth/token', jwks: '/oauth/jwks', authorization: '/oauth/authorize' } as const;

export function issuerConfiguration({ publicUrl, apis, clients, keys, tokenTtlSeconds }: IssuerFacts): Configuration {
  const grants = new Map(clients.map((client) => [client.id, { client, scopes: grantedScopes(client, apis) }]));
  const grantedTo = (clientId: string) => grants.get(clientId)?.scopes ?? new Set<string>();
  const off = { enabled: false };
  return {
    adapter: issuerAdapter(clients.map(metadata)),
    jwks: { keys: [...keys.keys] },
    routes: ROUTES,
    scopes: apis.flatMap((api) => api.scopes),
    responseTypes: [],
    clientAuthMethods: ['client_secret_basic', 'private_key_jwt'],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: off,
      dPoP: off,
      pushedAuthorizationRequests: off,
      rpInitiatedLogout: off,
      userinfo: off,
      resourceIndicators: resourceIndicators({ publicUrl, apis, tokenTtlSeconds, grantedTo }),
    },
    extraTokenClaims: (_ctx, token) => {
      const grant = grants.get(token.clientId ?? '')?.client;
      return grant && { facilities: grant.facilities, legal_entities: grant.legalEntities };
    },
    assertJwtClientAuthClaimsAndHeader: (_ctx, claims) => {
      if (Number(claims.exp) - Date.now() / 1000 > ASSERTION_SECONDS + 5) {
        throw new errors.InvalidClientAuth('a client assertion may live for five minutes at most');
      }
    },
    // A page of the gateway itself may ask for a token; another site may not.
    clientBasedCORS: (_ctx, origin) => loopbackByNumber(origin) === loopbackByNumber(new URL(publicUrl).origin),
    findAccount: () => undefined,
    renderError: (ctx, answer) => {
      ctx.type = 'json';
      ctx.body = answer;
    },
    ttl: { ClientCredentials: tokenTtlSeconds },
  };
}

function metadata(client: ClientGrant): ClientMetadata {
  const machine: AllClientMetadata & { client_id: string } = {
    client_id: client.id,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
  };
  return 'secret' in client
    ? { ...machine, token_endpoint_auth_method: 'client_secret_basic', client_secret: client.secret }
    : { ...machine, token_endpoint_auth_method: 'private_key_jwt', jwks: client.jwks };
}
