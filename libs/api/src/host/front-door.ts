import http from 'node:http';
import type { Socket } from 'node:net';
import { Problem } from '@concord/canonical';
import { ipLimit } from '@concord/policy';
import { basePath, type ApiDefinition } from '../definition.js';
import { REQUEST_TIMEOUT_MS, type RunningApi } from '../start-api.js';
import { answerProblem, refuseUnreadable } from './answer.js';
import { hostPages, servePage } from './pages.js';

type Handle = (request: http.IncomingMessage, response: http.ServerResponse) => void;

interface Parts {
  readonly definitions: readonly ApiDefinition[];
  readonly identity: { handle(request: http.IncomingMessage, response: http.ServerResponse): boolean };
  readonly isReady: () => boolean;
  /** Takes a request for an API that lives elsewhere; false where none does. */
  readonly elsewhere?: (request: http.IncomingMessage, response: http.ServerResponse) => boolean;
}

const HEADERS_TIMEOUT_MS = 5000;

/** How the systems behind are doing: for operations only, hence answered by their API. */
const CONNECTORS = { short: '/health/connectors', path: '/experience/operations/v1/connectors' };

/**
 * The one port of a host: hands each request to the API whose address it names, here or elsewhere, and answers what is
 * no API's (`pages.ts`) itself.
 */
export class FrontDoor {
  readonly server: http.Server;
  private readonly apis = new Map<string, Handle>();
  private readonly limit = ipLimit();
  private readonly sockets = new Set<Socket>();
  private readonly pages: ReturnType<typeof hostPages>;

  constructor(private readonly parts: Parts) {
    this.pages = hostPages(parts.definitions, parts.isReady);
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
    if (request.url === CONNECTORS.short) request.url = CONNECTORS.path;
    const path = (request.url ?? '/').split('?', 1)[0]!;
    const api = this.apis.get(basePathIn(path));
    // An API knows its callers by name; everybody else, a guess at a client's secret included, is known by the address.
    if (!api || !request.headers.authorization) {
      try {
        this.limit(request);
      } catch (error) {
        return answerProblem(request, response, error as Problem);
      }
    }
    if (api) return api(request, response);
    if (this.parts.identity.handle(request, response)) return;
    if (this.parts.elsewhere?.(request, response)) return;
    const page = this.pages.get(path);
    if (page || this.parts.isReady()) return servePage(page, request, response);
    answerProblem(request, response, new Problem('upstream-unavailable', 'This host is starting', { retryAfter: 1 }));
  }
}

/** `/system/erp/v1` of `/system/erp/v1/journal-entries/42`. */
function basePathIn(path: string): string {
  let end = 0;
  for (let slashes = 0; end < path.length; end += 1) {
    if (path.charCodeAt(end) === 0x2f && (slashes += 1) === 4) break;
  }
  return path.slice(0, end);
}
