import type { Query, TransportRequest } from '@concord/sdk-core';
import type { ApiReply, ApiRequest } from './request.js';

/** What the policies see of a caller in the same process: no address that anybody else could have. */
const SOCKET = { remoteAddress: 'this-process' };

/** A call as the request that it would have been over HTTP; undefined where its path is not that of the route. */
export function localRequest(asked: TransportRequest, route: string): ApiRequest | undefined {
  const params = parametersOf(asked.path, route);
  if (!params) return undefined;
  const { method, operation, headers, body } = asked;
  const request = { method, operation, headers, body, params, query: queryOf(asked.query), socket: SOCKET };
  return { ...request, url: asked.path, ip: SOCKET.remoteAddress } as unknown as ApiRequest;
}

function parametersOf(path: string, route: string): Record<string, string> | undefined {
  const parts = path.split('/');
  const names = route.split('/');
  if (parts.length !== names.length) return undefined;
  const found: Record<string, string> = {};
  for (const [i, name] of names.entries()) {
    const part = parts[i]!;
    if (name.startsWith(':')) found[name.slice(1)] = decodeURIComponent(part);
    else if (name !== part) return undefined;
  }
  return found;
}

/** All values are text, as in an address, and a list of one is that one. */
function queryOf(query: Query | undefined): Record<string, string | string[]> {
  const found: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue;
    const texts = (Array.isArray(value) ? value : [value]).map(String);
    if (texts.length) found[name] = texts.length === 1 ? texts[0]! : texts;
  }
  return found;
}

/** The little of a reply that policies touch: its headers. */
export class LocalReply {
  readonly headers: Record<string, string> = {};
  readonly sent = false;

  header(name: string, value: string): this {
    this.headers[name.toLowerCase()] = value;
    return this;
  }

  getHeader(name: string): string | undefined {
    return this.headers[name.toLowerCase()];
  }

  get asReply(): ApiReply {
    return this as unknown as ApiReply;
  }
}
