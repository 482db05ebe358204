/** RFC 8707 in oidc-provider's words: every token is for one API, whether the client named it or its scopes did. */
import { errors, type Client, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider';
import { tokenTarget, type TokenTarget } from './token-target.js';
import type { ProtectedApi } from './grant.js';

interface Facts {
  readonly publicUrl: string;
  readonly apis: readonly ProtectedApi[];
  readonly tokenTtlSeconds: number;
  readonly grantedTo: (clientId: string) => ReadonlySet<string>;
}

interface Asked {
  scope?: string;
  readonly resource?: string | readonly string[];
}

export function resourceIndicators({ publicUrl, apis, tokenTtlSeconds, grantedTo }: Facts) {
  const targetOf = ({ clientId }: Client, { scope }: Asked, resource?: string): TokenTarget =>
    tokenTarget(publicUrl, apis, grantedTo(clientId), { resource, scope });
  const askedIn = (ctx: KoaContextWithOIDC): Asked => ctx.oidc.params as Asked;
  return {
    enabled: true,
    defaultResource: (ctx: KoaContextWithOIDC, client: Client): string => targetOf(client, askedIn(ctx)).audience,
    getResourceServerInfo(ctx: KoaContextWithOIDC, resource: string, client: Client): ResourceServer {
      const asked = askedIn(ctx);
      if (Array.isArray(asked.resource)) throw new errors.InvalidTarget('ask for one resource at a time');
      const { audience, scopes } = targetOf(client, asked, resource);
      const scope = scopes.join(' ');
      asked.scope = scope; // oidc-provider grants what was asked; who asked for nothing shall have all that was granted
      const jwt = { sign: { alg: 'RS256' as const } };
      return { scope, audience, accessTokenFormat: 'jwt', accessTokenTTL: tokenTtlSeconds, jwt };
    },
  };
}
