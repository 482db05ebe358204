import {
  applyDecorators,
  Controller,
  createParamDecorator,
  Delete,
  Get,
  HttpCode,
  Patch,
  Post,
  Put,
  SetMetadata,
  type ExecutionContext,
  type Type,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes, ApiHeader, ApiOAuth2, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { expectedRevision, fieldsOf, isPage, Problem, PROBLEMS, type Shape } from '@concord/canonical';
import { ENDPOINT, type EndpointPolicy } from '@concord/policy';
import type { ApiRequest } from './request.js';

const METHODS = { GET: Get, POST: Post, PUT: Put, PATCH: Patch, DELETE: Delete } as const;
type Route = keyof typeof METHODS | `${keyof typeof METHODS} ${string}`;

export interface EndpointOptions extends EndpointPolicy {
  /** What the operation is for, in one sentence. */
  readonly summary: string;
  /** The shape of the answer, or of the data of each event of a stream. Without one, only text leaves. */
  readonly answer?: Type;
  /** 200 where nothing is said. */
  readonly status?: number;
  /** Whether it changes something outside; then an Idempotency-Key is needed. True for everything but GET. */
  readonly effect?: boolean;
  /** An effect whose message carries its own identity (an HL7 control id, a FHIR resource version). */
  readonly keyOptional?: boolean;
  /** Media types of a body that is not one of our shapes. */
  readonly consumes?: readonly string[];
  /** The list below this API in which the answer's `id` is found; its address leaves as `Location`. */
  readonly location?: string;
  /** The answer is a stream of server-sent events. */
  readonly stream?: boolean;
  /** Whether a request without a body is one, too. */
  readonly bodyOptional?: boolean;
  /** Example of the request body. */
  readonly example?: unknown;
}

/** A controller of one resource: its path below `/{layer}/{api}/v1` and its tag in the contract. */
export const Resource = (path: string): ClassDecorator =>
  applyDecorators(Controller(path), ApiTags(path.split('/')[0] ?? path));

/** Says all about an operation: route, who may call, what it is. Without it, or without a scope, the API does not start. */
export function Endpoint(route: Route, options: EndpointOptions): MethodDecorator {
  const [method, path = ''] = route.split(' ') as [keyof typeof METHODS, string?];
  const effect = options.effect ?? method !== 'GET';
  const status = options.status ?? 200;
  const decorators: (MethodDecorator | PropertyDecorator)[] = [
    METHODS[method](path),
    HttpCode(status),
    SetMetadata(ENDPOINT, { ...options, effect }),
    ApiOperation({ summary: options.summary }),
    ApiOAuth2([options.scope]),
    ApiResponse(answerOf(options, status)),
  ];
  if (options.consumes) decorators.push(ApiConsumes(...options.consumes), ApiBody(foreignBody(options)));
  else if (method === 'PATCH') decorators.push(ApiConsumes(MERGE_PATCH));
  if (options.bodyOptional) decorators.push(RouteConfig({ bodyOptional: true }));
  if (effect) decorators.push(ApiHeader(idempotencyKeyHeader(!options.keyOptional)));
  if (method === 'GET' && entityTagFor(options)) decorators.push(...CONDITIONAL_READ);
  return (target, key, descriptor) => {
    if (Reflect.hasMetadata(CONDITIONAL, target, key)) decorators.push(...CONDITIONAL_CHANGE);
    applyDecorators(...decorators)(target, key, descriptor);
  };
}

/** A change is a JSON Merge Patch (RFC 7396). */
const MERGE_PATCH = 'application/merge-patch+json';

/**
 * Where the `ETag` of an answer comes from: the `revision` of a resource is its strong tag; the tag of a page is a weak
 * one, made of its bytes.
 */
export function entityTagFor({ answer, stream }: EndpointOptions): 'revision' | 'bytes' | undefined {
  if (!answer || stream) return undefined;
  if (isPage(answer)) return 'bytes';
  return fieldsOf(answer as Shape).some(({ name }) => name === 'revision') ? 'revision' : undefined;
}

function answerOf(options: EndpointOptions, status: number) {
  if (options.stream) {
    const content = { 'text/event-stream': { schema: { type: 'string' } } };
    const shape = options.answer ? `, the data of each a ${options.answer.name} as JSON` : '';
    return { status, description: `A stream of server-sent events${shape}`, content };
  }
  const description = options.answer ? 'Done' : 'Done; there is nothing to say';
  const headers = {
    ...(options.location === undefined ? {} : { Location: textHeader('The address of what was made') }),
    ...(entityTagFor(options) ? { ETag: textHeader('Entity tag of the answer (RFC 9110, 8.8.3)') } : {}),
  };
  return { status, description, type: options.answer, ...(Object.keys(headers).length ? { headers } : {}) };
}

const textHeader = (description: string) => ({ description, schema: { type: 'string' as const } });

const CONDITIONAL_READ: readonly MethodDecorator[] = [
  ApiHeader({
    name: 'If-None-Match',
    description: 'Entity tags that the caller holds; where one is that of the answer, only 304 is answered',
    required: false,
    schema: { type: 'string', maxLength: 1000 },
  }),
  ApiResponse({ status: 304, description: 'Nothing has changed since the entity tag that the caller holds' }),
];

const CONDITIONAL_CHANGE: readonly MethodDecorator[] = [
  ApiHeader({
    name: 'If-Match',
    description: 'Entity tag of the revision that the change was decided on, or * for whatever there is',
    required: true,
    schema: { type: 'string', maxLength: 1000 },
  }),
  ApiResponse({ status: 412, description: PROBLEMS.stale.title }),
  ApiResponse({ status: 428, description: PROBLEMS['precondition-required'].title }),
];

const CONDITIONAL = Symbol('concord:conditional');

/**
 * The revision that the change was decided on, out of `If-Match`, for the connector to compare in its own transaction:
 * opaque text, or `ANY_REVISION`. Its endpoint refuses what has none (428) or names a weak tag (412).
 */
export const IfMatch = (): ParameterDecorator => (target, key, index) => {
  Reflect.defineMetadata(CONDITIONAL, true, target, key!);
  ExpectedRevision()(target, key, index);
};

const ExpectedRevision = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  return expectedRevision(context.switchToHttp().getRequest<ApiRequest>().headers['if-match']);
});

const foreignBody = (options: EndpointOptions) => {
  const text = options.consumes?.some((type) => type.startsWith('text/'));
  return {
    schema: { type: text ? 'string' : 'object' },
    examples: sample(options.example),
    ...(options.bodyOptional ? { required: false } : {}),
  } as const;
};

const sample = (value: unknown) => (value === undefined ? undefined : { example: { value } });

const idempotencyKeyHeader = (required: boolean) => ({
  name: 'Idempotency-Key',
  description: 'Names this request: sent again with the same key it has no second effect, and the first answer returns',
  required,
  schema: { type: 'string', minLength: 1, maxLength: 200 },
});

/**
 * The key that a connector carries into its target, so that an effect whose reply was lost is found again instead of
 * repeated: caller and Idempotency-Key. Two callers may use the same key for different things.
 */
export const BusinessKey = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const request = context.switchToHttp().getRequest<ApiRequest>();
  return businessKey(request);
});

function businessKey({ user, headers }: ApiRequest): string {
  const key = headers['idempotency-key'];
  if (typeof key !== 'string') throw new Problem('idempotency-key-missing');
  return `${user?.clientId ?? 'anonymous'}/${key}`;
}

/** The calling principal. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext) => {
  return context.switchToHttp().getRequest<ApiRequest>().user;
});
