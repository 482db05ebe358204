/** What every list and every change of the system APIs promises, read from the contracts that are published. */
import fs from 'node:fs';
import path from 'node:path';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
}

interface Schema {
  readonly $ref?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema?: Schema }>> }>>;
}

interface Contract {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Lists that cannot be asked what was changed since, each with the reason. */
const WITHOUT_CHANGES: Readonly<Record<string, string>> = {
  'erp cost-centers/hierarchy': 'the cost centers once more, as a tree: their own list says what changed',
  'erp journal-entries/posting-status': 'an answer about one document, not a list of resources',
  'hcm identity-accounts/drift': 'a comparison that is made when it is asked for',
  'supply-chain replenishment-needs': 'a comparison that is made when it is asked for',
  'supply-chain usage': 'a sum over a span, which since and until name',
  ...Object.fromEntries(
    ['erp', 'hcm', 'supply-chain', 'revenue-cycle'].map((api) => [
      `${api} jobs/{id}/faults`,
      'lines of one job, which are written once',
    ]),
  ),
};

/** Lists that are given whole. */
const WITHOUT_PAGES: Readonly<Record<string, string>> = Object.fromEntries(
  ['ehr', 'erp', 'hcm', 'supply-chain', 'revenue-cycle'].map((api) => [
    `${api} sandbox/faults`,
    'what tests and demonstrations let fail next: a handful, and only in the sandbox',
  ]),
);

const root = path.resolve(import.meta.dirname, '../..');

/** Every operation of the system APIs, named as `erp suppliers/{id}`. */
const operations = ['ehr', 'erp', 'hcm', 'supply-chain', 'revenue-cycle'].flatMap((api) => {
  const file = path.join(root, `openapi/system-${api}/v1.json`);
  const contract = JSON.parse(fs.readFileSync(file, 'utf8')) as Contract;
  const prefix = `/system/${api}/v1/`;
  return Object.entries(contract.paths).flatMap(([at, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const { properties } = resolved(contract, operation.responses['200']?.content?.['application/json']?.schema);
      const entry = properties?.['items'] && resolved(contract, properties['items'].items);
      return { name: `${api} ${at.replace(prefix, '')}`, method, operation, entry };
    }),
  );
});

function resolved({ components }: Contract, schema: Schema = {}): Schema {
  return (schema.$ref && components.schemas[schema.$ref.split('/').at(-1)!]) || schema;
}

const lists = operations.filter(({ method, entry }) => method === 'get' && entry);
const changes = operations.filter(({ method }) => method === 'patch' || method === 'put');

const isAsked = ({ parameters = [] }: Operation, name: string): boolean =>
  parameters.some((parameter) => parameter.name === name);

const namesOf = (found: readonly { readonly name: string }[]): string[] => found.map(({ name }) => name).sort();

describe('The lists of the system APIs', () => {
  test('are found in the contracts', () => {
    expect(namesOf(lists)).toEqual(
      expect.arrayContaining(['ehr encounters', 'erp suppliers', 'hcm workers', 'supply-chain items']),
    );
    expect(lists.length).toBeGreaterThan(60);
  });

  test('come in pages, but for those that are a handful', () => {
    const whole = lists.filter(({ operation }) => !isAsked(operation, 'page_token'));
    expect(namesOf(whole)).toEqual(Object.keys(WITHOUT_PAGES).sort());
  });

  test('say what was changed since a moment, but for those that are no resources of their own', () => {
    const without = lists.filter(({ operation }) => !isAsked(operation, 'changed_since'));
    expect(namesOf(without)).toEqual([...Object.keys(WITHOUT_CHANGES), ...Object.keys(WITHOUT_PAGES)].sort());
  });

  test('tell of each entry when it was changed, where they are asked by it', () => {
    const asked = lists.filter(({ operation }) => isAsked(operation, 'changed_since'));
    const silent = asked.filter(({ entry }) => !entry?.properties?.['changedAt']);
    expect(namesOf(silent)).toEqual([]);
  });

  test('answer that nothing is new to whoever holds the same already', () => {
    expect(namesOf(lists.filter(({ operation }) => !isAsked(operation, 'If-None-Match')))).toEqual([]);
  });
});

describe('The changes of the system APIs', () => {
  test('need the revision that they were decided on, and refuse another one', () => {
    expect(changes.length).toBeGreaterThan(10);
    const careless = changes.filter(
      ({ operation: { parameters = [], responses } }) =>
        !parameters.some(({ name, required }) => name === 'If-Match' && required) ||
        !responses['412'] ||
        !responses['428'],
    );
    expect(namesOf(careless)).toEqual([]);
  });
});
