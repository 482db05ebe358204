/**
 * The embedded issuer: OAuth 2.1 client credentials for a gateway that has no identity provider of its own yet.
 * Tokens are RS256 JWTs for one API (RFC 9068) and live for five minutes. Set `OIDC_ISSUER` to outgrow it.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import Provider from 'oidc-provider';
import { Problem } from '@concord/canonical';
import { isDemoClient } from './demo-clients.js';
import type { ClientGrant, ProtectedApi } from './grant.js';
import { issuerConfiguration, ROUTES } from './issuer.config.js';
import { machineMetadata } from './issuer.metadata.js';
import { signingKeys } from './signing-keys.js';

/** The addresses the embedded issuer answers. The host sends them to `handle` before anything reads the body. */
export const IDENTITY_PATHS: readonly string[] = [
  ROUTES.token,
  ROUTES.jwks,
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
];

export interface EmbeddedIdentityOptions {
  /** The issuer identifier, an origin: `http://127.0.0.1:8080`. It stands in every token as `iss`. */
  readonly issuer: string;
  /** Where the APIs are reached; a token's audience is `${publicUrl}/{layer}/{api}`. */
  readonly publicUrl: string;
  /** Keeps `identity.json` with the signing key, readable by the owner only. */
  readonly stateDir: string;
  readonly apis: readonly ProtectedApi[];
  readonly clients: readonly ClientGrant[];
  /** Whether the gateway is bound to a loopback address. Demo clients exist only then. */
  readonly loopback: boolean;
  readonly tokenTtlSeconds?: number;
  /** Told of what went wrong on our side while a token was made; the caller only sees `server_error`. */
  readonly report?: (error: Error) => void;
}

export interface EmbeddedIdentity {
  /** A node:http request listener for `IDENTITY_PATHS`; any other path is answered with 404. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** What the host should print at start: demo clients that were asked for and refused. */
  readonly notice: string | undefined;
}

export async function embeddedIdentity(options: EmbeddedIdentityOptions): Promise<EmbeddedIdentity> {
  const { issuer, publicUrl, stateDir, apis, loopback, tokenTtlSeconds = 300, report = warn } = options;
  const clients = options.clients.filter((client) => loopback || !isDemoClient(client));
  const refused = options.clients.filter((client) => !clients.includes(client)).map(({ id }) => id);
  const keys = await signingKeys(stateDir);
  const provider = new Provider(issuer, issuerConfiguration({ publicUrl, apis, clients, keys, tokenTtlSeconds }));
  for (const { id } of clients) await provider.Client.find(id); // a grant that cannot work stops the start, not a caller
  provider.proxy = true;
  provider.onerror = report;
  provider.on('server_error', (_ctx, error) => report(error));
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.path.startsWith('/.well-known/') && ctx.status === 200) ctx.body = machineMetadata(ctx.body as object);
  });
  const answer = provider.callback();
  const { protocol, host } = new URL(issuer);

  return {
    handle: (request, response) => {
      if (!IDENTITY_PATHS.includes(request.url?.split('?', 1)[0] ?? '')) return nothingHere(response);
      // The issuer has one name, whatever Host or X-Forwarded-* the caller sent: every address it tells starts with it.
      request.headers['x-forwarded-proto'] = protocol.slice(0, -1);
      request.headers['x-forwarded-host'] = host;
      void answer(request, response);
    },
    notice:
      refused.length === 0
        ? undefined
        : `Demo clients (${refused.join(', ')}) are refused: their secrets are public, and this gateway is not bound to ` +
          'loopback. Bind HOST to 127.0.0.1 for a demonstration, or set OIDC_ISSUER to an identity provider of yours.',
  };
}

function nothingHere(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify(new Problem('not-found').toBody()));
}

const warn = (error: Error): void => process.emitWarning(error);
