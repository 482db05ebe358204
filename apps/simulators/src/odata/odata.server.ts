/**
 * An OData v4 service that is made from a metadata document: every entity set in it can be read, filtered, paged, made with
 * what is below it, and changed. It is as strict as real ones are: it wants an access token, a CSRF token for what changes
 * something, an If-Match for a change, and decides itself how large a page is.
 */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readMetadata } from '@concord/odata';
import type { Faults } from '../faults.js';
import { faultyServer } from '../http.js';
import { filterOf, type Entity } from './filter.js';
import { selectionOf } from './selection.js';
import { EntityStore, ODataError } from './store.js';

/** What the vendor's ERP does by itself when something is made or changed; all of it or nothing. */
export interface ServiceRules {
  insert(store: EntityStore, set: string, entity: Entity): Entity;
  update(store: EntityStore, set: string, key: string, change: Entity, ifMatch: string): Entity;
}

export interface ServiceOptions {
  readonly metadata: string;
  readonly rules: ServiceRules;
  readonly faults: Faults;
  readonly now: () => Date;
  readonly client: { readonly id: string; readonly secret: string };
  /** Entities a page, however many are asked for. */
  readonly pageSize?: number;
}

export interface Service {
  readonly server: FastifyInstance;
  readonly store: EntityStore;
  /** Every token that was given is of no use any more. */
  readonly forgetTokens: () => void;
}

const ROOT = '/odata/v4/erp';
const VOCABULARY = 'HealthERP';
const PAGE_SIZE = 20;
const TOKEN_SECONDS = 600;

export function odataService({
  metadata: text,
  rules,
  faults,
  now,
  client,
  pageSize = PAGE_SIZE,
}: ServiceOptions): Service {
  const metadata = readMetadata(text);
  const store = new EntityStore(metadata, now);
  const server = faultyServer(faults);
  const given = { access: new Set<string>(), csrf: randomUUID() };

  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) =>
    done(null, body),
  );

  server.setErrorHandler((error, _request, reply) => {
    if (error instanceof ODataError) return refuse(reply, error);
    return refuse(reply, new ODataError(500, 'INTERNAL', 'Internal error'));
  });

  server.post('/oauth/token', { config: { operation: 'token' } }, (request, reply) => {
    const form = new URLSearchParams(String(request.body));
    const basic = Buffer.from(`${client.id}:${client.secret}`).toString('base64');
    const isKnown =
      request.headers.authorization === `Basic ${basic}` && form.get('grant_type') === 'client_credentials';
    if (!isKnown) return reply.code(401).send({ error: 'invalid_client' });
    const token = randomUUID();
    given.access.add(token);
    return { access_token: token, token_type: 'Bearer', expires_in: TOKEN_SECONDS };
  });

  const authorize = async (request: FastifyRequest) => {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (!token || !given.access.has(token)) throw new ODataError(401, 'UNAUTHORIZED', 'An access token is needed');
  };

  /** What changes something needs the token that a read with `X-CSRF-Token: Fetch` gave. */
  const checkCsrf = async (request: FastifyRequest, reply: FastifyReply) => {
    if (request.headers['x-csrf-token'] === given.csrf) return;
    void reply.header('x-csrf-token', 'Required');
    throw new ODataError(403, 'CSRF', 'CSRF token validation failed');
  };

  server.addHook('onSend', async (request, reply, payload) => {
    void reply.header('odata-version', '4.0');
    if (String(request.headers['x-csrf-token']).toLowerCase() === 'fetch')
      void reply.header('x-csrf-token', given.csrf);
    return payload;
  });

  server.get(ROOT, { config: { operation: 'document' }, preHandler: authorize }, () => ({
    '@odata.context': '$metadata',
    value: [...metadata.sets.keys()].map((name) => ({ name, kind: 'EntitySet', url: name })),
  }));

  server.get(`${ROOT}/$metadata`, { config: { operation: 'metadata' }, preHandler: authorize }, (_request, reply) =>
    reply.type('application/xml').send(text),
  );

  server.get<{ Params: { '*': string }; Querystring: Record<string, string> }>(
    `${ROOT}/*`,
    { config: { operation: 'read' }, preHandler: authorize },
    (request, reply) => {
      const { set, key } = addressOf(request.params['*']);
      const show = selectionOf(metadata, store.set(set).type, request.query);
      if (key === undefined) return pageOf(store, set, request.query, pageSize, show);
      const entity = show(store.read(set, key));
      return reply.header('etag', entity['@odata.etag']).send(entity);
    },
  );

  server.post<{ Params: { '*': string }; Body: Entity }>(
    `${ROOT}/*`,
    { config: { operation: 'create' }, preHandler: [authorize, checkCsrf] },
    (request, reply) => {
      const { set } = addressOf(request.params['*']);
      const made = store.atomically(() => rules.insert(store, set, request.body));
      return reply.code(201).header('etag', made['@odata.etag']).send(made);
    },
  );

  server.patch<{ Params: { '*': string }; Body: Entity }>(
    `${ROOT}/*`,
    { config: { operation: 'change' }, preHandler: [authorize, checkCsrf] },
    (request, reply) => {
      const { set, key } = addressOf(request.params['*']);
      const ifMatch = request.headers['if-match'];
      if (ifMatch === undefined) throw new ODataError(428, 'PRECONDITION_REQUIRED', 'If-Match is needed');
      const changed = store.atomically(() => rules.update(store, set, key ?? '', request.body, ifMatch));
      return reply.header('etag', changed['@odata.etag']).send(changed);
    },
  );

  const forgetTokens = () => {
    given.access.clear();
    given.csrf = randomUUID();
  };
  return { server, store, forgetTokens };
}

