import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import type { JournalLine, NewJournalEntry, NewPurchaseOrder } from '@concord/canonical';
import { openDatabase, startPostgres, type Database, type PostgresServer } from '@concord/database';
import { aloneInTryton, lossyProxy, trytonServer, type LossyProxy } from '@concord/testing';
import {
  fromWireDecimal,
  toWireDay,
  TrytonConfig,
  TrytonRecords,
  trytonClient,
  type WireDecimal,
} from '@concord/tryton';
import { connectorConformance, refusal } from '../connector.conformance.js';
import { ACCOUNTS, COST_CENTERS, LEGAL_ENTITIES } from '../sandbox/seed.js';
import { preparePurchasing } from './prepare-purchasing.js';
import { prepareTryton } from './prepare.js';
import { bindingOf, TrytonErpConfig } from './tryton-erp.config.js';
import { TrytonConnector } from './tryton.connector.js';

const server = await trytonServer();
const clock = () => new Date();
const TODAY = clock().toISOString().slice(0, 10);
const YEAR = clock().getUTCFullYear();
const CHART = {
  legalEntities: LEGAL_ENTITIES,
  accounts: ACCOUNTS,
  costCenters: COST_CENTERS,
  years: [YEAR - 1, YEAR, YEAR + 1],
};

/** For a hundred calls, one after another, on a machine that others load, too. */
const PATIENCE_MS = 180_000;

const WHY = { reason: 'Conformance' };

/** What the conformance suite buys, under numbers of its own: the stock of Tryton belongs to other tests. */
const ITEMS = [
  { id: 'ERP-SPEC-KIT', name: 'Conformance kit', kind: 'stocked' as const },
  { id: 'ERP-SPEC-VISIT', name: 'Conformance visit', kind: 'service' as const },
].map((item) => ({
  ...item,
  unit: 'each',
  standardCost: { amount: '12.00', currency: 'USD' },
  purchaseAccount: '1400',
  expenseAccount: '5100',
  active: true,
  revision: '1',
  changedAt: '2026-01-01T00:00:00Z',
}));

