import { PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import type { INestApplicationContext } from '@nestjs/common';
import { ExternalContextCreator } from '@nestjs/core';
import { RouteParamsFactory } from '@nestjs/core/router/route-params-factory.js';
import type { Problem } from '@concord/canonical';
import { ENDPOINT } from '@concord/policy';
import type { TransportRequest, TransportResponse } from '@concord/sdk-core';
import { apiId, type ApiDefinition } from './definition.js';
import { controllersOf } from './endpoints.js';
import type { EndpointOptions } from './endpoint.js';
import { LocalReply, localRequest } from './local-request.js';
import { problemOf, refusalOf } from './problem.filter.js';
import { beginRequest, endRequest } from './request-context.js';
import type { ApiReply, ApiRequest } from './request.js';

interface Operation {
  readonly status: number;
  /** Below the base: `/journal-entries/:id`. */
  readonly route: string;
  /** The handler behind all guards and interceptors, made by Nest. */
  readonly run: (request: ApiRequest, reply: ApiReply) => Promise<unknown>;
}

interface Parts {
  readonly definition: ApiDefinition;
  readonly app: INestApplicationContext;
  readonly onFailure: (request: ApiRequest, problem: Problem) => void;
}

/**
 * The operations of an API for callers in the same process. Nest puts the same guards and the same interceptor around a
 * handler as it does for HTTP, so every policy holds; what is left out is the way through a socket that is not there:
 * routing, and writing JSON only to read it again. Operations of streams and of foreign bodies are not among them, nor
 * is a read on condition: it takes the bytes of an answer to say that they are the same.
 */
export class LocalCalls {
  private readonly operations = new Map<string, Operation>();
  private readonly api: string;

  constructor(private readonly parts: Parts) {
    const { definition, app } = parts;
    this.api = apiId(definition);
    const contexts = ExternalContextCreator.fromContainer(
      (app as unknown as { container: Parameters<typeof ExternalContextCreator.fromContainer>[0] }).container,
    );
    for (const controller of controllersOf(definition.module)) {
      const instance = app.get<Record<string, (...args: never[]) => unknown>>(controller, { strict: false });
      for (const [name, handler] of handlersOf(instance)) {
        const endpoint = Reflect.getMetadata(ENDPOINT, handler) as EndpointOptions | undefined;
        if (!endpoint || endpoint.stream || endpoint.consumes) continue;
        const run = contexts.create(instance, handler, name, ROUTE_ARGS_METADATA, PARAMETERS, undefined, undefined, {
          guards: true,
          interceptors: true,
          filters: false,
        });
        const route = routeOf(controller, handler);
        this.operations.set(name, { status: endpoint.status ?? 200, route, run: run as Operation['run'] });
      }
    }
  }

  /** The answer, whatever its status; undefined where the operation is not one that can be called this way. */
  async call(asked: TransportRequest): Promise<TransportResponse | undefined> {
    const operation = this.operations.get(asked.operation);
    const request = operation && localRequest(asked, operation.route);
    if (!operation || !request || asked.headers['if-none-match'] !== undefined) return undefined;
    const reply = new LocalReply();
    beginRequest(request, reply.asReply);
    try {
      const body = await operation.run(request, reply.asReply);
      if (body !== undefined) reply.header('content-type', 'application/json; charset=utf-8');
      return this.answered(request, reply, operation.status, body);
    } catch (error) {
      const problem = problemOf(error);
      this.parts.onFailure(request, problem);
      const { status, headers, body } = refusalOf(problem, request.correlationId);
      for (const [name, value] of Object.entries(headers)) reply.header(name, value);
      return this.answered(request, reply, status, body);
    }
  }

  private answered(request: ApiRequest, reply: LocalReply, status: number, body: unknown): TransportResponse {
    endRequest(request, status, this.api);
    return { status, headers: reply.headers, body };
  }
}

/** How Nest finds the arguments of a handler; it hands over what the handler was called with as a list. */
const fromRequest = new RouteParamsFactory();
const PARAMETERS = {
  exchangeKeyForValue: (kind: number, name: unknown, [req, res]: readonly unknown[]): unknown =>
    fromRequest.exchangeKeyForValue(kind, name as string, {
      req: req as never,
      res: res as never,
      next: undefined as never,
    }),
};

type Handler = (...args: unknown[]) => unknown;

function handlersOf(instance: object): [string, Handler][] {
  const found = new Map<string, Handler>();
  for (
    let type = Object.getPrototypeOf(instance) as object;
    type !== Object.prototype;
    type = Object.getPrototypeOf(type) as object
  ) {
    for (const name of Object.getOwnPropertyNames(type)) {
      const value = Object.getOwnPropertyDescriptor(type, name)?.value as unknown;
      if (typeof value === 'function' && !found.has(name) && Reflect.hasMetadata(PATH_METADATA, value)) {
        found.set(name, value as Handler);
      }
    }
  }
  return [...found];
}

function routeOf(controller: object, handler: object): string {
  const parts = [
    Reflect.getMetadata(PATH_METADATA, controller),
    Reflect.getMetadata(PATH_METADATA, handler),
  ] as string[];
  return parts
    .flatMap((part) => part.split('/'))
    .filter(Boolean)
    .map((part) => `/${part}`)
    .join('');
}
