/**
 * Which API an access token is for, and with which scopes. A token is for exactly one API (RFC 8707), so a request that
 * could mean several, or none, is refused with the words that make it right.
 */
import { errors } from 'oidc-provider';
import type { ProtectedApi } from './grant.js';

/** What the client asked for: `resource` of RFC 8707 and `scope` of RFC 6749, 3.3. Both may be left out. */
export interface TokenRequest {
  readonly resource?: string | undefined;
  readonly scope?: string | undefined;
}

/** `audience` is the API's own address without a version: `http://127.0.0.1:8080/system/erp`. */
export interface TokenTarget {
  readonly audience: string;
  readonly scopes: readonly string[];
}

export const audienceOf = (publicUrl: string, { layer, name }: Pick<ProtectedApi, 'layer' | 'name'>): string =>
  `${publicUrl.replace(/\/+$/, '')}/${layer}/${name}`;

/**
 * The target of one token request of a client that was granted `granted`.
 * Throws `invalid_target` or `invalid_scope` (RFC 8707, 2; RFC 6749, 5.2).
 */
export function tokenTarget(
  publicUrl: string,
  apis: readonly ProtectedApi[],
  granted: ReadonlySet<string>,
  { resource, scope }: TokenRequest,
): TokenTarget {
  const asked = scope?.split(' ').filter(Boolean) ?? [];
  const api = resource === undefined ? apiOfScopes(apis, asked, granted) : apiAt(publicUrl, apis, resource);
  const allowed = api.scopes.filter((known) => granted.has(known));
  const refused = asked.find((wanted) => !allowed.includes(wanted));
  if (refused !== undefined) {
    throw new errors.InvalidScope(`this client has no such scope on ${api.layer}/${api.name}`, refused);
  }
  if (allowed.length === 0) {
    throw new errors.InvalidTarget(`this client was granted nothing on ${api.layer}/${api.name}`);
  }
  return { audience: audienceOf(publicUrl, api), scopes: asked.length > 0 ? asked : allowed };
}

function apiAt(publicUrl: string, apis: readonly ProtectedApi[], resource: string): ProtectedApi {
  const address = plain(resource);
  const api = apis.find((candidate) => plain(audienceOf(publicUrl, candidate)) === address);
  if (!api) throw new errors.InvalidTarget(`resource must be the address of an API, ${publicUrl}/{layer}/{api}`);
  return api;
}

/** Without a resource: the one API that the asked scopes name or, with no scope either, the only one the client may call. */
function apiOfScopes(
  apis: readonly ProtectedApi[],
  asked: readonly string[],
  granted: ReadonlySet<string>,
): ProtectedApi {
  const names = new Set((asked.length > 0 ? asked : [...granted]).map((scope) => scope.split('/', 1)[0]));
  const named = apis.filter(({ name }) => names.has(name));
  const [api] = named;
  if (api && named.length === 1 && names.size === 1) return api;
  throw new errors.InvalidTarget(
    asked.length > 0
      ? 'the scopes do not name one API: ask for one API at a time, or send resource'
      : 'this client may call several APIs or none: send resource or scope',
  );
}

/** `localhost` and `127.0.0.1` are one place; people type either. */
export const loopbackByNumber = (address: string): string => address.replace('//localhost', '//127.0.0.1');

/** One spelling for one address: no trailing slash, no version. */
const plain = (address: string): string =>
  loopbackByNumber(address)
    .replace(/\/+$/, '')
    .replace(/\/v\d+$/, '');
