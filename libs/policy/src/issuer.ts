/** What an issuer tells about itself: OpenID Connect Discovery 1.0, section 4, which RFC 8414 repeats for plain OAuth. */
import { Problem } from '@concord/canonical';
import { fetchJson, type FetchJson } from './fetch-json.js';

export interface IssuerMetadata {
  readonly tokenEndpoint: string;
  readonly jwksUri: string;
}

/** Throws `upstream-unavailable` when the issuer does not answer, `upstream-rejected` when it answers for somebody else. */
export async function discover(issuer: string, fetch: FetchJson = fetchJson): Promise<IssuerMetadata> {
  const { status, body } = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const told = (status === 200 ? body : {}) as Record<string, unknown>;
  if (told.issuer !== issuer || typeof told.token_endpoint !== 'string' || typeof told.jwks_uri !== 'string') {
    throw new Problem('upstream-rejected', `${issuer} does not describe itself as an OAuth issuer of that name`);
  }
  return { tokenEndpoint: told.token_endpoint, jwksUri: told.jwks_uri };
}
