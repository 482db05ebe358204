import http from 'node:http';
import { Problem } from '@concord/canonical';
import { httpClient } from '@concord/resilience';
import type { Transport } from '@concord/sdk-core';
import { variable } from '../configuration.js';
import { apiId, basePath, type ApiDefinition } from '../definition.js';
import { queryString } from '../transports.js';

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

/** Passes a request on to the process that hosts its API; false where the address names none. */
export function passOn(
  addresses: RemoteAddresses,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): boolean {
  const path = request.url ?? '/';
  const address = [...addresses.values()].find(({ base }) => path.startsWith(`${base}/`));
  if (!address) return false;
  const { method, headers } = request;
  const upstream = http.request(`${address.origin}${path}`, { method, headers, timeout: 30_000 }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  const fail = () => {
    upstream.destroy();
    if (response.headersSent) return void response.destroy();
    const problem = new Problem('upstream-unavailable', undefined, { retryAfter: 1 });
    response.writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '1' });
    response.end(JSON.stringify(problem.toBody()));
  };
  upstream.on('timeout', fail).on('error', fail);
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
  return true;
}
