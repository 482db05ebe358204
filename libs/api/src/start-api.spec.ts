import 'reflect-metadata';
import { Body, Get, Module, Query, type Type } from '@nestjs/common';
import { code, nested, pageOf, Patient, text, type Phi } from '@concord/canonical';
import type { ApiDefinition } from './definition.js';
import { Endpoint, Resource } from './endpoint.js';
import { endpointsOf, scopesOf } from './endpoints.js';
import { openApiOf } from './open-api.js';
import type { Platform } from './platform.js';
import { startApi } from './start-api.js';

class Account {
  @code('Number')
  code!: string;
}
class Statement {
  @nested('Whose it is', () => Patient)
  patient!: Patient;
}
class StatementQuery {
  @text('Name of the patient', { dataClass: 'phi', optional: true })
  name?: Phi<string>;
}

const controller = (
  decorate: (prototype: object, name: string, descriptor: PropertyDescriptor) => void,
  handler = 'read',
) => {
  class BooksController {}
  Resource('books')(BooksController);
  const descriptor = { value: () => undefined, configurable: true, writable: true };
  Object.defineProperty(BooksController.prototype, handler, descriptor);
  decorate(BooksController.prototype, handler, descriptor);
  return BooksController as Type;
};

function api(controllers: Type[], dataClass: ApiDefinition['dataClass'] = 'finance'): ApiDefinition {
  @Module({ controllers })
  class BooksModule {}
  return {
    layer: 'system',
    name: 'books',
    version: 1,
    title: 'Books',
    description: 'Books',
    dataClass,
    module: BooksModule,
  };
}

/** Nothing of the platform is looked at before the rules are. */
const start = (definition: ApiDefinition) => startApi(definition, {} as Platform);
const scope = 'books/account.read';
const summary = 'Read';

describe('an API does not start', () => {
  test('where a route has no scope', async () => {
    const bare = api([controller(Get(':id'))]);
    await expect(start(bare)).rejects.toThrow('system/books: BooksController.read has no scope');
    const empty = api([controller(Endpoint('GET', { scope: '', summary, answer: Account }))]);
    await expect(start(empty)).rejects.toThrow('has no scope');
  });

  test('where an inherited route has no scope', async () => {
    const base = controller(Get('all'), 'readAll');
    class MoreBooksController extends base {}
    Resource('more')(MoreBooksController);
    await expect(start(api([MoreBooksController]))).rejects.toThrow('MoreBooksController.readAll has no scope');
  });

  test('where a route of an imported module has no scope', async () => {
    const inner = api([controller(Get(':id'))]).module as Type;
    @Module({ imports: [inner] })
    class OuterModule {}
    await expect(start({ ...api([]), module: { module: OuterModule } })).rejects.toThrow('has no scope');
  });

  test('where a scope is that of another API', async () => {
    const foreign = controller(Endpoint('GET', { scope: 'ehr/patient.read', summary, answer: Account }));
    await expect(start(api([foreign]))).rejects.toThrow('asks for a scope of another API; its own begin with books/');
  });

  test('where two operations have one name, and so one place in the contract', async () => {
    const twice = [1, 2].map(() => controller(Endpoint('GET', { scope, summary, answer: Account }) as never));
    await expect(start(api(twice))).rejects.toThrow('has the same name as system/books: BooksController.read');
  });

  test.each([
    ['answers with PHI', Endpoint('GET', { scope, summary, answer: Patient })],
    ['answers with PHI below', Endpoint('GET', { scope, summary, answer: Statement })],
    ['lists PHI', Endpoint('GET', { scope, summary, answer: pageOf(Statement) })],
    ['streams PHI', Endpoint('GET', { scope, summary, answer: Statement, stream: true })],
  ])('where it is of finance and %s', async (_, endpoint) => {
    await expect(start(api([controller(endpoint as never)]))).rejects.toThrow('PHI, which a finance API must not hold');
  });

  test('where it is of finance and takes PHI', async () => {
    @Resource('statements')
    class StatementsController {
      @Endpoint('POST', { scope, summary, answer: Account })
      takeStatement(@Body() _statement: Statement): void {}
    }
    @Resource('accounts')
    class AccountsController {
      @Endpoint('GET', { scope, summary, answer: Account })
      findAccount(@Query() _query: StatementQuery): void {}
    }
    for (const one of [StatementsController, AccountsController]) {
      await expect(start(api([one]))).rejects.toThrow('PHI, which a finance API must not hold');
    }
  });

  test('where the receipt of an effect would hold PHI', async () => {
    const effect = controller(Endpoint('POST', { scope, summary, answer: Patient }));
    await expect(start(api([effect], 'phi'))).rejects.toThrow('has an effect and answers with PHI');
  });

  test('where it streams from a record that holds PHI without saying what', async () => {
    const stream = controller(Endpoint('GET', { scope, summary, stream: true }));
    await expect(start(api([stream], 'phi'))).rejects.toThrow('streams from a PHI API without a declared answer');
  });
});

test('the scopes of an API are those of its endpoints, and the one that opens PHI where it holds any', () => {
  const read = controller(Endpoint('GET', { scope, summary, answer: Account }));
  const write = controller(Endpoint('POST', { scope: 'books/account.write', summary, answer: Account }), 'write');
  expect(scopesOf(api([read, write]))).toEqual(['books/account.read', 'books/account.write']);
  expect(scopesOf(api([write], 'phi'))).toEqual(['books/account.write', 'books/phi.identify']);
  expect(endpointsOf(api([write])).map(({ operation, options }) => [operation, options?.effect])).toEqual([
    ['write', true],
  ]);
});

test('the contract names scope, key, refusals and data class of an operation', async () => {
  @Resource('statements')
  class StatementsController {
    @Endpoint('POST :id', { scope: 'books/statement.write', summary: 'Take', status: 201, answer: Account })
    takeStatement(@Body() _statement: Statement): void {}
  }
  const contract = await openApiOf(api([StatementsController], 'phi'));
  const operation = contract.paths['/system/books/v1/statements/{id}']!.post!;
  expect(operation.security).toEqual([{ oauth2: ['books/statement.write'] }]);
  expect(operation.parameters).toMatchObject([{ name: 'Idempotency-Key', in: 'header', required: true }]);
  expect(Object.keys(operation.responses)).toEqual(['201', '400', '401', '403', '422', '429', '503']);
  expect(contract.components!.schemas!['Patient']).toMatchObject({
    properties: { name: { 'x-data-class': 'phi' }, id: { type: 'string' } },
  });
});
