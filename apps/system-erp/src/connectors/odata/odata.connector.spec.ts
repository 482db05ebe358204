import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Problem } from '@concord/canonical';
import { openDatabase, startPostgres, type Database, type PostgresServer } from '@concord/database';
import { lossyProxy } from '@concord/testing';
import { fastify } from 'fastify';
import { SimulatorClock } from '../../../../simulators/src/clock.js';
import { Faults, type FaultKind } from '../../../../simulators/src/faults.js';
import { ODATA_CLIENT, startODataSimulator } from '../../../../simulators/src/odata/odata.simulator.js';
import { connectorConformance, refusal } from '../connector.conformance.js';
import { ODataErpConfig } from './odata.config.js';
import { ODataConnector } from './odata.connector.js';
import { ODATA_SERVES } from './odata.ports.js';

const METADATA = fs.readFileSync(new URL('../../../../simulators/src/odata/erp.metadata.xml', import.meta.url), 'utf8');
const TODAY = '2026-11-21';
const clock = new SimulatorClock(new Date(`${TODAY}T09:30:00Z`));
const faults = new Faults(() => clock.now());

type Simulator = Awaited<ReturnType<typeof startODataSimulator>>;
let simulator: Simulator;
let connector: ODataConnector;
let postgres: PostgresServer;
let database: Database;
const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'concord-odata-'));

const configFor = ({ url }: Pick<Simulator, 'url'>, settings: Partial<ODataErpConfig> = {}) =>
  Object.assign(new ODataErpConfig(), {
    url: `${url}/odata/v4/erp`,
    tokenUrl: `${url}/oauth/token`,
    clientSecret: ODATA_CLIENT.secret,
    timeoutMs: 1_500,
    ...settings,
  });

beforeAll(async () => {
  postgres = await startPostgres({ dataDir, log: () => undefined });
  database = openDatabase(postgres.url);
  simulator = await startODataSimulator({ port: 0, clock, faults, dataDir: '' });
  connector = new ODataConnector(configFor(simulator), () => clock.now(), database);
  await connector.onModuleInit();
});

afterAll(async () => {
  await connector.onModuleDestroy();
  await simulator.close();
  await database.destroy();
  await postgres.stop();
  fs.rmSync(dataDir, { recursive: true });
});

afterEach(() => faults.clear());

connectorConformance(
  'an OData service',
  () =>
    Promise.resolve({
      connector,
      today: TODAY,
      longAgo: '2026-01-15',
      loseReply: () => faults.tell({ operation: 'change', kind: 'reply-lost' }),
    }),
  ODATA_SERVES,
);

let keys = 0;
const key = () => `spec/${(keys += 1)}`;
const supplier = { name: 'Hostile & Sons', currency: 'USD', paymentDays: 30 };
const usd = (amount: string) => ({ amount, currency: 'USD' });
const entry = {
  legalEntity: 'LSH',
  accountingDate: TODAY,
  reference: 'odata-spec',
  description: 'Encounter charges',
  lines: [
    { account: '1200', costCenter: 'CC-NORTH-PRIMARY-CARE', side: 'debit' as const, amount: usd('10.00') },
    { account: '4000', costCenter: 'CC-NORTH-PRIMARY-CARE', side: 'credit' as const, amount: usd('10.00') },
  ],
};
const posted = async (reference: string) => (await connector.ports.journal.listJournalEntries({ reference })).items;

test.each<FaultKind>(['reply-lost', 'reset', 'timeout', 'rate-limited', 'malformed'])(
  'an entry is posted once in spite of %s',
  async (kind) => {
    const [businessKey, reference] = [key(), `odata-${kind}`];
    faults.tell({ operation: 'create', kind });
    const posting = () => connector.ports.journal.createJournalEntry(businessKey, { ...entry, reference });
    const first = await posting().catch((error: unknown) => (error as Problem).slug);
    const found = await posting();
    expect(await posted(reference)).toEqual([found]);
    expect(faults.list()).toEqual([]);
    expect(typeof first === 'string' || first.id === found.id).toBe(true);
  },
);

test('what waits for the end of a maintenance window is posted once, by whichever process comes first', async () => {
  const businessKey = key();
  const posting = (one = connector) =>
    one.ports.journal.createJournalEntry(businessKey, { ...entry, reference: 'odata-window' });
  faults.tell({ operation: '*', kind: 'maintenance' });
  expect(await refusal(posting())).toMatchObject({ slug: 'upstream-unavailable' });
  faults.clear();
  const another = new ODataConnector(configFor(simulator), () => clock.now());
  const first = await posting(another);
  expect(await posting()).toEqual(first);
  expect(await posted('odata-window')).toEqual([first]);
  await another.onModuleDestroy();
});

