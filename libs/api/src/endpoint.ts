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
import { ApiBody, ApiConsumes, ApiHeader, ApiOAuth2, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Problem } from '@concord/canonical';
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
  /** The answer is a stream of server-sent events. */
  readonly stream?: boolean;
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
  if (effect) decorators.push(ApiHeader(idempotencyKeyHeader(!options.keyOptional)));
  return applyDecorators(...decorators);
}

function answerOf(options: EndpointOptions, status: number) {
  if (options.stream) {
    const content = { 'text/event-stream': { schema: { type: 'string' } } };
    return { status, description: 'A stream of server-sent events', content };
  }
  return { status, description: options.answer ? 'Done' : 'Done; there is nothing to say', type: options.answer };
}

const foreignBody = (options: EndpointOptions) => {
  const text = options.consumes?.some((type) => type.startsWith('text/'));
  return { schema: { type: text ? 'string' : 'object' }, examples: sample(options.example) } as const;
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
