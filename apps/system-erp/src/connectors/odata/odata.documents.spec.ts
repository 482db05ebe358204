/** Requisitions, reservations and intercompany documents behind OData: what no other connector can be asked. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import fs from 'node:fs';
import { Decimal } from 'decimal.js';
import type { Problem } from '@concord/canonical';
import { SimulatorClock } from '../../../../simulators/src/clock.js';
import { Faults, type FaultKind } from '../../../../simulators/src/faults.js';
import type { Entity } from '../../../../simulators/src/odata/filter.js';
import { ODATA_CLIENT, startODataSimulator } from '../../../../simulators/src/odata/odata.simulator.js';
import { refusal } from '../connector.conformance.js';
import { ODataErpConfig } from './odata.config.js';
import { ODataConnector } from './odata.connector.js';
import type { Entities } from './profile.js';
import { PROFILES } from './profiles/profiles.js';

const METADATA = fs.readFileSync(new URL('../../../../simulators/src/odata/erp.metadata.xml', import.meta.url), 'utf8');
const TODAY = '2026-11-21';
const clock = new SimulatorClock(new Date(`${TODAY}T09:30:00Z`));
const faults = new Faults(() => clock.now());

type Simulator = Awaited<ReturnType<typeof startODataSimulator>>;
let simulator: Simulator;
let connector: ODataConnector;
let ports: Required<ODataConnector['ports']>;

const connectorTo = ({ url }: Pick<Simulator, 'url'>, entities?: Entities) => {
  const config = new ODataErpConfig();
  const root = { url: `${url}/odata/v4/erp`, tokenUrl: `${url}/oauth/token` };
  Object.assign(config, { ...root, clientSecret: ODATA_CLIENT.secret, timeoutMs: 1_000 });
  const profile = { ...PROFILES['health-erp'], ...(entities ? { entities } : {}) };
  return new ODataConnector(config, () => clock.now(), undefined, undefined, profile);
};

beforeAll(async () => {
  simulator = await startODataSimulator({ port: 0, clock, faults, dataDir: '' });
  connector = connectorTo(simulator);
  await connector.onModuleInit();
  ports = connector.ports as typeof ports;
});

afterAll(async () => {
  await connector.onModuleDestroy();
  await simulator.close();
});

afterEach(() => faults.clear());

let keys = 0;
const key = () => `spec/${(keys += 1)}`;
const usd = (amount: string) => ({ amount, currency: 'USD' });

const requisition = {
  legalEntity: 'LSH',
  requester: 'W-1001',
  neededOn: TODAY,
  lines: [
    {
      description: 'Label printer',
      quantity: '2',
      unit: 'each',
      unitPrice: usd('149.50'),
      account: '6000',
      costCenter: 'CC-NORTH-LABORATORY',
    },
  ],
};
const reservation = { item: 'SPLINT', location: 'STOCK-WEST', quantity: '1', unit: 'each', neededOn: TODAY };
const transaction = {
  accountingDate: TODAY,
  description: 'Laboratory services',
  provider: { legalEntity: 'LSH', account: '6100', costCenter: 'CC-NORTH-LABORATORY' },
  receiver: { legalEntity: 'LSP', account: '6100', costCenter: 'CC-EAST-LABORATORY' },
};

/** What the ERP itself holds of a business document. */
const held = (set: string, reference: string): Entity[] =>
  simulator.store.all(set).filter(({ DocumentReference }) => DocumentReference === reference);

/** Each kind of document: how it is made under a key, and how many of it the ERP holds. */
const MAKING = {
  requisition: (businessKey: string, requester: string) => ({
    make: () => ports.requisitions.createRequisition(businessKey, { ...requisition, requester }),
    held: () => simulator.store.all('PurchaseRequisitions').filter((one) => one['RequesterID'] === requester),
  }),
  reservation: (businessKey: string, reference: string) => ({
    make: () => ports.reservations.createReservation(businessKey, { ...reservation, reference }),
    held: () => held('StockReservations', reference),
  }),
  'intercompany transaction': (businessKey: string, reference: string) => ({
    make: () =>
      ports.intercompany.createIntercompanyTransaction(businessKey, {
        ...transaction,
        reference,
        amount: usd('412.35'),
      }),
    held: () => held('IntercompanyDocuments', reference),
  }),
};
const EVERY_FAULT: FaultKind[] = ['reply-lost', 'wrong-schema', 'malformed', 'reset', 'timeout'];

test.each(Object.keys(MAKING).flatMap((what) => EVERY_FAULT.map((kind) => [what, kind] as const)))(
  'of a %s one is made in spite of %s',
  async (what, kind) => {
    const making = MAKING[what as keyof typeof MAKING](key(), `FAULT-${kind}`);
    faults.tell({ operation: 'create', kind });
    const first = await making.make().catch((error: unknown) => (error as Problem).slug);
    expect(typeof first).toBe('string');
    const found = await making.make();
    expect(making.held()).toHaveLength(1);
    expect(Object.values(making.held()[0]!)).toContain(found.id);
    expect(await making.make()).toEqual(found);
    expect(faults.list()).toEqual([]);
  },
);

