import 'reflect-metadata';
import { Body, Module, Param, Query } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync } from 'class-validator';
import fc from 'fast-check';
import {
  EncounterFinancials,
  Encounter,
  Item,
  LaborAllocation,
  NewClaim,
  NewCrosswalkEntry,
  NewJournalEntry,
  NewStockAdjustment,
  PageQuery,
  Patient,
  PreviewRequest,
  Problem,
  Resolution,
  Run,
  RunException,
} from '@concord/canonical';
import type { ApiDefinition } from './definition.js';
import { Endpoint, Resource } from './endpoint.js';
import { openApiOf } from './open-api.js';
import { RequestValidation } from './validation.js';

type Shape = new () => object;
interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly [Schema];
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

const SHAPES: readonly Shape[] = [
  NewJournalEntry,
  NewClaim,
  NewStockAdjustment,
  NewCrosswalkEntry,
  Encounter,
  EncounterFinancials,
  Item,
  LaborAllocation,
  Patient,
  PreviewRequest,
  Resolution,
  Run,
  RunException,
];

/** An endpoint that takes the shape as its body: `takeItem`. */
function taking(shape: Shape): Shape {
  @Resource(`taken-${shape.name.toLowerCase()}`)
  class TakingController {}
  const operation = `take${shape.name}`;
  const { prototype } = TakingController;
  const handler = { [operation]: () => undefined }[operation]!;
  Object.defineProperty(prototype, operation, { value: handler, writable: true, configurable: true });
  Reflect.defineMetadata('design:paramtypes', [shape], prototype, operation);
  Body()(prototype, operation, 0);
  Endpoint('POST', { scope: 'forms/form.write', summary: `Take ${shape.name}` })(prototype, operation, {
    value: handler,
  });
  return TakingController;
}

@Resource('lists')
class ListsController {
  @Endpoint('GET :id', { scope: 'forms/form.read', summary: 'List' })
  list(@Param('id') _id: string, @Query() _query: PageQuery): void {}
}

@Module({ controllers: [ListsController, ...SHAPES.map(taking)] })
class FormsModule {}

const forms: ApiDefinition = {
  layer: 'system',
  name: 'forms',
  version: 1,
  title: 'Forms',
  description: 'Takes every shape',
  dataClass: 'phi',
  module: FormsModule,
};

let contract: OpenAPIObject;
let validation: RequestValidation;

beforeAll(async () => {
  rememberRules();
  contract = await openApiOf(forms);
  validation = new RequestValidation(contract);
});

const schemaOf = (name: string): Schema => contract.components!.schemas![name] as Schema;

/** The refusal of a request, or undefined where it is accepted. */
function refusalOf(
  operation: string,
  request: { body?: unknown; query?: unknown; params?: unknown },
): Problem | undefined {
  const headers = { 'content-type': 'application/json' };
  try {
    validation.check(operation, { headers, params: {}, query: {}, ...request });
    return undefined;
  } catch (error) {
    return error as Problem;
  }
}

const bodyRefusal = (shape: Shape, body: unknown): Problem | undefined => refusalOf(`take${shape.name}`, { body });

/** class-validator looks through all classes for the rules of one, each time; here it is asked 10,000 times. */
function rememberRules(): void {
  const storage = getMetadataStorage();
  const rulesOf = storage.getTargetValidationMetadatas.bind(storage);
  const known = new Map<unknown, ReturnType<typeof rulesOf>>();
  storage.getTargetValidationMetadatas = (shape, ...how) => {
    const rules = known.get(shape) ?? rulesOf(shape, ...how);
    known.set(shape, rules);
    return rules;
  };
}

