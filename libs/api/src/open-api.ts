import type { INestApplication, Type } from '@nestjs/common';
import { PARAMTYPES_METADATA, SELF_DECLARED_DEPS_METADATA } from '@nestjs/common/constants.js';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { CODE, PROBLEMS, REMOVABLE } from '@concord/canonical';
import { basePath, type ApiDefinition } from './definition.js';
import { controllersOf } from './endpoints.js';

interface Operation {
  operationId?: string;
  parameters?: { in: string; schema?: Record<string, unknown> }[];
  responses: Record<string, unknown>;
}

/** The refusals that every operation may answer with. */
const REFUSALS: Record<string, string> = {
  '400': 'The request cannot be read',
  '401': 'A valid access token is needed',
  '403': 'The access token does not allow this',
  '422': 'The request is well formed but cannot be carried out',
  '429': 'Too many requests; see Retry-After and RateLimit',
  '503': 'The system behind does not answer; see Retry-After',
};

/** The refusals of some operations. */
const SOME_REFUSALS: Record<string, string> = {
  '404': 'There is nothing at this address',
  '412': PROBLEMS.stale.title,
  '428': PROBLEMS['precondition-required'].title,
};

/** The contract of an API (OpenAPI 3.1), made from its modules without instantiating a provider. */
export async function openApiOf(definition: ApiDefinition): Promise<OpenAPIObject> {
  const options = { logger: false, preview: true, abortOnError: false } as const;
  const controllers = controllersOf(definition.module).map(withoutDependencies);
  const app = await NestFactory.create({ module: ContractRoot, controllers }, new FastifyAdapter(), options);
  app.setGlobalPrefix(basePath(definition).slice(1));
  try {
    return documentOf(app, definition);
  } finally {
    await app.close();
  }
}

class ContractRoot {}

/** The same controller with nothing to inject: a contract needs its routes and shapes, not its providers. */
function withoutDependencies(controller: Type): Type {
  const bare = class extends controller {};
  Reflect.defineMetadata(PARAMTYPES_METADATA, [], bare);
  Reflect.defineMetadata(SELF_DECLARED_DEPS_METADATA, [], bare);
  return bare;
}

export function documentOf(app: INestApplication, definition: ApiDefinition): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle(definition.title)
    .setDescription(definition.description)
    .setVersion(`${definition.version}.0.0`)
    .setOpenAPIVersion('3.1.0')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/', 'This host')
    .addOAuth2({ type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/oauth/token', scopes: {} } } })
    .addExtension('x-layer', definition.layer)
    .addExtension('x-data-class', definition.dataClass);
  if (definition.fallbacks) builder.addExtension('x-fallbacks', definition.fallbacks);
  const operationIdFactory = (_controller: string, method: string) => method;
  const document = SwaggerModule.createDocument(app, builder.build(), { operationIdFactory });
  return completed(document);
}

/** Adds what is the same for every operation: problem answers, and what a path parameter may look like. */
function completed(document: OpenAPIObject): OpenAPIObject {
  const scopes = new Set<string>();
  const tags = new Set<string>();
  const used = new Set<string>();
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path) as (Operation & { security?: object[]; tags?: string[] })[]) {
      if (!operation.operationId) continue;
      for (const security of operation.security ?? [])
        Object.values(security)
          .flat()
          .forEach((s) => scopes.add(s as string));
      operation.tags?.forEach((tag) => tags.add(tag));
      for (const parameter of operation.parameters ?? []) {
        if (parameter.in === 'path') parameter.schema = { type: 'string', pattern: CODE.source };
      }
      const found = operation.parameters?.some((parameter) => parameter.in === 'path');
      const refusals = Object.keys(REFUSALS).concat(found ? ['404'] : []);
      const special = Object.keys(SOME_REFUSALS).filter((status) => operation.responses[status]);
      for (const status of special) {
        operation.responses[status] = { $ref: `#/components/responses/${status}` };
        used.add(status);
      }
      for (const status of refusals) operation.responses[status] ??= { $ref: `#/components/responses/${status}` };
      operation.responses = sorted(operation.responses);
    }
  }
  const flows = {
    clientCredentials: {
      tokenUrl: '/oauth/token',
      scopes: Object.fromEntries([...scopes].sort().map((s) => [s, describeScope(s)])),
    },
  };
  document.tags = [...tags].sort().map((name) => ({ name, description: `Operations on ${name.replaceAll('-', ' ')}` }));
  document.components = {
    ...document.components,
    schemas: { ...sorted(withNulls(document.components?.schemas ?? {})), Problem: PROBLEM_SCHEMA },
    responses: Object.fromEntries(
      Object.entries({ ...REFUSALS, ...SOME_REFUSALS })
        .filter(([status]) => status in REFUSALS || status === '404' || used.has(status))
        .map(([status, description]) => [status, refusal(description)]),
    ),
    securitySchemes: { oauth2: { type: 'oauth2', flows } },
  } as unknown as OpenAPIObject['components'];
  return document;
}

interface PropertySchema {
  type?: string;
  enum?: unknown[];
  [REMOVABLE]?: boolean;
  [keyword: string]: unknown;
}

/** The schemas, with null where a change may remove the field. */
function withNulls(schemas: object): object {
  for (const { properties = {} } of Object.values(schemas) as { properties?: Record<string, PropertySchema> }[]) {
    for (const [name, property] of Object.entries(properties)) {
      if (property[REMOVABLE]) properties[name] = orNull(property);
    }
  }
  return schemas;
}

function orNull({ [REMOVABLE]: _, description, ...schema }: PropertySchema): PropertySchema {
  const said = `${description as string}; null removes it`;
  if (schema.enum) return { description: said, ...schema, type: undefined, enum: [...schema.enum, null] };
  if (schema.type) return { description: said, ...schema, type: [schema.type, 'null'] as unknown as string };
  return { description: said, anyOf: [schema, { type: 'null' }] };
}

const sorted = <T extends object>(record: T): T =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))) as T;

/** `erp/journal-entry.write` → "write journal entries of erp", in plain words. */
const describeScope = (scope: string): string => {
  const [api, rest = ''] = scope.split('/');
  const [noun = '', verb = ''] = rest.split('.');
  return `${verb} ${noun.replaceAll('-', ' ')} (${api})`;
};

const refusal = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

const PROBLEM_SCHEMA = {
  type: 'object',
  description: 'Why a request was refused or failed (RFC 9457)',
  required: ['type', 'title', 'status', 'code', 'retryable'],
  properties: {
    type: { type: 'string', description: 'Where the problem is documented', example: '/problems/validation-failed' },
    title: { type: 'string', description: 'The problem in one sentence' },
    status: { type: 'integer', description: 'HTTP status' },
    code: { type: 'string', description: 'The problem for programs', enum: Object.keys(PROBLEMS) },
    detail: { type: 'string', description: 'What happened here' },
    retryable: { type: 'boolean', description: 'Whether the same request may succeed later' },
    correlationId: { type: 'string', description: 'Names this request in every log and audit line' },
    context: {
      type: 'object',
      description: 'Codes that the refusal is about',
      additionalProperties: { type: 'string' },
    },
    errors: {
      type: 'array',
      description: 'The faults of the request',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'detail'],
        properties: {
          pointer: { type: 'string', description: 'JSON pointer of the member (RFC 6901)' },
          code: { type: 'string', description: 'What is wrong, for programs' },
          detail: { type: 'string', description: 'What is wrong, in words' },
        },
      },
    },
  },
};
