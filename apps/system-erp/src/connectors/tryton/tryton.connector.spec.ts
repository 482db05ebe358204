import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { JournalLine, NewJournalEntry } from '@concord/canonical';
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

  const connect = async (changes: Partial<TrytonErpConfig> = {}, address = url) => {
    const config = Object.assign(new TrytonConfig(), settings, { url: address });
    const connector = new TrytonConnector(config, Object.assign(new TrytonErpConfig(), erpSettings, changes), clock);
    connectors.push(connector);
    await connector.onModuleInit();
    return connector;
  };

  beforeAll(async () => {
    records = new TrytonRecords(trytonClient(settings));
    proxy = await lossyProxy(url);
    await aloneInTryton(() => prepareTryton(records, bindingOf(erpSettings), CHART));
    erp = await connect();
    const { items } = await erp.ports.structure.listFiscalPeriods({ date: `${YEAR - 1}-01-15`, status: 'open' });
    for (const { id } of items) await erp.ports.structure.setFiscalPeriodStatus(id, 'closed');
  }, 600_000);

  afterAll(async () => {
    for (const connector of connectors) await connector.onModuleDestroy();
    await records?.client.close();
    await proxy?.close();
  });

  connectorConformance('Tryton', async () => ({ connector: erp, today: TODAY, longAgo: `${YEAR - 1}-01-15` }), [
    'structure',
    'journal',
  ]);

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

  describe('an operator who binds Tryton', () => {
    test('prepares it once; the second time there is nothing to do', async () => {
      expect(await prepareTryton(records, bindingOf(erpSettings), CHART)).toEqual([]);
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
      const behind = await connect({}, proxy.url);
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
      const behind = await connect({}, proxy.url);
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
      expect(await structure.setFiscalPeriodStatus(id, 'open')).toMatchObject({ id, status: 'open' });
      expect(await journal.createJournalEntry(key(), posting)).toMatchObject(posting);
    });
  });

  const periodInTryton = async (day: string): Promise<number> => {
    const lsp = [
      ['company.party.code', '=', 'LSP'],
      ['start_date', '=', toWireDay(day)],
    ];
    return (await records.first('account.period', lsp, ['name']))!.id;
  };
}
