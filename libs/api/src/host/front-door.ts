import http from 'node:http';
import type { Socket } from 'node:net';
import { PROBLEMS, Problem, type ProblemSlug } from '@concord/canonical';
import { metricsContentType, metricsText } from '@concord/observability';
import { ipLimit, type PolicyRequest } from '@concord/policy';
import { basePath, type ApiDefinition } from '../definition.js';
import { docsPage, docsScript } from './docs-page.js';
import { REQUEST_TIMEOUT_MS, type RunningApi } from '../start-api.js';

type Handle = (request: http.IncomingMessage, response: http.ServerResponse) => void;

interface Parts {
  readonly definitions: readonly ApiDefinition[];
  readonly identity: { handle(request: http.IncomingMessage, response: http.ServerResponse): boolean };
  readonly isReady: () => boolean;
  /** Takes a request for an API that lives elsewhere; false where none does. */
  readonly elsewhere?: (request: http.IncomingMessage, response: http.ServerResponse) => boolean;
}

const HEADERS_TIMEOUT_MS = 5000;

/**
 * The one port of a host: hands each request to the API whose address it names, and answers health, metrics, contracts,
 * documentation, the catalogue (RFC 9727) and the problem pages itself.
 */
export class FrontDoor {
  readonly server: http.Server;
  private readonly apis = new Map<string, Handle>();
  private readonly limit = ipLimit();
  private readonly sockets = new Set<Socket>();

  constructor(private readonly parts: Parts) {
    this.server = http.createServer(
      {
        requestTimeout: REQUEST_TIMEOUT_MS,
        headersTimeout: HEADERS_TIMEOUT_MS,
        connectionsCheckingInterval: 1000,
        keepAliveTimeout: 30_000,
        maxHeaderSize: 16 * 1024,
      },
      (request, response) => this.handle(request, response),
    );
    this.server.maxConnections = 2000;
    this.server.on('clientError', refuseUnreadable);
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  host({ definition, instance }: RunningApi): void {
    this.apis.set(basePath(definition), (request, response) => instance.routing(request, response));
  }

  listen(port: number, host: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', (error: NodeJS.ErrnoException) => {
        const taken = new Error(`Port ${port} is taken by another program; set PORT to another one`);
        reject(error.code === 'EADDRINUSE' ? taken : error);
      });
      this.server.listen(port, host, resolve);
    });
  }

  /** Takes no new connection, and ends those that are idle; open requests have `graceMs` to end. */
  async close(graceMs = 5000): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    const timer = setTimeout(() => this.sockets.forEach((socket) => socket.destroy()), graceMs);
    await closed;
    clearTimeout(timer);
  }

  private handle(request: http.IncomingMessage, response: http.ServerResponse): void {
    const path = pathOf(request);
    const api = this.apis.get(basePathIn(path));
    if (!request.headers.authorization) {
      try {
        this.limit(request as unknown as PolicyRequest);
      } catch (error) {
        return answerProblem(response, error as Problem);
      }
    }
    if (api) return api(request, response);
    if (this.parts.identity.handle(request, response)) return;
    if (this.parts.elsewhere?.(request, response)) return;
    const page = this.pages[path];
    if (page) return page(request, response);
    if (path.startsWith('/problems/')) return problemPage(path.slice('/problems/'.length), response);
    answerProblem(response, new Problem('not-found'));
  }

  private readonly pages: Record<string, Handle> = {
    '/health/live': (_, response) => answerJson(response, 200, { status: 'live' }),
    '/health/ready': (_, response) => {
      const ready = this.parts.isReady();
      answerJson(response, ready ? 200 : 503, { status: ready ? 'ready' : 'starting' });
    },
    '/metrics': (_, response) => {
      void metricsText().then((text) => answer(response, 200, metricsContentType, text));
    },
    '/.well-known/api-catalog': (_, response) => {
      answer(response, 200, 'application/linkset+json', JSON.stringify(catalogueOf(this.parts.definitions)));
    },
    '/docs': (_, response) => answer(response, 200, 'text/html; charset=utf-8', docsPage(this.parts.definitions)),
    '/docs/reference.js': (_, response) => answer(response, 200, 'text/javascript; charset=utf-8', docsScript()),
    '/': (_, response) => {
      response.writeHead(302, { location: '/docs' }).end();
    },
  };
}

const pathOf = (request: http.IncomingMessage): string => (request.url ?? '/').split('?', 1)[0]!;

/** `/system/erp/v1` of `/system/erp/v1/journal-entries/42`. */
function basePathIn(path: string): string {
  let end = 0;
  for (let slashes = 0; end < path.length; end += 1) {
    if (path.charCodeAt(end) === 0x2f && (slashes += 1) === 4) break;
  }
  return path.slice(0, end);
}

function answer(response: http.ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff' }).end(body);
}

const answerJson = (response: http.ServerResponse, status: number, body: unknown): void =>
  answer(response, status, 'application/json', JSON.stringify(body));

function answerProblem(response: http.ServerResponse, problem: Problem): void {
  if (problem.retryAfter !== undefined) response.setHeader('retry-after', String(Math.ceil(problem.retryAfter)));
  answer(response, problem.kind.status, 'application/problem+json', JSON.stringify(problem.toBody()));
}

/** A request that Node's parser cannot read; there is no request object to answer, only a socket. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: import('node:stream').Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const slug: ProblemSlug = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request-timeout' : 'malformed';
  const body = JSON.stringify(new Problem(slug).toBody());
  const { status } = PROBLEMS[slug];
  const head = `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\nContent-Type: application/problem+json\r\n`;
  socket.end(`${head}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
}

function problemPage(slug: string, response: http.ServerResponse): void {
  if (!Object.hasOwn(PROBLEMS, slug)) return answerProblem(response, new Problem('not-found'));
  const { status, title, cause, retryable } = PROBLEMS[slug as ProblemSlug];
  answerJson(response, 200, { type: `/problems/${slug}`, title, status, cause, retryable });
}

/** The catalogue of APIs as a linkset (RFC 9727, RFC 9264). */
function catalogueOf(definitions: readonly ApiDefinition[]): object {
  const linkset = definitions.map((definition) => {
    const anchor = basePath(definition);
    const contract = { href: `${anchor}/openapi.json`, type: 'application/json' };
    return { anchor, title: definition.title, 'service-desc': [contract], 'service-doc': [{ href: '/docs' }] };
  });
  return { linkset };
}