/** What class-validator says of the same value, told to refuse what is not declared. */
const classAccepts = (shape: Shape, value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  validateSync(plainToInstance(shape, value), { whitelist: true, forbidNonWhitelisted: true }).length === 0;

/** Any value that a schema of the contract promises to accept. */
function valid(schema: Schema): fc.Arbitrary<unknown> {
  const { $ref, allOf, type, format, pattern } = schema;
  if ($ref !== undefined) return valid(schemaOf($ref.split('/').at(-1)!));
  if (allOf) return valid(allOf[0]);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (format === 'date') return moment.map((iso) => iso.slice(0, 10));
  if (format === 'date-time') return moment;
  if (type === 'string' && schema.maxLength !== undefined) {
    const { minLength = 0, maxLength } = schema;
    const line = new RegExp(pattern ?? '', 'u');
    return fc.string({ unit: 'binary', minLength, maxLength }).filter((text) => line.test(text));
  }
  if (type === 'string' && pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  if (type === 'integer') return fc.integer({ min: schema.minimum, max: schema.maximum });
  if (type === 'boolean') return fc.boolean();
  if (type === 'array') {
    return fc.array(valid(schema.items!), { minLength: schema.minItems, maxLength: (schema.minItems ?? 0) + 2 });
  }
  if (schema.properties) {
    const members = Object.entries(schema.properties).map(([name, member]) => [name, valid(member)] as const);
    return fc.record(Object.fromEntries(members), { requiredKeys: [...(schema.required ?? [])] as never[] });
  }
  return fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string({ maxLength: 20 }));
}

const moment = fc
  .date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());

/** Values that look right to somebody: types nearly right, lengths at the edge, days that are in no calendar. */
const suspect = fc.oneof(
  fc.jsonValue({ maxDepth: 1 }),
  fc.constantFrom<unknown>(null, '', ' ', 0, -1, 1.5, 1e21, true, [], {}, [[]], [null], [{}], ['a', 1], { a: 'b' }),
  fc.constantFrom<unknown>('2025-02-29', '2025-13-01', '2025-06-31', '0000-01-01', '2025-01-01T00:00:00', '20250101'),
  fc.constantFrom<unknown>('2016-12-31T23:59:60Z', '2025-01-01T24:00:00Z', '2025-02-30T10:00:00Z', '2025-1-1'),
  fc.constantFrom<unknown>('usd', 'USD\n', '1e3', '+1', '1.', '.5', '１', '1234567890123456', '0.1234567', '-0'),
  fc.constantFrom<unknown>('a\uFE0F'.repeat(150), '😀'.repeat(200), '😀'.repeat(201), '\uD83D', 'a\u0000', 'a\u2028b'),
  fc.integer({ min: 195, max: 205 }).map((length) => 'x'.repeat(length)),
);

type Change = (holder: Record<string, unknown>, name: string, value: unknown) => void;
const change: fc.Arbitrary<Change> = fc.constantFrom<Change>(
  (holder, name, value) => (holder[name] = value),
  (holder, name) => (Array.isArray(holder) ? holder.pop() : delete holder[name]),
  (holder, name) => (holder[name] = [holder[name]]),
  (holder, _, value) => (holder[Array.isArray(holder) ? holder.length : 'undeclared'] = value),
  (holder, name) => (holder[name] = JSON.stringify(holder[name])),
);

/** Every member of a value, with what holds it. */
function membersOf(value: unknown): [Record<string, unknown>, string][] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((name) => [
    [holder, name] as [Record<string, unknown>, string],
    ...membersOf(holder[name]),
  ]);
}

