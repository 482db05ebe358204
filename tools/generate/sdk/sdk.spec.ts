import path from 'node:path';
import ts from 'typescript';
import { Call, segment, type Transport, type TransportRequest } from '@concord/sdk-core';
import { clientOf } from './client.mjs';
import { sdkOf } from './sdk.mjs';

const api = { layer: 'system', name: 'supply-chain', version: 1 };
const json = (schema: object) => ({ 'application/json': { schema } });
const named = (name: string) => ({ $ref: `#/components/schemas/${name}` });

const document = {
  openapi: '3.1.0',
  info: { title: 'Supply chain', description: 'Items, stock and orders.', version: '1' },
  paths: {
    '/system/supply-chain/v1/items': {
      get: {
        operationId: 'listItems',
        summary: 'Lists items.',
        parameters: [
          { in: 'query', name: 'status', description: 'Only items of it', schema: { enum: ['active', 'retired'] } },
          { in: 'query', name: 'createdAt.gte', schema: { type: 'string', format: 'date-time' } },
          { in: 'query', name: 'page_token', schema: { type: 'string' } },
        ],
        responses: { 200: { content: json(named('ItemPage')) }, 422: { $ref: '#/components/responses/Problem' } },
      },
      post: {
        operationId: 'createItem',
        summary: 'Adds an item.',
        description: 'The number must be free.',
        parameters: [{ in: 'header', name: 'Idempotency-Key', required: true, schema: { type: 'string' } }],
        requestBody: { required: true, content: json(named('NewItem')) },
        responses: { 201: { content: json(named('Item')) } },
      },
    },
    '/system/supply-chain/v1/items/{item-id}/lots/{lot}': {
      patch: {
        operationId: 'changeLot',
        deprecated: true,
        parameters: [
          { in: 'path', name: 'item-id', required: true, schema: { type: 'string' } },
          { in: 'path', name: 'lot', required: true, schema: { type: 'integer' } },
          { in: 'header', name: 'If-Match', required: true, schema: { type: 'string' } },
        ],
        requestBody: { required: true, content: { 'application/merge-patch+json': { schema: named('NewItem') } } },
        responses: { 204: { description: 'Changed' } },
      },
    },
    '/system/supply-chain/v1/events': {
      get: { operationId: 'followEvents', responses: { 200: { content: { 'text/event-stream': {} } } } },
    },
  },
  components: {
    responses: { Problem: { description: 'Refused', content: json({ type: 'object' }) } },
    schemas: {
      NewItem: {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string', description: 'Its name' } },
      },
      Item: { allOf: [named('NewItem'), { type: 'object', required: ['id'], properties: { id: { type: 'string' } } }] },
      ItemPage: {
        type: 'object',
        required: ['items'],
        properties: { items: { type: 'array', items: named('Item') }, nextPageToken: { type: 'string' } },
      },
    },
  },
};

const RIGHT = `
import { items } from '@concord/sdk-core';
import type { SupplyChainApi, supplyChain } from './index.js';

export async function use(supply: SupplyChainApi): Promise<supplyChain.Item[]> {
  const found = [await supply.createItem({ name: 'Synthetic suture' })];
  for await (const item of items((t) => supply.listItems({ status: 'active', page_token: t }))) found.push(item);
  await supply.changeLot('A-1', 7, '1', { name: 'Synthetic suture' });
  return found;
}`;

const WRONG = `
import type { SupplyChainApi } from './index.js';

export async function use(supply: SupplyChainApi): Promise<void> {
  await supply.createItem({});
  await supply.listItems({ status: 'gone' });
}`;

const root = path.resolve(import.meta.dirname, '../../..');

/** What the compiler of this repository says to files that stand only in memory. */
function complaintsAbout(files: Map<string, string>): string[] {
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.base.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const onDisk = { fileExists: host.fileExists, readFile: host.readFile };
  const inMemory = (file: string) => files.get(path.relative(root, file));
  host.fileExists = (file) => inMemory(file) !== undefined || onDisk.fileExists(file);
  host.directoryExists = undefined; // else folders that stand only in memory are not looked into
  host.readFile = (file) => inMemory(file) ?? onDisk.readFile(file);
  host.getSourceFile = (file, target) => {
    const text = host.readFile(file);
    return text === undefined ? undefined : ts.createSourceFile(file, text, target);
  };
  const program = ts.createProgram(
    [...files.keys()].map((file) => path.join(root, file)),
    options,
    host,
  );
  return ts
    .getPreEmitDiagnostics(program)
    .filter(({ file }) => file && inMemory(file.fileName) !== undefined)
    .map(
      ({ file, messageText }) =>
        `${path.basename(file!.fileName)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
}

/** The client class, run as it was written. */
function run(source: string): new (transport: Transport) => Record<string, (...args: unknown[]) => Call<unknown>> {
  const { outputText } = ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
  const exports: Record<string, never> = {};
  new Function('require', 'exports', outputText)(() => ({ Call, segment }), exports);
  return exports.SupplyChainApi!;
}

describe('a generated SDK', () => {
  it('compiles under the rules of the repository, and refuses a call that breaks the contract', async () => {
    const files = await sdkOf('system', [{ api, document, source: 'openapi/system-supply-chain/v1.json' }]);
    expect([...files.keys()]).toEqual([
      'libs/sdk/system/src/generated/supply-chain.client.ts',
      'libs/sdk/system/src/generated/supply-chain.types.ts',
      'libs/sdk/system/src/index.ts',
    ]);
    const callers = new Map([
      ...files,
      ['libs/sdk/system/src/right.ts', RIGHT],
      ['libs/sdk/system/src/wrong.ts', WRONG],
    ]);
    expect(complaintsAbout(callers)).toEqual([
      expect.stringMatching(/^wrong.ts: .*Property 'name' is missing/),
      expect.stringMatching(/^wrong.ts: Type '"gone"' is not assignable/),
    ]);
  });

  it('describes each call without sending it', () => {
    const sent: TransportRequest[] = [];
    const { source } = clientOf(api, document, '// made by a test');
    const supply = new (run(source))({ send: (request) => (sent.push(request), Promise.reject(new Error('sent'))) });
    expect(supply.changeLot!('a/b', 7, '1', { name: 'Synthetic suture' }).write).toEqual({
      api: 'system/supply-chain',
      operation: 'changeLot',
      method: 'PATCH',
      path: '/items/a%2Fb/lots/7',
      body: { name: 'Synthetic suture' },
      revision: '1',
    });
    expect(supply.listItems!({ page_token: 'x' }).write).toMatchObject({ method: 'GET', query: { page_token: 'x' } });
    expect(sent).toEqual([]);
  });

  it('explains its methods in the words of the contract, and has none for event streams', () => {
    const { source } = clientOf(api, document, '// made by a test');
    expect(source).toContain('/**\n * Adds an item.\n *\n * The number must be free.\n */\ncreateItem(');
    expect(source).toContain(
      '/** @deprecated */\nchangeLot(itemId: string, lot: number, revision: string, body: NewItem): Call<void>',
    );
    expect(source).not.toContain('followEvents');
  });

  it('cannot be made of a contract that asks for a header no call carries', () => {
    const parameters = [{ in: 'header', name: 'X-Ward', required: true, schema: { type: 'string' } }];
    const paths = { '/beds': { get: { operationId: 'listBeds', parameters, responses: { 204: {} } } } };
    expect(() => clientOf(api, { ...document, paths }, '')).toThrow('listBeds needs the header X-Ward');
  });
});
