import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import type { Shape } from '@concord/canonical';
import { correlationIdFrom, countRequest, declareOperation, log } from '@concord/observability';
import { policyModule } from '@concord/policy';
import { apiId, basePath, type ApiDefinition } from './definition.js';
import { endpointsOf } from './endpoints.js';
import { declares } from './field-filter.js';
import { addBodyParsers } from './json-body.js';
import { documentOf } from './open-api.js';
import { PlatformModule, type Platform } from './platform.js';
import { PoliciesInterceptor } from './policies.interceptor.js';
import { ProblemFilter, problemOf } from './problem.filter.js';
import type { ApiRequest } from './request.js';
import { RequestValidation } from './validation.js';

/** Limits of every API: bytes of a body, time of a request to arrive, time of a handler to answer. */
const BODY_BYTES = 1024 * 1024;
export const REQUEST_TIMEOUT_MS = 10_000;
const HANDLER_TIMEOUT_MS = 30_000;

export interface RunningApi {
  readonly definition: ApiDefinition;
  readonly app: NestFastifyApplication;
  readonly instance: FastifyInstance;
}

/**
 * Starts an API inside this process, without a port of its own, with the policies of Concord in one fixed order on
 * every endpoint: limits, token, audience, scope, access, rate, idempotency, validation, handler, field filtering,
 * audit, problem. Throws when an endpoint has no scope, or when a finance API declares a PHI field.
 */
export async function startApi(definition: ApiDefinition, platform: Platform): Promise<RunningApi> {
  refuseUnguarded(definition);
  const adapter = new FastifyAdapter({ bodyLimit: BODY_BYTES, requestTimeout: REQUEST_TIMEOUT_MS, logger: false });
  const instance = adapter.getInstance() as unknown as FastifyInstance;
  addBodyParsers(instance);
  const operations = addRequestContext(instance, definition);
  const policies = policyModule({ ...platform.policy, audience: `${platform.publicUrl}/${apiId(definition)}` });
  const root = { module: ApiRoot, imports: [PlatformModule.of(platform), policies, definition.module] };
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    logger: ['error', 'warn'],
    bodyParser: false,
    abortOnError: false,
  });
  app.setGlobalPrefix(basePath(definition).slice(1));
  const document = documentOf(app, definition);
  const validation = new RequestValidation(document);
  for (const [route, operation] of operationsOf(document)) {
    declareOperation(apiId(definition), operation);
    operations.set(route, operation);
  }
  app.useGlobalFilters(new ProblemFilter((request, problem) => recordFailure(definition, platform, request, problem)));
  app.useGlobalInterceptors(
    new PoliciesInterceptor({
      definition,
      receipts: platform.receipts,
      audit: platform.audit,
      validation: () => validation,
      handlerTimeoutMs: HANDLER_TIMEOUT_MS,
    }),
  );
  const contract = JSON.stringify(document);
  instance.get(`${basePath(definition)}/openapi.json`, (_request, reply) =>
    reply.type('application/json').send(contract),
  );
  await app.init();
  await instance.ready();
  platform.transports.host(apiId(definition), instance, basePath(definition));
  return { definition, app, instance };
}

class ApiRoot {}

/** Gives every request its correlation id, and writes its metrics and its log line when it is answered. */
function addRequestContext(instance: FastifyInstance, definition: ApiDefinition): Map<string, string> {
  const api = apiId(definition);
  const operations = new Map<string, string>();
  instance.addHook('onRequest', (raw, reply, done) => {
    const request = raw as ApiRequest;
    request.correlationId = correlationIdFrom(request.headers['x-correlation-id']);
    request.startedAt = performance.now();
    request.operation = operations.get(`${request.method} ${request.routeOptions.url}`);
    void reply.header('x-correlation-id', request.correlationId);
    done();
  });
  instance.addHook('onResponse', (raw, reply, done) => {
    const request = raw as ApiRequest;
    const durationMs = performance.now() - request.startedAt;
    const operation = request.operation ?? 'unmatched';
    countRequest({ api, operation, status: reply.statusCode, seconds: durationMs / 1000 });
    const caller = request.user?.clientId;
    const { correlationId, method } = request;
    log.info('request.answered', {
      api,
      operation,
      method,
      status: reply.statusCode,
      durationMs,
      correlationId,
      caller,
    });
    done();
  });
  return operations;
}

/** The operation of each route: `GET /system/erp/v1/journal-entries/:id` is `readJournalEntry`. */
function operationsOf({ paths }: OpenAPIObject): [string, string][] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, { operationId?: string }>).flatMap(([method, { operationId }]) => {
      const route = `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`;
      return operationId ? [[route, operationId] as [string, string]] : [];
    }),
  );
}

/** A refusal is audited too: who tried what. It does not wait, so that an attack cannot slow the audit down for others. */
function recordFailure(
  definition: ApiDefinition,
  platform: Platform,
  request: ApiRequest,
  problem: ReturnType<typeof problemOf>,
): void {
  const api = apiId(definition);
  const operation = request.operation ?? 'unmatched';
  if (problem.slug === 'internal')
    log.error('request.failed', {
      api,
      operation,
      correlationId: request.correlationId,
      error: problem.cause ?? problem,
    });
  if (!request.user) return;
  void platform.audit
    .record({
      api,
      operation,
      action: request.method === 'GET' ? 'read' : 'execute',
      outcome: problem.slug,
      client: request.user.clientId,
      correlationId: request.correlationId,
    })
    .catch((error: unknown) => log.error('audit.failed', { api, operation, error }));
}

/** Every route names its scope, or the API does not start; and a finance API declares no PHI. */
function refuseUnguarded(definition: ApiDefinition): void {
  for (const { where, options } of endpointsOf(definition)) {
    if (!options?.scope) throw new Error(`${where} has no scope; declare it with @Endpoint`);
    if (definition.dataClass === 'finance' && options.answer && declares(options.answer as Shape, 'phi')) {
      throw new Error(`${where} answers with PHI, which a finance API must not hold`);
    }
  }
}