describe.each(SHAPES)('%p', (shape) => {
  test('a valid value is accepted by the contract and by its class', () => {
    fc.assert(
      fc.property(valid(schemaOf(shape.name)), (value) => {
        expect(bodyRefusal(shape, value)?.errors).toBeUndefined();
        expect(classAccepts(shape, value)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  test('a changed value is accepted by both, or refused by both', () => {
    const changes = fc.array(fc.tuple(change, fc.nat(), suspect), { minLength: 1, maxLength: 2 });
    fc.assert(
      fc.property(valid(schemaOf(shape.name)), changes, (value, all) => {
        const changed: unknown = JSON.parse(JSON.stringify(value));
        for (const [make, at, other] of all) {
          const members = membersOf(changed);
          if (members.length) make(...members[at % members.length]!, other);
        }
        const body: unknown = JSON.parse(JSON.stringify(changed));
        const [byContract, byClass] = [bodyRefusal(shape, body) === undefined, classAccepts(shape, body)];
        if (byContract !== byClass)
          throw new Error(`${byClass ? 'refused' : 'accepted'} by the contract only: ${JSON.stringify(body)}`);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a query', () => {
  test('is accepted by the contract where its class accepts the same values', () => {
    const size = fc.oneof(fc.integer({ min: -2, max: 600 }), fc.double());
    const token = fc.oneof(fc.string({ maxLength: 10 }), fc.stringMatching(/^[A-Za-z0-9_-]{398,402}$/));
    const query = fc.record({ page_size: size, page_token: token, page: size }, { requiredKeys: [] });
    fc.assert(
      fc.property(query, (value) => {
        const typed = Object.entries(value).map(([name, one]) => [name, String(one)]);
        const asked = { query: Object.fromEntries(typed), params: { id: 'list-1' } };
        expect(refusalOf('list', asked) === undefined).toBe(classAccepts(PageQuery, value));
      }),
      { numRuns: 500 },
    );
  });

  test('has its numbers as numbers once it is checked', () => {
    const query: Record<string, unknown> = { page_size: '20' };
    expect(refusalOf('list', { query, params: { id: 'list-1' } })).toBeUndefined();
    expect(query).toEqual({ page_size: 20 });
  });

  test('that names a parameter twice is refused', () => {
    const problem = refusalOf('list', { query: { page_size: ['1', '2'] }, params: { id: 'list-1' } });
    expect(problem?.errors).toMatchObject([{ pointer: '/query/page_size', code: 'type' }]);
  });
});

describe('a refusal', () => {
  test('points at every fault of a small body', () => {
    const line = { itemId: 'VAC-FLU', quantity: 1, unit: 'each', color: 'red' };
    const problem = bodyRefusal(NewStockAdjustment, { location: 'STOCK-NORTH', reason: 'theft', lines: [line] });
    expect(problem?.slug).toBe('validation-failed');
    expect(problem?.errors).toEqual([
      { pointer: '/reference', code: 'required', detail: 'is missing' },
      { pointer: '/reason', code: 'enum', detail: 'must be one of consumption, correction' },
      { pointer: '/lines/0', code: 'undeclared', detail: 'has a member that is not declared' },
      { pointer: '/lines/0/quantity', code: 'type', detail: 'must be string' },
    ]);
  });

  test('says in words what the one fault is', () => {
    expect(bodyRefusal(NewStockAdjustment, undefined)?.detail).toBe('the body must be object');
    expect(refusalOf('list', { params: { id: 'not an id' } })?.errors).toMatchObject([{ pointer: '/path/id' }]);
  });

  test('of a body full of faults takes no longer than reading it', () => {
    const lines = Array.from({ length: 300_000 }, () => ({}));
    const began = performance.now();
    const problem = bodyRefusal(NewStockAdjustment, { location: 'A', reference: 'A', reason: 'correction', lines });
    expect(performance.now() - began).toBeLessThan(1000);
    expect(problem?.errors).toHaveLength(1);
  });

  test('does not repeat a name that the caller made up', () => {
    const problem = bodyRefusal(RunException, { context: { Testperson: 1 } });
    expect(problem?.errors).toContainEqual({ pointer: '/context', code: 'type', detail: 'must be string' });
    expect(JSON.stringify(problem)).not.toContain('Testperson');
  });

  test('meets a body of another media type than the contract names', () => {
    const headers = { 'content-type': 'text/plain' };
    const asked = { headers, params: {}, query: {}, body: Buffer.from('') };
    expect(() => validation.check('takePreviewRequest', asked)).toThrow(new Problem('unsupported-media'));
    const typed = { 'content-type': 'Application/JSON; charset=utf-8' };
    expect(() => validation.check('takePreviewRequest', { ...asked, headers: typed, body: {} })).not.toThrow();
  });
});
