/**
 * A FHIR R4 EHR: REST with search and paging, SMART Backend Services, Subscriptions by rest-hook, Bulk Data export. It is
 * stateful and deterministic, serves the bundles it is given or a small synthetic clinic, and fails as it is told; the
 * operations are `token`, `read`, `search`, `write`, `export`, `export-status`, `export-file` and `notify`.
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { Resource } from '@medplum/fhirtypes';
import { readFhir } from '@concord/fhir';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { faultyServer, listen } from '../http.js';
import type { Simulator, SimulatorOptions } from '../simulator.js';
import { Access, CLIENT_ID } from './access.js';
import { BulkExport } from './bulk-export.js';
import { EhrRecord, type Stored } from './record.js';
import { search, UnknownParameter } from './search.js';
import { Subscriptions } from './subscriptions.js';
import { synthetic } from './synthetic.js';

export interface EhrSimulatorOptions extends SimulatorOptions {
  /** A folder of FHIR R4 bundles to serve, instead of the synthetic clinic. */
  readonly bundles?: string;
  /** What to serve at first; nothing where it is an empty list. */
  readonly resources?: readonly (Resource & { readonly id: string })[];
}

export interface EhrSimulator extends Simulator {
  readonly clientId: string;
  /** The private key of the client, for its configuration. */
  readonly keyFile: string;
  readonly record: EhrRecord;
  /** Takes in what a bundle holds, as if it had happened in the EHR. */
  load(bundle: unknown): void;
  /** Bulk exports that nobody has deleted. */
  readonly openExports: () => number;
  /** Every token is worth nothing from now on. */
  readonly forgetTokens: () => void;
  /** Resolves when all notifications are sent. */
  idle(): Promise<void>;
}

const JSON_TYPE = 'application/fhir+json; charset=utf-8';