test('a reply that is lost after both books were posted is found again, and there are two entries and no more', async () => {
  const reference = 'LOST-REPLY';
  const making = MAKING['intercompany transaction'](key(), reference);
  faults.tell({ operation: 'create', kind: 'reply-lost' });
  await refusal(making.make());
  expect(held('JournalEntries', reference)).toHaveLength(2);
  const found = await making.make();
  const entries = held('JournalEntries', reference).map(({ JournalEntryID }) => JournalEntryID);
  expect(entries).toEqual([found.providerEntry, found.receiverEntry]);
});

test('what was done to a document, and the reply to it lost, is done once', async () => {
  const [printer, splint] = [
    await MAKING.requisition(key(), 'W-LOST').make(),
    await MAKING.reservation(key(), 'LOST').make(),
  ];
  const { id } = await MAKING['intercompany transaction'](key(), 'LOST-REVERSAL').make();
  const changes = [
    () => ports.requisitions.stepRequisition(printer.id, 'submit'),
    () => ports.reservations.releaseReservation(splint.id),
    () => ports.intercompany.reverseIntercompanyTransaction(key(), id, { reason: 'Not provided' }),
  ];
  for (const change of changes) {
    faults.tell({ operation: 'change', kind: 'reply-lost' });
    expect(await refusal(change())).toMatchObject({ slug: 'upstream-unavailable' });
    const once = await change();
    expect(['submitted', 'released', 'reversed']).toContain(once.status);
    expect(await change()).toEqual(once);
  }
  expect(held('JournalEntries', 'LOST-REVERSAL').map(({ EntryStatus }) => EntryStatus)).toEqual(['R', 'R', 'P', 'P']);
});

test('in the books of the ERP, what one legal entity is owed the other owes, to the cent', async () => {
  const amounts = ['0.01', '0.10', '0.07', '412.35', '99999.99', '1840.75', '333.33', '0.02'];
  const posted = await Promise.all(
    amounts.map((amount, n) =>
      ports.intercompany.createIntercompanyTransaction(key(), {
        ...transaction,
        ...(n % 2 ? { provider: transaction.receiver, receiver: transaction.provider } : {}),
        reference: `CENT-${n}`,
        amount: usd(amount),
      }),
    ),
  );
  for (const { id } of posted.slice(0, 3))
    await ports.intercompany.reverseIntercompanyTransaction(key(), id, { reason: 'Not provided' });

  const entries = simulator.store.all('JournalEntries');
  const documents = simulator.store.all('IntercompanyDocuments');
  expect(documents.length).toBeGreaterThan(amounts.length);
  const linesOf = ({ Items }: Entity) => Items as Entity[];
  const sum = (lines: readonly Entity[]) =>
    lines.reduce((all, line) => all.plus(String(line['Amount'])), new Decimal(0));
  const balanceOf = (lines: readonly Entity[]) => {
    const side = (code: string) => sum(lines.filter((line) => line['DebitCreditCode'] === code));
    return side('D').minus(side('C'));
  };
  for (const entry of entries) expect(balanceOf(linesOf(entry)).toFixed(2)).toBe('0.00');
  const balance = (company: string, accounts: readonly string[]) => {
    const lines = entries.filter(({ CompanyCode }) => CompanyCode === company).flatMap(linesOf);
    return balanceOf(lines.filter((line) => accounts.includes(String(line['GLAccount']))));
  };
  const related = ['1900', '2900'];
  expect(balance('LSH', related).plus(balance('LSP', related)).toFixed(2)).toBe('0.00');
  const open = documents.filter(({ DocumentStatus }) => DocumentStatus === 'P');
  const owedTo = (company: string) =>
    sum(open.filter(({ ProvidingCompany }) => ProvidingCompany === company)).toFixed(2);
  for (const company of ['LSH', 'LSP']) expect(balance(company, ['1900']).toFixed(2)).toBe(owedTo(company));
});

test('the second book refuses after the first has taken: neither has it, and nothing of it is found later', async () => {
  const reference = 'HALF';
  simulator.store.update('FiscalPeriods', 'LSP:2026-11', { PeriodStatus: 'C' });
  const making = MAKING['intercompany transaction'](key(), reference);
  expect(await refusal(making.make())).toMatchObject({ slug: 'period-closed' });
  expect([held('JournalEntries', reference), making.held()]).toEqual([[], []]);
  simulator.store.update('FiscalPeriods', 'LSP:2026-11', { PeriodStatus: 'O' });
  await making.make();
  expect(held('JournalEntries', reference)).toHaveLength(2);
});