if ('missing' in server) {
  test.skip(server.missing, () => undefined);
} else {
  const { url, database, user, password } = server;
  const settings = Object.assign(new TrytonConfig(), { url, database, user, password });
  const erpSettings = Object.assign(new TrytonErpConfig(), { legalEntities: 'LSH=HOSP,LSP=LSP' });
  const connectors: TrytonConnector[] = [];
  let proxy: LossyProxy;
  let records: TrytonRecords;
  let erp: TrytonConnector;
  /** Where replies are lost on the way. */
  let behind: TrytonConnector;
  let postgres: PostgresServer;
  const databases: Database[] = [];
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'concord-tryton-erp-'));

  /** As another process would: with connections of its own to everything. */
  const connect = async (changes: Partial<TrytonErpConfig> = {}, address = url) => {
    const config = Object.assign(new TrytonConfig(), settings, { url: address });
    const own = openDatabase(postgres.url);
    databases.push(own);
    const bound = Object.assign(new TrytonErpConfig(), erpSettings, changes);
    const connector = new TrytonConnector(config, bound, clock, own);
    connectors.push(connector);
    await connector.onModuleInit();
    return connector;
  };

  beforeAll(async () => {
    postgres = await startPostgres({ dataDir, log: () => undefined });
    records = new TrytonRecords(trytonClient(settings));
    proxy = await lossyProxy(url);
    await aloneInTryton(async () => {
      await prepareTryton(records, bindingOf(erpSettings), CHART);
      await preparePurchasing(records, bindingOf(erpSettings), ITEMS);
    });
    erp = await connect();
    behind = await connect({}, proxy.url);
    const { items } = await erp.ports.structure.listFiscalPeriods({ date: `${YEAR - 1}-01-15`, status: 'open' });
    for (const { id } of items) await erp.ports.structure.setFiscalPeriodStatus(id, 'closed', WHY);
    await shelve(erp.ports);
  }, 600_000);

  afterAll(async () => {
    for (const connector of connectors) await connector.onModuleDestroy();
    await records?.client.close();
    await proxy?.close();
    for (const database of databases) await database.destroy();
    await postgres?.stop();
    fs.rmSync(dataDir, { recursive: true });
  });

  connectorConformance(
    'Tryton',
    async () => ({
      connector: erp,
      today: TODAY,
      longAgo: `${YEAR - 1}-01-15`,
      codes: { item: 'ERP-SPEC-KIT', location: 'STO-CS' },
      callers: 6, // Tryton works on one call after another: more of them prove nothing more
    }),
    [
      'structure',
      'journal',
      'suppliers',
      'items',
      'purchaseOrders',
      'goodsReceipts',
      'supplierInvoices',
      'costAllocations',
      'valuation',
    ],
  );

  const key = () => `spec/${randomUUID()}`;
  const line = (side: JournalLine['side'], account: string, amount: string): JournalLine => ({
    account,
    costCenter: 'CC-SOUTH-EMERGENCY',
    side,
    amount: { amount, currency: 'USD' },
  });
  const entry = (changes: Partial<NewJournalEntry> = {}): NewJournalEntry => ({
    legalEntity: 'LSH',
    accountingDate: TODAY,
    reference: `encounter-${randomUUID()}`,
    description: 'Encounter charges',
    lines: [line('debit', '1200', '10.00'), line('credit', '4000', '10.00')],
    ...changes,
  });
  const movesOf = (reference: string) =>
    records.find<{ state: string }>('account.move', [['description', 'like', `% [${reference}] #%`]], ['state']);

  const supplier = { name: 'Lossy Supply', currency: 'USD', paymentDays: 30 };
  const orderFrom = (id: string, changes: object = {}): NewPurchaseOrder => ({
    legalEntity: 'LSH',
    supplier: id,
    deliverTo: 'STO-CS',
    neededOn: TODAY,
    lines: [
      {
        item: 'ERP-SPEC-KIT',
        description: 'Conformance kit',
        quantity: '4',
        unit: 'each',
        unitPrice: { amount: '2.50', currency: 'USD' },
        account: '1400',
        costCenter: 'CC-SOUTH-EMERGENCY',
      },
    ],
    ...changes,
  });
  const sentOrder = async ({ suppliers, purchaseOrders: orders }: TrytonConnector['ports']) => {
    const { id: seller } = await suppliers!.createSupplier(key(), supplier);
    const { id } = await orders!.createPurchaseOrder(key(), orderFrom(seller));
    for (const step of ['submit', 'approve', 'send'] as const) await orders!.stepPurchaseOrder(id, step);
    return { id, seller };
  };

  /** Something that the stock is worth, where nothing has come yet. */
  const shelve = async (ports: TrytonConnector['ports']) => {
    const there = { item: 'ERP-SPEC-KIT', location: 'STO-CS' };
    if ((await ports.valuation!.listInventoryValuations(there)).items.length) return;
    const { id } = await sentOrder(ports);
    const lines = [{ line: 1, quantity: '4' }];
    await ports.goodsReceipts!.createGoodsReceipt(key(), { purchaseOrder: id, receivedOn: TODAY, lines });
  };

  describe('an operator who binds Tryton', () => {
    test('prepares it once; the second time there is nothing to do', async () => {
      expect(await prepareTryton(records, bindingOf(erpSettings), CHART)).toEqual([]);
      expect(await preparePurchasing(records, bindingOf(erpSettings), ITEMS)).toEqual([]);
    });

    test('is told all that Tryton does not have, in one message', async () => {
      const start = connect({ journal: 'NOPE', costCenterRoot: 'Nowhere', legalEntities: 'LSH=HOSP,LSX=NOBODY' });
      await expect(start).rejects.toThrow(
        /no journal NOPE \(TRYTON_JOURNAL\).*LSH has no cost centers below Nowhere.*no company NOBODY/,
      );
    });

    test('is told which setting cannot be used', () => {
      const faulty = (change: Partial<TrytonErpConfig>) => () =>
        bindingOf(Object.assign(new TrytonErpConfig(), change));
      expect(faulty({})).toThrow('TRYTON_LEGAL_ENTITIES is missing');
      expect(faulty({ legalEntities: 'LSH' })).toThrow('TRYTON_LEGAL_ENTITIES must be pairs');
      expect(faulty({ legalEntities: 'LSH=HOSP', accounts: '1=2,1=3' })).toThrow('TRYTON_ACCOUNTS names a code twice');
      expect(() => trytonClient(new TrytonConfig())).toThrow('TRYTON_PASSWORD is missing');
    });

    test('finds accounts and cost centers under the codes that Tryton calls them by', async () => {
      const bound = await connect({ accounts: '5200=60010' });
      const lines = [line('debit', '5200', '3.00'), line('credit', '2300', '3.00')];
      const posted = await bound.ports.journal.createJournalEntry(key(), entry({ lines }));
      expect(posted.lines).toEqual(lines);
      const theirs = await records.find<{ 'account.': { code: string } }>(
        'account.move.line',
        [['move', '=', Number(posted.id)]],
        ['account.code'],
      );
      expect(theirs.map((one) => one['account.'].code)).toEqual(['60010', '2300']);
    });
  });

  describe('a posting', () => {
    test('is found again when the reply that it was written is lost', async () => {
      const [businessKey, posting] = [key(), entry()];
      proxy.loseReplyTo('model.account.move.create');
      const first = behind.ports.journal.createJournalEntry(businessKey, posting);
      expect(await refusal(first)).toMatchObject({ slug: 'upstream-unavailable' });
      expect(await movesOf(posting.reference)).toMatchObject([{ state: 'draft' }]);
      const again = await behind.ports.journal.createJournalEntry(businessKey, posting);
      expect(again).toMatchObject(posting);
      expect(await movesOf(posting.reference)).toEqual([{ id: Number(again.id), state: 'posted' }]);
    });

    test('needs no repetition when only the reply that it was posted is lost: its state is read back', async () => {
      const posting = entry();
      proxy.loseReplyTo('model.account.move.post');
      const posted = await behind.ports.journal.createJournalEntry(key(), posting);
      expect(await movesOf(posting.reference)).toEqual([{ id: Number(posted.id), state: 'posted' }]);
    });

    test('leaves no draft behind when Tryton refuses it', async () => {
      const cash = { ...line('debit', '1200', '1.00'), account: 'PARTY' };
      const [receivable] = await records.find(
        'account.account',
        [
          ['type.receivable', '=', true],
          ['company', '=', 1],
        ],
        ['code'],
      );
      await records.write('account.account', receivable!.id, { code: 'PARTY', party_required: true });
      const posting = entry({ lines: [cash, line('credit', '4000', '1.00')] });
      const fresh = await connect();
      const refused = fresh.ports.journal.createJournalEntry(key(), posting);
      expect(await refusal(refused)).toMatchObject({ slug: 'upstream-rejected' });
      expect(await movesOf(posting.reference)).toEqual([]);
    });

    test('keeps every cent, and cost and revenue in the analytic accounts', async () => {
      const lines = [
        line('debit', '5100', '0.10'),
        { ...line('debit', '5200', '0.20'), memo: 'Nurses: nights' },
        line('credit', '1400', '0.30'),
      ];
      const posted = await erp.ports.journal.createJournalEntry(key(), entry({ lines }));
      expect(posted.lines).toEqual(lines);
      const analytic = await records.find<{ debit: WireDecimal; 'account.': { code: string } }>(
        'analytic_account.line',
        [['move_line.move', '=', Number(posted.id)]],
        ['debit', 'account.code'],
      );
      expect(analytic.map(({ debit }) => fromWireDecimal(debit))).toEqual(['0.1', '0.2']);
      expect(analytic.map((one) => one['account.'].code)).toEqual(['CC-SOUTH-EMERGENCY', 'CC-SOUTH-EMERGENCY']);
      const states = await records.find<{ analytic_state: string }>(
        'account.move.line',
        [['move', '=', Number(posted.id)]],
        ['analytic_state'],
      );
      expect(states.map(({ analytic_state }) => analytic_state)).toEqual(['valid', 'valid', 'valid']);
    });

    test('is refused in a month that was closed in Tryton a moment ago', async () => {
      const { structure, journal } = erp.ports;
      const id = `LSP:${YEAR + 1}-11`;
      await structure.readFiscalPeriod(id);
      await records.press('account.period', 'close', [await periodInTryton(`${YEAR + 1}-11-01`)]);
      const lines = entry().lines.map((one) => ({ ...one, costCenter: 'CC-EAST-SURGERY' }));
      const posting = entry({ legalEntity: 'LSP', accountingDate: `${YEAR + 1}-11-15`, lines });
      const context = { legalEntity: 'LSP', period: `${YEAR + 1}-11` };
      expect(await refusal(journal.createJournalEntry(key(), posting))).toEqual({ slug: 'period-closed', context });
      expect(await structure.setFiscalPeriodStatus(id, 'open', WHY)).toMatchObject({ id, status: 'open' });
      expect(await journal.createJournalEntry(key(), posting)).toMatchObject(posting);
    });
  });

  describe('what is bought', () => {
    test(
      'is made once, whichever reply is lost on the way',
      async () => {
        const { ports } = behind;
        const lost = async (method: string, work: () => Promise<{ id: string }>) => {
          proxy.loseReplyTo(`"model.${method}"`);
          expect(await refusal(work())).toMatchObject({ slug: 'upstream-unavailable' });
          return (await work()).id;
        };
        const keys = [key(), key(), key(), key(), key(), key()];
        const seller = await lost('party.party.create', () => ports.suppliers!.createSupplier(keys[0]!, supplier));
        const draft = await lost('purchase.purchase.create', () =>
          ports.purchaseOrders!.createPurchaseOrder(keys[1]!, orderFrom(seller)),
        );
        expect((await ports.purchaseOrders!.listPurchaseOrders({ supplier: seller })).items).toHaveLength(1);
        for (const step of ['submit', 'approve', 'send'] as const)
          await ports.purchaseOrders!.stepPurchaseOrder(draft, step);

        const came = (quantity: string) => ({
          purchaseOrder: draft,
          receivedOn: TODAY,
          lines: [{ line: 1, quantity }],
        });
        const steps = ['stock.shipment.in.create', 'stock.shipment.in.receive', 'stock.shipment.in.done'];
        for (const [index, method] of [...steps, 'account.move.create'].entries())
          await lost(method, () => ports.goodsReceipts!.createGoodsReceipt(`${keys[2]}-${index}`, came('1')));
        const received = (await ports.goodsReceipts!.listGoodsReceipts({ purchase_order: draft })).items;
        expect(received.map(({ journalEntry }) => journalEntry !== undefined)).toEqual([true, true, true, true]);
        expect(await ports.purchaseOrders!.readPurchaseOrder(draft)).toMatchObject({ status: 'received' });

        const unitPrice = { amount: '2.50', currency: 'USD' };
        const dates = { invoiceDate: TODAY, accountingDate: TODAY };
        const about = { legalEntity: 'LSH', supplier: seller, purchaseOrder: draft, ...dates };
        const bill = (number: string) => ({
          ...about,
          number,
          lines: [{ orderLine: 1, description: 'As ordered', quantity: '1', unitPrice }],
        });
        for (const method of ['create', 'validate_invoice', 'post'])
          await lost(`account.invoice.${method}`, () =>
            ports.supplierInvoices!.createSupplierInvoice(`${keys[3]}-${method}`, bill(`B-${method}`)),
          );
        expect((await ports.supplierInvoices!.listSupplierInvoices({ supplier: seller })).items).toHaveLength(3);
      },
      PATIENCE_MS,
    );

    test('is changed once, though the reply to the change is lost', async () => {
      const { suppliers } = behind.ports;
      const { id, revision } = await suppliers!.createSupplier(key(), supplier);
      const businessKey = key();
      const changing = (under: string) =>
        suppliers!.changeSupplier(id, revision, { name: 'Conformance renamed' }, under);
      proxy.loseReplyTo('"model.party.party.write"');
      expect(await refusal(changing(businessKey))).toMatchObject({ slug: 'upstream-unavailable' });
      expect(await changing(businessKey)).toMatchObject({ id, name: 'Conformance renamed' });
      expect(await refusal(changing(key()))).toMatchObject({ slug: 'stale' });
    });

    test('is made once by two processes that write the same at the same time', async () => {
      const [one, two] = [erp.ports, (await connect()).ports];
      const [supplierKey, orderKey, receiptKey] = [key(), key(), key()];
      const both = async <T>(work: (ports: TrytonConnector['ports']) => Promise<T>): Promise<T> => {
        const [first, second] = await Promise.all([work(one), work(two)]);
        expect(first).toEqual(second);
        return first;
      };
      const { id: seller } = await both(({ suppliers }) => suppliers!.createSupplier(supplierKey, supplier));
      const order = orderFrom(seller);
      const { id } = await both(({ purchaseOrders }) => purchaseOrders!.createPurchaseOrder(orderKey, order));
      expect((await one.purchaseOrders!.listPurchaseOrders({ supplier: seller })).items).toHaveLength(1);
      for (const step of ['submit', 'approve', 'send'] as const) await one.purchaseOrders!.stepPurchaseOrder(id, step);
      const came = { purchaseOrder: id, receivedOn: TODAY, lines: [{ line: 1, quantity: '4' }] };
      await both(({ goodsReceipts }) => goodsReceipts!.createGoodsReceipt(receiptKey, came));
      expect(await one.purchaseOrders!.readPurchaseOrder(id)).toMatchObject({ lines: [{ received: '4' }] });
    });

    test('goes to the stock location of the order, lot by lot', async () => {
      const { ports } = erp;
      const { id } = await sentOrder(ports);
      const lots = ['A', 'B'].map((letter) => `${letter}-${randomUUID().slice(0, 8)}`);
      const lines = lots.map((lot, index) => ({ line: 1, quantity: String(index + 1), lot }));
      const receipt = await ports.goodsReceipts!.createGoodsReceipt(key(), {
        purchaseOrder: id,
        receivedOn: TODAY,
        deliveryNote: 'DN-778',
        lines,
      });
      expect(receipt).toMatchObject({ deliveryNote: 'DN-778', lines, value: { amount: '7.50', currency: 'USD' } });
      const shelved = await records.find<{ 'to_location.': { code: string } }>(
        'stock.move',
        [
          ['shipment', '=', `stock.shipment.in,${receipt.id}`],
          ['origin', 'like', 'stock.move,%'],
          ['state', '=', 'done'],
        ],
        ['to_location.code'],
      );
      expect(shelved.map((move) => move['to_location.'].code)).toEqual(['STO-CS', 'STO-CS']);
    });

    test('a supplier who is blocked sells nothing, and says what stands against it', async () => {
      const { suppliers, purchaseOrders } = erp.ports;
      const address = { street: '1 Pier', city: 'Denver', region: 'CO', postalCode: '80202', country: 'US' };
      const added = await suppliers!.createSupplier(key(), { ...supplier, address });
      expect(added).toMatchObject({ address, hasBankDetails: false });
      const blocked = await suppliers!.changeSupplier(added.id, added.revision, { blocked: true, address: null });
      expect(blocked).toMatchObject({ blocked: true, active: true });
      expect(blocked.address).toBeUndefined();
      const ordering = purchaseOrders!.createPurchaseOrder(key(), orderFrom(added.id));
      expect(await refusal(ordering)).toEqual({ slug: 'conflict', context: { supplier: added.id } });
    });

    test('an employee of the hospital is no supplier, though Tryton knows both as parties', async () => {
      const { suppliers } = erp.ports;
      expect((await suppliers!.listSuppliers({ name: 'Avery Chen' })).items).toEqual([]);
    });

    test('what the stock is worth changes with what comes, and is listed page by page', async () => {
      const { valuation, goodsReceipts } = erp.ports;
      const there = { item: 'ERP-SPEC-KIT', location: 'STO-CS' };
      const valued = async (changed_since?: string) =>
        (await valuation!.listInventoryValuations({ ...there, changed_since })).items[0];
      const before = await valued();
      const { id } = await sentOrder(erp.ports);
      const lines = [{ line: 1, quantity: '4' }];
      await goodsReceipts!.createGoodsReceipt(key(), { purchaseOrder: id, receivedOn: TODAY, lines });
      const after = await valued();
      expect(Number(after!.quantity) - Number(before!.quantity)).toBe(4);
      expect(Number(after!.value.amount) - Number(before!.value.amount)).toBeCloseTo(48);
      expect(Date.parse(after!.changedAt)).toBeGreaterThan(Date.parse(before!.changedAt));
      expect(await valued(after!.changedAt)).toEqual(after);
      expect(await valued('2999-01-01T00:00:00Z')).toBeUndefined();
      const { items } = await valuation!.listInventoryValuations({ location: 'STO-CS', page_size: 500 });
      const first = await valuation!.listInventoryValuations({ location: 'STO-CS', page_size: 1 });
      const page_token = first.nextPageToken;
      const second = await valuation!.listInventoryValuations({ location: 'STO-CS', page_size: 1, page_token });
      expect([...first.items, ...second.items]).toEqual(items.slice(0, 2));
    });

    test('an item is found by the code on its package', async () => {
      const { items } = erp.ports;
      const product = await records.first('product.product', [['code', '=', 'ERP-SPEC-KIT']], ['code']);
      const code = '4006381333931';
      const there = [
        ['product', '=', product!.id],
        ['code', '=', code],
      ];
      if (!(await records.first('product.identifier', there, ['code'])))
        await records.create('product.identifier', [{ product: product!.id, type: 'ean', code }]);
      expect(await items!.readItem(code)).toEqual(await items!.readItem('ERP-SPEC-KIT'));
    });

    test('a service is invoiced without a receipt', async () => {
      const { ports } = erp;
      const { id: seller } = await ports.suppliers!.createSupplier(key(), supplier);
      const visit = { item: 'ERP-SPEC-VISIT', description: 'Visit', account: '6100', quantity: '1' };
      const lines = [{ ...orderFrom(seller).lines[0]!, ...visit }];
      const { id } = await ports.purchaseOrders!.createPurchaseOrder(key(), orderFrom(seller, { lines }));
      for (const step of ['submit', 'approve', 'send'] as const)
        await ports.purchaseOrders!.stepPurchaseOrder(id, step);
      const came = { purchaseOrder: id, receivedOn: TODAY, lines: [{ line: 1, quantity: '1' }] };
      expect(await refusal(ports.goodsReceipts!.createGoodsReceipt(key(), came))).toMatchObject({ slug: 'conflict' });
      const invoice = await ports.supplierInvoices!.createSupplierInvoice(key(), {
        legalEntity: 'LSH',
        supplier: seller,
        number: 'V-1',
        purchaseOrder: id,
        invoiceDate: TODAY,
        accountingDate: TODAY,
        lines: [{ orderLine: 1, description: 'Visit', quantity: '1', unitPrice: { amount: '2.50', currency: 'USD' } }],
      });
      expect(invoice).toMatchObject({ match: { kind: 'two-way', status: 'matched' }, paymentBlocked: false });
    });

    test('what no module of Tryton does is not served, and the operator is told which one', async () => {
      const poor = await without('purchase');
      const { ports } = await connect({}, poor.url);
      expect(Object.keys(ports).sort()).toEqual(['costAllocations', 'journal', 'structure', 'suppliers', 'valuation']);
      await poor.close();
    });
  });

  /** Tryton as it is where a module was not activated. */
  const without = async (module: string) => {
    const server = http.createServer((request, reply) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        const { authorization = '', 'content-type': type = 'application/json' } = request.headers;
        const headers = { 'content-type': type, ...(authorization ? { authorization } : {}) };
        void fetch(`${url}${request.url}`, { method: 'POST', headers, body }).then(async (answer) => {
          const said = (await answer.json()) as { result?: { name: string }[] };
          const { method } = JSON.parse(body) as { method: string };
          if (method.startsWith('model.ir.module.'))
            said.result = said.result?.filter(({ name }) => name !== module) ?? [];
          reply.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(said));
        });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const close = () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    };
    return { url: `http://127.0.0.1:${port}`, close };
  };

  const periodInTryton = async (day: string): Promise<number> => {
    const lsp = [
      ['company.party.code', '=', 'LSP'],
      ['start_date', '=', toWireDay(day)],
    ];
    return (await records.first('account.period', lsp, ['name']))!.id;
  };
}