test('two processes that write the same at the same time make one of it', async () => {
  const processes = [1, 2].map(() => {
    const own = openDatabase(postgres.url);
    const one = new ODataConnector(configFor(simulator, { timeoutMs: 2_000 }), () => clock.now(), own);
    return { own, ...one.ports, close: () => one.onModuleDestroy() };
  });
  await Promise.all(processes.map(({ structure }) => structure.listAccounts({}))); // so that they go in step
  const businessKey = key();
  const reference = 'odata-two-processes';
  const posting = processes.map(({ journal }) => journal.createJournalEntry(businessKey, { ...entry, reference }));
  const [first, second] = await Promise.all(posting);
  expect(first).toEqual(second);
  expect(await posted(reference)).toEqual([first]);

  const taxId = '98-7654321';
  const twins = processes.map(({ suppliers }) => refusal(suppliers.createSupplier(key(), { ...supplier, taxId })));
  expect((await Promise.all(twins)).filter((end) => end === 'was not refused')).toHaveLength(1);

  const [bothBooks, document] = [key(), 'odata-two-processes-two-books'];
  const side = { legalEntity: 'LSH', account: '6100', costCenter: 'CC-NORTH-PRIMARY-CARE' };
  const provided = {
    accountingDate: TODAY,
    reference: document,
    description: 'Laboratory services',
    provider: side,
    receiver: { ...side, legalEntity: 'LSP', costCenter: 'CC-EAST-SURGERY' },
    amount: usd('412.35'),
  };
  const providing = processes.map(({ intercompany }) =>
    intercompany!.createIntercompanyTransaction(bothBooks, provided),
  );
  const [one, other] = await Promise.all(providing);
  expect(one).toEqual(other);
  expect(await posted(document)).toHaveLength(2);
  await Promise.all(processes.map(async ({ own, close }) => [await close(), await own.destroy()]));
});

test('only what the profile names travels, of an entry and of its lines', async () => {
  const seen = await lossyProxy(simulator.url);
  const behind = new ODataConnector(configFor({ url: seen.url }), () => clock.now(), database);
  const made = await connector.ports.journal.createJournalEntry(key(), { ...entry, reference: 'odata-selected' });
  expect(await behind.ports.journal.readJournalEntry(made.id)).toEqual(made);
  expect((await behind.ports.journal.listJournalEntries({ reference: 'odata-selected' })).items).toEqual([made]);
  const reads = (what: string) => seen.passed(`GET /odata/v4/erp/JournalEntries${what}`);
  expect([reads(`('${made.id}')?$select=`), reads('?$filter=')]).toEqual([1, 1]);
  expect(seen.passed('$expand=Items(%24select%3D')).toBe(2);
  await behind.onModuleDestroy();
  await seen.close();
});

test('an access token and a CSRF token that have ended are renewed, and nothing is posted twice', async () => {
  await connector.ports.suppliers.createSupplier(key(), supplier);
  simulator.forgetTokens();
  await connector.ports.journal.createJournalEntry(key(), { ...entry, reference: 'odata-renewed' });
  expect(await posted('odata-renewed')).toHaveLength(1);
});

test('a name with quotes and a filter in it is a name, and nothing else', async () => {
  const name = "O'Brien' or 'x' eq 'x";
  const { id } = await connector.ports.suppliers.createSupplier(key(), { ...supplier, name });
  const found = async (part: string) => {
    const { items } = await connector.ports.suppliers.listSuppliers({ name: part, page_size: 500 });
    return items.map((one) => one.id);
  };
  expect(await found("o'brien' OR")).toEqual([id]);
  expect(await found("nobody' or 'x' eq 'x")).toEqual([]);
});

test('a list is longer than the pages of the service', async () => {
  const { items } = await connector.ports.structure.listCostCenters({ page_size: 500 });
  expect(items).toHaveLength(36);
  const part = await connector.ports.structure.listCostCenters({ page_size: 30 });
  expect(part.items).toEqual(items.slice(0, 30));
});

test('an answer of another shape is refused, and its words do not leave', async () => {
  faults.tell({ operation: 'read', kind: 'wrong-schema', times: 10 });
  expect(await refusal(connector.ports.items.listItems({}))).toMatchObject({ slug: 'upstream-rejected' });
});

test('a page that leads to another host is not followed', async () => {
  const hostile = fastify();
  hostile.addContentTypeParser('*', (_request, _body, done) => done(null));
  hostile.post('/oauth/token', () => ({ access_token: 'token', expires_in: 600 }));
  hostile.get('/odata/v4/erp/$metadata', (_request, reply) => reply.type('application/xml').send(METADATA));
  hostile.get('/odata/v4/erp/Items', () => ({
    value: [],
    '@odata.nextLink': 'https://elsewhere.example/odata/v4/erp/Items',
  }));
  const url = await hostile.listen({ host: '127.0.0.1', port: 0 });
  const stranger = new ODataConnector(configFor({ url }), () => clock.now());
  expect(await refusal(stranger.ports.items.listItems({}))).toMatchObject({ slug: 'upstream-rejected' });
  await stranger.onModuleDestroy();
  await hostile.close();
});