test('what the people of the ERP did in it counts', async () => {
  const splint = await MAKING.reservation(key(), 'TAKEN').make();
  simulator.store.update('StockReservations', splint.id, { ReservationStatus: 'F' });
  const releasing = ports.reservations.releaseReservation(splint.id);
  expect(await refusal(releasing)).toEqual({ slug: 'conflict', context: { status: 'fulfilled' } });
  const printer = await MAKING.requisition(key(), 'W-CANCELLED').make();
  simulator.store.update('PurchaseRequisitions', printer.id, { RequisitionStatus: 'CANC' });
  const change = { justification: 'Broken' };
  const late = ports.requisitions.changeRequisition(printer.id, printer.revision, change);
  expect(await refusal(late)).toMatchObject({ slug: 'stale' });
  expect(await refusal(ports.requisitions.stepRequisition(printer.id, 'submit'))).toMatchObject({ slug: 'conflict' });
});

test('an answer that says less than it has to, or says it in a code that nobody knows, is refused by the name of the field', async () => {
  const document = await MAKING['intercompany transaction'](key(), 'POOR').make();
  const splint = await MAKING.reservation(key(), 'ODD').make();
  const told = (set: string, id: string, change: Entity) => simulator.store.update(set, id, change);
  const readDocument = () => ports.intercompany.readIntercompanyTransaction(document.id);
  const refused = (detail: string) => ({ slug: 'upstream-rejected', detail });

  told('IntercompanyDocuments', document.id, { ReceivingEntryID: null });
  await expect(readDocument()).rejects.toMatchObject(refused('The ERP says nothing of receiverEntry'));
  told('IntercompanyDocuments', document.id, { ReceivingEntryID: document.receiverEntry, DocumentStatus: null });
  await expect(readDocument()).rejects.toMatchObject(refused('The ERP says nothing of status'));
  told('IntercompanyDocuments', document.id, { DocumentStatus: 'P' });
  expect(await readDocument()).toMatchObject({ status: 'posted' });
  told('StockReservations', splint.id, { ReservationStatus: 'Q' });
  const reading = ports.reservations.readReservation(splint.id);
  const unknown = 'The ERP uses a code of ReservationStatus that its profile lacks';
  await expect(reading).rejects.toMatchObject(refused(unknown));
  told('StockReservations', splint.id, { ReservationStatus: 'R' });
});

test('a legal entity with quotes and a filter in it is a name on either side, and nothing else', async () => {
  const legal_entity = "LSH' or 'x' eq 'x";
  expect((await ports.intercompany.listIntercompanyTransactions({ legal_entity })).items).toEqual([]);
});

test('what only the ERP knows, it says in a code that is understood', async () => {
  const unknown = ports.requisitions.createRequisition(key(), { ...requisition, supplier: 'SUP-0' });
  const nobody = { status: '400', code: 'UNKNOWN_CODE', supplier: 'SUP-0' };
  expect(await refusal(unknown)).toEqual({ slug: 'unknown-code', context: nobody });
  const place = { item: 'SPLINT', location: 'STOCK-SOUTH' };
  const all = ports.reservations.createReservation(key(), {
    ...reservation,
    ...place,
    reference: 'ALL',
    quantity: '121',
  });
  const short = { status: '400', code: 'STOCK_SHORT', ...place, available: '120' };
  expect(await refusal(all)).toEqual({ slug: 'insufficient-stock', context: short });
  const { id } = await MAKING.requisition(key(), 'W-LIMIT').make();
  await ports.requisitions.stepRequisition(id, 'submit');
  const approving = ports.requisitions.stepRequisition(id, 'approve', { approver: 'W-9999' });
  const told = { approver: 'W-9999', costCenter: 'CC-NORTH-LABORATORY', amount: '299.00' };
  const context = { status: '403', code: 'NOT_AUTHORIZED', ...told };
  expect(await refusal(approving)).toEqual({ slug: 'approval-rejected', context });
});

const SETS = ['PurchaseRequisitions', 'StockReservations', 'IntercompanyDocuments'];

test('a service without these entity sets is refused at the start where the profile names them, each by name', async () => {
  const fewer = SETS.reduce((text, set) => text.replace(new RegExp(`<EntitySet Name="${set}"[^>]*/>`), ''), METADATA);
  const poor = await startODataSimulator({ port: 0, clock, faults, dataDir: '' }, fewer);
  const stranger = connectorTo(poor);
  const lacks = SETS.map((set) => `entity set ${set}`).sort();
  const refused = (await stranger.onModuleInit().catch((error: unknown) => error)) as Problem;
  expect(refused.detail?.split(': ')[1]?.split(', ').sort()).toEqual(lacks);
  await stranger.onModuleDestroy();

  const { requisitions: _r, reservations: _s, intercompany: _i, ...entities } = PROFILES['health-erp'].entities;
  const modest = connectorTo(poor, entities);
  await modest.onModuleInit();
  expect(['requisitions', 'reservations', 'intercompany'].filter((name) => name in modest.ports)).toEqual([]);
  expect(modest.ports.purchaseOrders).toBeDefined();
  await modest.onModuleDestroy();
  await poor.close();
});