export async function startEhrSimulator(options: EhrSimulatorOptions): Promise<EhrSimulator> {
  const { clock, faults, dataDir, port } = options;
  const record = new EhrRecord(clock);
  const subscriptions = new Subscriptions(record, clock, faults);
  const bulk = new BulkExport(record, clock);
  const access = await Access.open(dataDir, clock);
  const load = (bundle: unknown) => {
    for (const change of readFhir(bundle).resources) if (change.operation === 'upsert') record.put(change.resource);
  };
  if (options.bundles !== undefined) for (const text of bundlesIn(options.bundles)) load(JSON.parse(text));
  else for (const resource of options.resources ?? synthetic) record.put(resource);

  const server = faultyServer(faults);
  server.addHook('onSend', async (_request, reply, payload) => {
    void reply.header('date', clock.now().toUTCString());
    return payload;
  });
  const whole = { parseAs: 'string' as const };
  server.addContentTypeParser('application/x-www-form-urlencoded', whole, (_request, body, done) =>
    done(null, new URLSearchParams(body as string)),
  );
  server.addContentTypeParser('application/fhir+json', whole, (_request, body, done) => {
    try {
      done(null, JSON.parse(body as string));
    } catch (error) {
      done(error as Error);
    }
  });

  const origin = (request: FastifyRequest) => `http://${request.host}`;
  const base = (request: FastifyRequest) => `${origin(request)}/fhir`;
  const tokenUrl = (request: FastifyRequest) => `${origin(request)}/oauth/token`;
  const say = (reply: FastifyReply, status: number, resource: object) =>
    reply.code(status).header('content-type', JSON_TYPE).send(JSON.stringify(resource));
  const refuse = (reply: FastifyReply, status: number, code: string) =>
    say(reply, status, { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code }] });
  const admitted = async (request: FastifyRequest, reply: FastifyReply) => {
    if (!access.admits(request.headers.authorization)) await refuse(reply, 401, 'login');
  };
  const known = (operation: string) => ({ config: { operation }, preHandler: admitted });

  server.get('/fhir/.well-known/smart-configuration', (request) => ({
    token_endpoint: tokenUrl(request),
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['ES384', 'RS384'],
    grant_types_supported: ['client_credentials'],
    capabilities: ['client-confidential-asymmetric', 'permission-v2'],
  }));

  server.post<{ Body: URLSearchParams }>('/oauth/token', { config: { operation: 'token' } }, async (request, reply) => {
    const token = await access.exchange(request.body, tokenUrl(request));
    if (token === undefined) return reply.code(401).send({ error: 'invalid_client' });
    return { access_token: token, token_type: 'bearer', expires_in: 300, scope: request.body.get('scope') ?? '' };
  });

  server.get<{ Querystring: { _type?: string; _since?: string } }>(
    '/fhir/$export',
    known('export'),
    (request, reply) => {
      const types = request.query._type?.split(',') ?? [];
      const id = bulk.begin(`${origin(request)}${request.url}`, types, request.query._since);
      return reply
        .code(202)
        .header('content-location', `${base(request)}/bulk/${id}`)
        .send();
    },
  );
  server.get<{ Params: { id: string } }>('/fhir/bulk/:id', known('export-status'), (request, reply) => {
    const manifest = bulk.manifest(request.params.id, base(request));
    if (manifest === undefined) return refuse(reply, 404, 'not-found');
    if (typeof manifest === 'number') return reply.code(202).header('retry-after', String(manifest)).send();
    return reply.header('content-type', 'application/json').send(JSON.stringify(manifest));
  });
  server.get<{ Params: { id: string; file: string } }>(
    '/fhir/bulk/:id/:file',
    known('export-file'),
    (request, reply) => {
      const lines = bulk.file(request.params.id, Number(request.params.file));
      if (!lines) return refuse(reply, 404, 'not-found');
      const body = Readable.from(lines.map((line) => `${line}\n`));
      return reply.header('content-type', 'application/fhir+ndjson').send(body);
    },
  );
  server.delete<{ Params: { id: string } }>('/fhir/bulk/:id', known('export-status'), (request, reply) =>
    bulk.delete(request.params.id) ? reply.code(202).send() : refuse(reply, 404, 'not-found'),
  );

  server.get<{ Params: { type: string } }>('/fhir/:type', known('search'), (request, reply) => {
    const query = new URLSearchParams(request.url.split('?')[1] ?? '');
    try {
      return say(reply, 200, searchset(base(request), request.params.type, query));
    } catch (error) {
      if (error instanceof UnknownParameter) return refuse(reply, 400, 'not-supported');
      throw error;
    }
  });
  server.get<{ Params: { type: string; id: string } }>('/fhir/:type/:id', known('read'), (request, reply) => {
    const found = record.get(request.params.type, request.params.id);
    return found ? versioned(reply, 200, found) : refuse(reply, 404, 'not-found');
  });
  server.post<{ Params: { type: string }; Body: Resource }>('/fhir/:type', known('write'), (request, reply) => {
    const id = `created-${record.all(request.params.type).length + 1}`;
    return versioned(reply, 201, record.put({ ...activated(request.body), id }));
  });
  server.put<{ Params: { type: string; id: string }; Body: Resource }>(
    '/fhir/:type/:id',
    known('write'),
    (request, reply) => versioned(reply, 200, record.put({ ...activated(request.body), id: request.params.id })),
  );

  const versioned = (reply: FastifyReply, status: number, resource: Stored) =>
    say(reply.header('etag', `W/"${resource.meta.versionId}"`), status, resource);

  function searchset(url: string, type: string, query: URLSearchParams): object {
    const { matches, included, next } = search(record, type, query);
    const entryOf = (mode: string) => (resource: Stored) => ({
      fullUrl: `${url}/${resource.resourceType}/${resource.id}`,
      resource,
      search: { mode },
    });
    const link = [{ relation: 'self', url: `${url}/${type}?${query.toString()}` }];
    if (next !== undefined) {
      query.set('_after', next);
      link.push({ relation: 'next', url: `${url}/${type}?${query.toString()}` });
    }
    const entry = [...matches.map(entryOf('match')), ...included.map(entryOf('include'))];
    return { resourceType: 'Bundle', type: 'searchset', link, entry };
  }

  const address = await listen(server, port);
  return {
    url: `${address}/fhir`,
    clientId: CLIENT_ID,
    keyFile: access.keyFile,
    record,
    load,
    openExports: () => bulk.open,
    forgetTokens: () => access.forget(),
    idle: () => subscriptions.idle(),
    close: () => server.close(),
  };
}

/** A subscription that was asked for is active at once (R4 §2.47.1). */
const activated = (resource: Resource): Resource =>
  resource.resourceType === 'Subscription' && resource.status === 'requested'
    ? { ...resource, status: 'active' }
    : resource;

const bundlesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => readFileSync(path.join(folder, name), 'utf8'));
