import http from 'node:http';
import { Problem } from '@concord/canonical';
import { httpClient } from '@concord/resilience';
import type { Transport } from '@concord/sdk-core';
import { variable } from '../configuration.js';
import { apiId, basePath, type ApiDefinition } from '../definition.js';
import { bodyLimitOf } from '../start-api.js';
import { queryString } from '../transports.js';
import { answerProblem } from './answer.js';

/** Where the APIs are that this process does not host, by `system/erp`. */
export type RemoteAddresses = ReadonlyMap<string, { readonly origin: string; readonly base: string }>;

/** From `ERP_URL=http://10.0.0.7:8080` and the like. */
export function remoteAddresses(definitions: readonly ApiDefinition[]): RemoteAddresses {
  return new Map(
    definitions.flatMap((definition) => {
      const origin = variable(`${definition.name}_URL`)?.replace(/\/$/, '');
      return origin ? [[apiId(definition), { origin, base: basePath(definition) }]] : [];
    }),
  );
}

const clients = new Map<string, ReturnType<typeof httpClient>>();
const RESPONSE_BYTES = 16 * 1024 * 1024;
/** A little longer than an API lets its handlers take, so that it is the API that says so. */
const ANSWER_TIMEOUT_MS = 35_000;

/** The way to an API of another process: axios on an undici pool. */
export function remoteTransport(addresses: RemoteAddresses, api: string): Transport | undefined {
  const address = addresses.get(api);
  if (!address) return undefined;
  const { origin, base } = address;
  const client =
    clients.get(origin) ??
    httpClient({ baseUrl: origin, timeoutMs: 10_000, maxResponseBytes: RESPONSE_BYTES, connections: 64 });
  clients.set(origin, client);
  return {
    send: async ({ method, path, query, body, headers, signal }) => {
      const url = `${base}${path}${queryString(query)}`;
      const response = await client.request<unknown>({ method, url, headers: { ...headers }, data: body, signal });
      const answered = response.headers as Record<string, string | undefined>;
      return { status: response.status, headers: answered, body: response.data === '' ? undefined : response.data };
    },
  };
}

/** Headers that are about one connection only (RFC 9110, 7.6.1); how a body is framed, Node sees to by its header. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade'];

const endToEnd = (headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));

/** Passes a request on to the process that hosts its API; false where the address names none. */
export function passOn(
  addresses: RemoteAddresses,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): boolean {
  const path = request.url ?? '/';
  const address = [...addresses.values()].find(({ base }) => path.startsWith(`${base}/`));
  if (!address) return false;
  if (Number(request.headers['content-length']) > bodyLimitOf(path)) {
    answerProblem(request, response, new Problem('payload-too-large'));
    return true;
  }
  const options = { method: request.method, headers: endToEnd(request.headers), timeout: ANSWER_TIMEOUT_MS };
  const upstream = http.request(`${address.origin}${path}`, options, (answer) => {
    response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  const fail = () => {
    upstream.destroy();
    if (response.headersSent) response.destroy();
    else answerProblem(request, response, new Problem('upstream-unavailable', undefined, { retryAfter: 1 }));
  };
  upstream.on('timeout', fail).on('error', fail);
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
  return true;
}