test('an entry is reversed also where the profile knows no intercompany documents', async () => {
  const { intercompany: _, ...entities } = PROFILES['health-erp'].entities;
  const modest = connectorTo(simulator, entities);
  const line = { costCenter: 'CC-NORTH-LABORATORY', amount: usd('10.00') };
  const { id } = await modest.ports.journal.createJournalEntry(key(), {
    legalEntity: 'LSH',
    accountingDate: TODAY,
    reference: 'MODEST',
    description: 'Late charge',
    lines: [
      { ...line, account: '1200', side: 'debit' },
      { ...line, account: '4000', side: 'credit' },
    ],
  });
  const reversed = await modest.ports.journal.reverseJournalEntry(key(), id, { reason: 'Wrong document' });
  expect(reversed).toMatchObject({ reverses: id });
  await modest.onModuleDestroy();
});

/** What the ERP says to a client that asks it by itself, and not through Concord. */
async function postedDirectly(set: string, body: Entity): Promise<{ status: number; code?: string }> {
  const root = `${simulator.url}/odata/v4/erp/`;
  const basic = Buffer.from(`${ODATA_CLIENT.id}:${ODATA_CLIENT.secret}`).toString('base64');
  const granted = await fetch(`${simulator.url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  });
  const { access_token } = (await granted.json()) as { access_token: string };
  const authorization = `Bearer ${access_token}`;
  const fetched = await fetch(root, { headers: { authorization, 'x-csrf-token': 'Fetch' } });
  const csrf = fetched.headers.get('x-csrf-token') ?? '';
  const headers = { authorization, 'x-csrf-token': csrf, 'content-type': 'application/json' };
  const answer = await fetch(root + set, { method: 'POST', headers, body: JSON.stringify(body) });
  const { error } = (await answer.json()) as { error?: { code: string } };
  return { status: answer.status, ...(error ? { code: error.code } : {}) };
}

test('the ERP itself takes no entry of a document back alone, whoever asks for it', async () => {
  const { providerEntry } = await MAKING['intercompany transaction'](key(), 'DIRECT').make();
  const line = { description: 'Kit', quantity: '1', unit: 'each', unitPrice: usd('14.75'), account: '1400' };
  const order = await ports.purchaseOrders.createPurchaseOrder(key(), {
    legalEntity: 'LSH',
    supplier: 'SUP-HARBOR-MEDICAL',
    deliverTo: 'STOCK-NORTH',
    neededOn: TODAY,
    lines: [{ ...line, costCenter: 'CC-NORTH-SURGERY' }],
  });
  await ports.purchaseOrders.stepPurchaseOrder(order.id, 'submit');
  await ports.purchaseOrders.stepPurchaseOrder(order.id, 'approve', { approver: 'W-2003' });
  await ports.purchaseOrders.stepPurchaseOrder(order.id, 'send');
  const lines = [{ line: 1, quantity: '1' }];
  const came = { purchaseOrder: order.id, receivedOn: TODAY, lines };
  const receipt = await ports.goodsReceipts.createGoodsReceipt(key(), came);
  for (const entry of [providerEntry, receipt.journalEntry!]) {
    const { CompanyCode, DocumentReference, Currency, Items } = simulator.store.read('JournalEntries', entry);
    const about = { CompanyCode, DocumentReference, Currency, PostingDate: TODAY, HeaderText: 'Half' };
    const back = { ...about, Items, EntryStatus: 'P', ReversesEntry: entry };
    expect(await postedDirectly('JournalEntries', back)).toEqual({ status: 409, code: 'CONFLICT' });
    expect(simulator.store.read('JournalEntries', entry)['EntryStatus']).toBe('P');
  }
});

test('a cost center that was added to the ERP a moment ago can be charged', async () => {
  await MAKING.requisition(key(), 'W-BEFORE').make();
  const { '@odata.etag': _, ...known } = simulator.store.read('CostCenters', 'CC-NORTH-LABORATORY');
  const CostCenter = 'CC-NORTH-DIALYSIS';
  await new Promise((resolve) => setTimeout(resolve, 600)); // the codes were read within the half second before
  simulator.store.insert('CostCenters', { ...known, CostCenter });
  const lines = [{ ...requisition.lines[0]!, costCenter: CostCenter }];
  const charged = await ports.requisitions.createRequisition(key(), { ...requisition, lines });
  expect(charged.lines).toMatchObject([{ costCenter: CostCenter }]);
});
