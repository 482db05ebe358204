import type { FastifyInstance } from 'fastify';
import { Problem } from '@concord/canonical';
import { currentContext } from '@concord/observability';
import { priorityHeader } from './priority-header.js';
import type { Vendor } from '@concord/resilience';
import type { LocalCalls } from './local-calls.js';
import type { Query, Transport, TransportRequest, TransportResponse } from '@concord/sdk-core';

/** How to reach the APIs that the process does not host: their base address. */
export type RemoteTransport = (api: string) => Transport | undefined;

/** An API of this process. */
export interface Hosted {
  readonly instance: FastifyInstance;
  readonly base: string;
  readonly calls: LocalCalls;
}

interface Parts {
  /** An access token for one API, as one of our own clients. */
  readonly token: (client: string, api: string) => Promise<string>;
  readonly remote: RemoteTransport;
  /** What stands between us and one API, whoever calls. */
  readonly guard: (api: string) => Vendor;
}

/**
 * The ways to other APIs: `local` where the callee lives in this process, `http` where not. Both carry a real access
 * token, so the callee's policies see no difference.
 */
export class Transports {
  private readonly local = new Map<string, Hosted>();

  constructor(private readonly parts: Parts) {}

  host(api: string, hosted: Hosted): void {
    this.local.set(api, hosted);
  }

  /** The guard that watches over calls to an API; its state says whether the API answers. */
  guardOf(api: string): Vendor {
    return this.parts.guard(api);
  }

  /** The way to one API for one of our clients (`process-patient-to-billing`). */
  to(api: string, client: string): Transport {
    const guard = this.parts.guard(api);
    return {
      send: async (request) => {
        const token = await this.parts.token(client, api);
        const headers = {
          ...request.headers,
          authorization: `Bearer ${token}`,
          ...traced(request.headers),
          ...priorityHeader(),
        };
        return guard.run(capabilityOf(request), (signal) => this.deliver(api, { ...request, headers, signal }));
      },
    };
  }

  private async deliver(api: string, request: TransportRequest): Promise<TransportResponse> {
    const local = this.local.get(api);
    const response = local ? await carried(local, request) : await this.remoteOf(api).send(request);
    // An answer that says "not now" counts as a failure of the way, so that guard and breaker see it.
    if (response.status >= 500 || response.status === 429) {
      const problem = Problem.fromAnswer(response.status, response.body, secondsOf(response.headers['retry-after']));
      throw new Problem(problem.slug, problem.detail, { ...problem, context: { ...problem.context, api } });
    }
    return response;
  }

  private remoteOf(api: string): Transport {
    const remote = this.parts.remote(api);
    if (remote) return remote;
    const setting = `${api.split('/')[1]!.toUpperCase().replaceAll('-', '_')}_URL`;
    throw new Problem('upstream-unavailable', `${api} is not hosted here and ${setting} is not set`);
  }
}

/** Operations on one resource share their fate: `journal-entries` of `/journal-entries/42/reversal`. */
const capabilityOf = ({ path }: TransportRequest): string => path.split('/', 2)[1] || 'root';

const secondsOf = (value: string | undefined): number | undefined =>
  value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;

function traced(headers: Readonly<Record<string, string>>): Record<string, string> {
  const correlationId = headers['x-correlation-id'] ?? currentContext()?.correlationId;
  return correlationId ? { 'x-correlation-id': correlationId } : {};
}

/** Straight to the handler and its policies where that can be; else as a request that Fastify reads. */
const carried = async (local: Hosted, request: TransportRequest): Promise<TransportResponse> =>
  (await local.calls.call(request)) ?? inject(local, request);

async function inject(
  { instance, base }: Hosted,
  { method, path, query, body, headers }: TransportRequest,
): Promise<TransportResponse> {
  const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const url = `${base}${path}${queryString(query)}`;
  const response = await instance.inject({ method, url, headers, payload: payload });
  const text = response.payload;
  const type = response.headers['content-type'];
  const isJson = typeof type === 'string' && type.includes('json');
  return {
    status: response.statusCode,
    headers: response.headers as Record<string, string | undefined>,
    body: text === '' ? undefined : isJson ? (JSON.parse(text) as unknown) : text,
  };
}

/** `?status=posted&status=reversed`, or nothing. */
export function queryString(query: Query | undefined): string {
  if (!query) return '';
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) parameters.append(name, String(one));
    }
  }
  const text = parameters.toString();
  return text ? `?${text}` : '';
}
