/**
 * An identity provider with SCIM 2.0 (RFC 7643, 7644): SCIMMY behind Express, users and groups in memory, the enterprise
 * extension, user names and external ids that nobody else may have. Operations: `findUsers`, `readUser`, `createUser`,
 * `changeUser`, `removeUser`, the same for groups, and `readConfiguration`.
 */
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import express, { type NextFunction, type Request, type Response } from 'express';
import SCIMMYRouters, { SCIMMY } from 'scimmy-routers';
import type { Simulator, SimulatorOptions } from '../simulator.js';
import { failAsTold } from './faulty-express.js';

/** What callers must present; synthetic, as all that is kept here. */
export const SCIM_TOKEN = 'synthetic-scim-token';

interface Kept {
  readonly id: string;
  readonly meta: { readonly created: string; readonly lastModified: string; readonly version: string };
  readonly [attribute: string]: unknown;
}

/** One provider's resources; SCIMMY itself knows only one set of handlers in a process. */
interface Directory {
  readonly users: Map<string, Kept>;
  readonly groups: Map<string, Kept>;
  readonly now: () => string;
}

interface Asked {
  readonly id?: string;
  readonly filter?: { match(all: object[]): object[] };
}

const UNIQUE = ['userName', 'externalId'];

let declared = false;

function declareOnce(): void {
  if (declared) return;
  declared = true;
  for (const [type, where] of [
    [SCIMMY.Resources.User, 'users'],
    [SCIMMY.Resources.Group, 'groups'],
  ] as const) {
    SCIMMY.Resources.declare(type as typeof SCIMMY.Resources.User)
      .ingress((asked: Asked, data: object, directory: Directory) => keep(directory[where], asked, data, directory))
      .egress((asked: Asked, directory: Directory) => found(directory[where], asked) as never)
      .degress((asked: Asked, directory: Directory) => void directory[where].delete(asked.id!));
  }
  SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false);
  SCIMMY.Config.set({ patch: true, etag: { supported: true }, filter: { supported: true, maxResults: 200 } });
}

function keep(kept: Map<string, Kept>, { id }: Asked, data: object, { now }: Directory): never {
  const values = JSON.parse(JSON.stringify(data)) as Record<string, unknown>;
  const others = [...kept.values()].filter((one) => one.id !== id);
  const taken = UNIQUE.some((name) => values[name] !== undefined && others.some((one) => one[name] === values[name]));
  if (taken) throw new SCIMMY.Types.Error(409, 'uniqueness', 'Another one has that already');
  const before = id === undefined ? undefined : kept.get(id);
  if (id !== undefined && !before) throw new SCIMMY.Types.Error(404, null as never, 'There is no such resource');
  const meta = { created: before?.meta.created ?? now(), lastModified: now(), version: nextVersion(before) };
  const one = { ...values, id: id ?? randomUUID(), meta };
  kept.set(one.id, one);
  return one as never;
}

/** Counts changes, as a weak entity tag (RFC 7644, 3.14). */
const nextVersion = (before: Kept | undefined): string =>
  `W/"${Number(/\d+/.exec(before?.meta.version ?? '')?.[0] ?? 0) + 1}"`;

function found(kept: Map<string, Kept>, { id, filter }: Asked): Kept | object[] {
  if (id === undefined) return filter ? filter.match([...kept.values()]) : [...kept.values()];
  const one = kept.get(id);
  if (!one) throw new SCIMMY.Types.Error(404, null as never, 'There is no such resource');
  return one;
}

export async function startScimSimulator({ port, clock, faults }: SimulatorOptions): Promise<Simulator> {
  declareOnce();
  const directory: Directory = { users: new Map(), groups: new Map(), now: () => clock.now().toISOString() };
  const app = express();
  const keptAt = (request: Request) => keptOf(directory, request);
  app.use(
    '/scim/v2',
    failAsTold(faults, operationOf, (request) => {
      const { kept, id, one } = keptAt(request);
      if (one) kept.set(id, { ...one, meta: { ...one.meta, version: nextVersion(one) } });
    }),
  );
  app.use(
    '/scim/v2',
    refuseOvertaken((request) => keptAt(request).one?.meta.version),
  );
  app.use('/scim/v2', withNumbers);
  app.use(
    '/scim/v2',
    new SCIMMYRouters({
      type: 'bearer',
      handler: (request) => {
        if (request.header('authorization') !== `Bearer ${SCIM_TOKEN}`) throw new Error('The token is not known');
        return 'concord';
      },
      context: () => directory,
    }) as express.Router,
  );
  const server = app.listen(port, '127.0.0.1');
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') server.listen(0, '127.0.0.1');
      else reject(error);
    });
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/scim/v2`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function keptOf({ users, groups }: Directory, { path }: Request): { kept: Map<string, Kept>; id: string; one?: Kept } {
  const [, resources, id = ''] = path.split('/');
  const kept = resources === 'Groups' ? groups : users;
  return { kept, id, one: kept.get(id) };
}

/** A change that was decided on another version is refused (RFC 7644, 3.14), which SCIMMY leaves to whoever hosts it. */
const refuseOvertaken =
  (versionOf: (request: Request) => string | undefined) =>
  (request: Request, response: Response, next: NextFunction): void => {
    const expected = request.header('if-match');
    if (expected === undefined || expected === versionOf(request)) return next();
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:Error'];
    response
      .status(412)
      .type('application/scim+json')
      .send(JSON.stringify({ schemas, status: '412' }));
  };

/** SCIMMY pages by numbers only, and its router cannot make them: the query of Express 5 is read-only. */
function withNumbers(request: Request, _response: Response, next: NextFunction): void {
  const { startIndex, count, ...query } = request.query;
  const numbers = Object.entries({ startIndex, count }).filter(([, value]) => value !== undefined);
  const value = { ...query, ...Object.fromEntries(numbers.map(([name, text]) => [name, Number(text)])) };
  Object.defineProperty(request, 'query', { value, writable: true, configurable: true });
  next();
}

const VERBS: Readonly<Record<string, string>> = { POST: 'create', PATCH: 'change', PUT: 'change', DELETE: 'remove' };

function operationOf({ method, path }: Request): string {
  const [, resources = '', id] = path.split('/');
  if (!/^(Users|Groups)$/.test(resources)) return 'readConfiguration';
  if (method === 'GET') return id ? `read${resources.slice(0, -1)}` : `find${resources}`;
  return `${VERBS[method] ?? 'read'}${resources.slice(0, -1)}`;
}