/** `Suppliers('S-1')`: the set and the key, whose doubled quotes are single ones. */
function addressOf(path: string): { set: string; key?: string } {
  const [, set = '', key] = /^([A-Za-z]\w*)(?:\('((?:[^']|'')*)'\))?$/.exec(path) ?? [];
  if (!set) throw new ODataError(404, 'NOT_FOUND', 'There is nothing at this address');
  return { set, key: key?.replaceAll("''", "'") };
}

function pageOf(
  store: EntityStore,
  name: string,
  query: Record<string, string>,
  pageSize: number,
  show: (entity: Entity) => Entity,
) {
  const { type } = store.set(name);
  const fits = parsed(query['$filter'] ?? '');
  const [by = type.key[0]!, direction = 'asc'] = (query['$orderby'] ?? '').split(' ').filter(Boolean);
  const sign = direction === 'desc' ? -1 : 1;
  const found = store.all(name).filter(fits);
  found.sort((a, b) => sign * (String(a[by]) < String(b[by]) ? -1 : String(a[by]) > String(b[by]) ? 1 : 0));
  const from = Number(query['$skiptoken'] ?? query['$skip'] ?? 0);
  const asked = Number(query['$top'] ?? Infinity);
  const page = found.slice(from, from + Math.min(asked, pageSize));
  const left = Math.min(asked, found.length - from) - page.length;
  const next = new URLSearchParams({ ...query, $skiptoken: String(from + page.length) });
  if (Number.isFinite(asked)) next.set('$top', String(asked - page.length));
  return {
    '@odata.context': `$metadata#${name}`,
    ...(query['$count'] === 'true' ? { '@odata.count': found.length } : {}),
    value: page.map(show),
    ...(left > 0 ? { '@odata.nextLink': `${ROOT}/${name}?${next.toString()}` } : {}),
  };
}

function parsed(filter: string) {
  try {
    return filter ? filterOf(filter) : () => true;
  } catch {
    throw new ODataError(400, 'BAD_FILTER', 'The filter is not understood', '$filter');
  }
}

function refuse(reply: FastifyReply, { status, code, message, target, facts }: ODataError) {
  const told: Entity = Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [`@${VOCABULARY}.${name}`, value]),
  );
  return reply.code(status).send({ error: { code, message, target, ...told } });
}
