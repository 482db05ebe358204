import type { OpenAPIObject } from '@nestjs/swagger';
import { BULK } from './bulk/bulk-job.js';

/** A JSON Schema, as far as it is looked into here. */
export type Schema = Record<string, unknown>;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}

interface Operation {
  readonly operationId?: string;
  readonly [BULK]?: boolean;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, { schema?: Schema }>>;
  };
}

/** What the contract says that a request of one operation looks like. */
export interface RequestSchemas {
  readonly operation: string;
  readonly path: Schema;
  readonly query: Schema;
  /** Media types of the body; none where the operation takes no body. */
  readonly media: readonly string[];
  /** Whether a request without a body is one, too. */
  readonly bodyOptional: boolean;
  /** Shape of a JSON body. */
  readonly body: Schema | undefined;
  /** Shape of one entry of a bulk, which the body leaves open: an entry that is wrong does not stop the others. */
  readonly entry?: Schema;
}

/** The requests of every operation of a contract. */
export function requestSchemas({ paths, components }: OpenAPIObject): RequestSchemas[] {
  const operations = Object.values(paths).flatMap((path) => Object.values(path as Record<string, Operation>));
  return operations.flatMap(({ operationId, parameters = [], requestBody, [BULK]: isBulk }) => {
    if (!operationId) return [];
    const content = requestBody?.content ?? {};
    const body = (content['application/json'] ?? content['application/merge-patch+json'])?.schema;
    return [
      {
        operation: operationId,
        path: parametersSchema(parameters, 'path'),
        query: parametersSchema(parameters, 'query'),
        media: Object.keys(content),
        bodyOptional: requestBody?.required !== true,
        ...(isBulk && body ? bulkSchemas(body, components) : { body: body && rebased(body) }),
      },
    ];
  });
}

function bulkSchemas(body: Schema, components: OpenAPIObject['components']): Pick<RequestSchemas, 'body' | 'entry'> {
  const name = (body['$ref'] as string).split('/').at(-1)!;
  const shape = components?.schemas?.[name] as unknown as { properties: { items: { items: Schema } } };
  const { items: entry, ...items } = shape.properties.items;
  return { body: { ...shape, properties: { items }, additionalProperties: false }, entry: rebased(entry) };
}

const DOCUMENT = 'urn:concord:contract';

/** The shapes that bodies refer to, with undeclared members refused. */
export const sharedSchemas = ({ components }: OpenAPIObject): Schema => ({
  $id: DOCUMENT,
  components: { schemas: closed(components?.schemas ?? {}) },
});

function parametersSchema(parameters: readonly Parameter[], place: string): Schema {
  const here = parameters.filter((parameter) => parameter.in === place);
  return {
    type: 'object',
    properties: Object.fromEntries(here.map(({ name, schema }) => [name, schema ?? { type: 'string' }])),
    required: here.filter(({ required }) => required).map(({ name }) => name),
    additionalProperties: false,
  };
}

const rebased = (schema: Schema): Schema =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', `"${DOCUMENT}#/components/`)) as Schema;

const closed = (schemas: object): Schema =>
  Object.fromEntries(
    Object.entries(schemas as Record<string, Schema>).map(([name, schema]) => [
      name,
      schema['type'] === 'object' && schema['additionalProperties'] === undefined
        ? { ...schema, additionalProperties: false }
        : schema,
    ]),
  );
