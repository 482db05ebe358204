import type { FastifyInstance } from 'fastify';
import { correlationIdFrom, countRequest, log } from '@concord/observability';
import type { ApiReply, ApiRequest } from './request.js';
import type { Routes } from './routes.js';

/**
 * Gives every request its correlation id, and writes its metrics and its log line when it is answered. The hooks have to
 * stand before the routes do; the operations that the routes have are told by the function that is returned.
 */
export function addRequestContext(instance: FastifyInstance, api: string): (routes: Routes) => void {
  let routes: Routes | undefined;
  instance.addHook('onRequest', (raw, reply, done) => {
    const request = raw as ApiRequest;
    beginRequest(request, reply);
    request.operation = routes?.operationOf(request.method, request.routeOptions.url);
    done();
  });
  instance.addHook('onResponse', (raw, reply, done) => {
    endRequest(raw as ApiRequest, reply.statusCode, api);
    done();
  });
  return (known) => {
    routes = known;
  };
}

/** The correlation id of the request, the caller's own where it sent one; the answer carries it back. */
export function beginRequest(request: ApiRequest, reply: ApiReply): void {
  request.correlationId = correlationIdFrom(request.headers['x-correlation-id']);
  request.startedAt = performance.now();
  void reply.header('x-correlation-id', request.correlationId);
}

/** Counts the request and writes its log line. */
export function endRequest(
  { startedAt, operation = 'unmatched', correlationId, method, user }: ApiRequest,
  status: number,
  api: string,
) {
  const durationMs = performance.now() - startedAt;
  countRequest({ api, operation, status, seconds: durationMs / 1000 });
  log.info('request.answered', { api, operation, method, status, durationMs, correlationId, caller: user?.clientId });
}