test('of a refusal codes and figures are told, and no sentence, which may quote what was sent', async () => {
  const talkative = fastify();
  talkative.addContentTypeParser('*', (_request, _body, done) => done(null));
  talkative.post('/oauth/token', () => ({ access_token: 'token', expires_in: 600 }));
  talkative.get('/odata/v4/erp/', () => ({}));
  talkative.get('/odata/v4/erp/$metadata', (_request, reply) => reply.type('application/xml').send(METADATA));
  talkative.get('/odata/v4/erp/StockReservations', () => ({ value: [] }));
  const facts = {
    '@HealthERP.AvailableQuantity': 4,
    '@HealthERP.ItemID': 'kit for Jane Doe',
    '@HealthERP.Ward': 'B-2',
  };
  const error = { code: 'STOCK_SHORT', message: 'Jane Doe needs five', ...facts };
  talkative.post('/odata/v4/erp/StockReservations', (_request, reply) => reply.code(400).send({ error }));
  const url = await talkative.listen({ host: '127.0.0.1', port: 0 });
  const stranger = new ODataConnector(configFor({ url }), () => clock.now());
  const wish = { item: 'KIT', location: 'WARD', quantity: '5', unit: 'each', reference: 'CASE-1', neededOn: TODAY };
  const refused = await stranger.ports
    .reservations!.createReservation(key(), wish)
    .catch((problem: Problem) => problem);
  const context = { status: '400', code: 'STOCK_SHORT', available: '4' };
  expect(refused).toMatchObject({ slug: 'insufficient-stock', detail: 'The ERP refused it' });
  expect((refused as Problem).context).toEqual(context);
  await stranger.onModuleDestroy();
  await talkative.close();
});

test('what the address of the token endpoint asks for, such as a tenant, is asked for', async () => {
  const login = fastify();
  login.addContentTypeParser('*', (_request, _body, done) => done(null));
  login.post<{ Querystring: { tenant?: string } }>('/oauth/token', ({ query }, reply) =>
    query.tenant === 'lakeshore' ? { access_token: 'token', expires_in: 600 } : reply.code(401).send({}),
  );
  login.get('/odata/v4/erp/$metadata', (_request, reply) => reply.type('application/xml').send(METADATA));
  login.get('/odata/v4/erp/Items', () => ({ value: [] }));
  const url = await login.listen({ host: '127.0.0.1', port: 0 });
  const tokenUrl = `${url}/oauth/token?tenant=lakeshore`;
  const tenant = new ODataConnector(configFor({ url }, { tokenUrl }), () => clock.now());
  expect((await tenant.ports.items.listItems({})).items).toEqual([]);
  await tenant.onModuleDestroy();
  await login.close();
});

test('a wrong secret is named as what it is', async () => {
  const stranger = new ODataConnector(configFor(simulator, { clientSecret: 'wrong' }), () => clock.now());
  expect(await refusal(stranger.ports.items.listItems({}))).toMatchObject({
    slug: 'upstream-rejected',
    context: { status: '401' },
  });
  await stranger.onModuleDestroy();
});

test('a service that lacks what the profile names is refused at the start, and every lack is named', async () => {
  const metadata = `<Edmx><DataServices><Schema Namespace="X">
    <EntityType Name="T"><Key><PropertyRef Name="SupplierID"/></Key><Property Name="SupplierID" Type="Edm.String"/></EntityType>
    <EntityContainer Name="C"><EntitySet Name="Suppliers" EntityType="X.T"/></EntityContainer>
  </Schema></DataServices></Edmx>`;
  const poor = await startODataSimulator({ port: 0, clock, faults, dataDir: '' }, metadata);
  const stranger = new ODataConnector(configFor(poor), () => clock.now());
  const start = stranger.onModuleInit();
  await expect(start).rejects.toThrow(/entity set JournalEntries/);
  await expect(start).rejects.toThrow(/property Suppliers\/TaxNumber/);
  await stranger.onModuleDestroy();
  await poor.close();
});

test.each([
  [{ url: 'erp.example' }, 'ODATA_ERP_URL'],
  [{ tokenUrl: 'file:///etc/passwd' }, 'ODATA_ERP_TOKEN_URL'],
  [{ clientSecret: '' }, 'ODATA_ERP_CLIENT_SECRET'],
])('settings that cannot be used are named', (settings, variable) => {
  expect(() => new ODataConnector(configFor(simulator, settings), () => clock.now())).toThrow(variable);
});
