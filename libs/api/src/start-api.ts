import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Problem } from '@concord/canonical';
import { declareOperation, log } from '@concord/observability';
import { policyModule } from '@concord/policy';
import { auditLine } from './audit-line.js';
import { BulkJobs } from './bulk/bulk-jobs.js';
import { apiId, basePath, type ApiDefinition } from './definition.js';
import { addEntityTags } from './entity-tag.js';
import { addBodyParsers } from './json-body.js';
import { LocalCalls } from './local-calls.js';
import { documentOf } from './open-api.js';
import { PlatformModule, type Platform } from './platform.js';
import { PoliciesInterceptor } from './policies.interceptor.js';
import { ProblemFilter, problemOf, sendProblem } from './problem.filter.js';
import { addRequestContext, beginRequest } from './request-context.js';
import type { ApiReply, ApiRequest } from './request.js';
import { Routes } from './routes.js';
import { checkStart } from './start-rules.js';
import { RequestValidation } from './validation.js';

/** Limits of every API: bytes of a body, time of a request to arrive, time of a handler to answer. */
export const BODY_BYTES = 1024 * 1024;
const BULK_BODY_BYTES = 4 * BODY_BYTES;
export const REQUEST_TIMEOUT_MS = 10_000;
const HANDLER_TIMEOUT_MS = 30_000;
/** Longer than any id, so that an id that is too long is a fault with a pointer. */
const PATH_PARAMETER_CHARACTERS = 1000;

export interface RunningApi {
  readonly definition: ApiDefinition;
  readonly app: NestFastifyApplication;
  readonly instance: FastifyInstance;
  /** For callers in the same process. */
  readonly calls: LocalCalls;
}

/**
 * Starts an API inside this process, without a port of its own, with the policies of Concord in one fixed order on
 * every endpoint: limits, token, audience, scope, access, rate, idempotency, validation, handler, field filtering,
 * audit, problem. Throws where an endpoint breaks a rule of `start-rules.ts`, for example has no scope.
 */
export async function startApi(definition: ApiDefinition, platform: Platform): Promise<RunningApi> {
  checkStart(definition);
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    logger: false,
    routerOptions: { maxParamLength: PATH_PARAMETER_CHARACTERS },
    frameworkErrors: refuseAddress,
  });
  const instance = adapter.getInstance<FastifyInstance>();
  addBodyParsers(instance);
  const tellRoutes = addRequestContext(instance, apiId(definition));
  addEntityTags(instance);
  instance.addHook('onRoute', (route) => {
    if (isBulk(route.url)) route.bodyLimit = BULK_BODY_BYTES;
  });
  const policies = policyModule({ ...platform.policy, audience: `${platform.publicUrl}/${apiId(definition)}` });
  const root = { module: ApiRoot, imports: [PlatformModule.of(platform, definition), policies, definition.module] };
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    logger: ['error', 'warn'],
    bodyParser: false,
    abortOnError: false,
  });
  app.setGlobalPrefix(basePath(definition).slice(1));
  const document = documentOf(app, definition);
  const routes = new Routes(document);
  tellRoutes(routes);
  for (const operation of routes.operationIds) declareOperation(apiId(definition), operation);
  const onFailure = (request: ApiRequest, problem: Problem) => recordFailure(definition, platform, request, problem);
  app.useGlobalFilters(
    new ProblemFilter({
      allowed: ({ url }) => routes.methodsAt(url),
      fallbackOf: ({ url }) => fallbackAt(definition, url),
      onFailure,
    }),
  );
  const validation = new RequestValidation(document);
  app.useGlobalInterceptors(
    new PoliciesInterceptor({
      definition,
      receipts: platform.receipts,
      audit: platform.audit,
      validation,
      handlerTimeoutMs: platform.handlerTimeoutMs ?? HANDLER_TIMEOUT_MS,
    }),
  );
  const contract = JSON.stringify(document);
  instance.get(`${basePath(definition)}/openapi.json`, (_request, reply) =>
    reply.type('application/json').send(contract),
  );
  await app.init();
  await instance.ready();
  const calls = new LocalCalls({ definition, app, onFailure });
  app.get(BulkJobs).start((operation, entry) => validation.entryFaults(operation, entry));
  platform.transports.host(apiId(definition), { instance, base: basePath(definition), calls });
  return { definition, app, instance, calls };
}

/** By the first word below the API's address, as its callers name its capabilities. */
const fallbackAt = ({ fallbacks, ...api }: ApiDefinition, url: string): string | undefined =>
  fallbacks?.[url.slice(basePath(api).length + 1).split(/[/?]/, 1)[0]!];

class ApiRoot {}

const isBulk = (path: string): boolean => path.endsWith('/bulk');

/** Bytes that the body of a request to an address may have. */
export const bodyLimitOf = (url: string): number => (isBulk(url.split('?', 1)[0]!) ? BULK_BODY_BYTES : BODY_BYTES);

/** An address that the router cannot read is refused before any hook runs. */
function refuseAddress(error: unknown, request: unknown, reply: unknown): void {
  beginRequest(request as ApiRequest, reply as ApiReply);
  sendProblem(reply as ApiReply, problemOf(error), (request as ApiRequest).correlationId);
}

/**
 * A refusal is audited too: who tried what. It does not wait, so that an attack cannot slow the audit down for others;
 * and whoever has not shown who he is leaves a log line only.
 */
function recordFailure(definition: ApiDefinition, platform: Platform, request: ApiRequest, problem: Problem): void {
  const api = apiId(definition);
  const { operation = 'unmatched', correlationId } = request;
  if (problem.slug === 'internal') {
    log.error('request.failed', { api, operation, correlationId, error: problem.cause ?? problem });
  }
  if (!request.user) return;
  platform.audit
    .record(auditLine(api, request, problem.slug))
    .catch((error: unknown) => log.error('audit.failed', { api, operation, error }));
}
