import { randomUUID } from 'node:crypto';
import { Decimal } from 'decimal.js';
import type { JournalLine } from '@concord/canonical';
import { aloneInTryton, encounterBundle, lossyProxy, ok, trytonServer, type LossyProxy } from '@concord/testing';
import { fromWireDecimal, TrytonConfig, TrytonRecords, trytonClient, type WireDecimal } from '@concord/tryton';
import { ACCOUNTS, COST_CENTERS, LEGAL_ENTITIES } from '../../apps/system-erp/src/connectors/sandbox/seed.js';
import { prepareTryton } from '../../apps/system-erp/src/connectors/tryton/prepare.js';
import { bindingOf, TrytonErpConfig } from '../../apps/system-erp/src/connectors/tryton/tryton-erp.config.js';
import { testGateway, type TestGateway } from '../fixtures/gateway.js';

const server = await trytonServer();

interface Line {
  readonly account: string;
  readonly side: JournalLine['side'];
  readonly amount: string;
}

interface Move {
  readonly number: string;
  readonly reverses: string | undefined;
  readonly lines: readonly Line[];
}

describe('a finished encounter, with the books in Tryton', () => {
  if ('missing' in server) {
    it.skip(server.missing, () => undefined);
    return;
  }
  const { url, database, user, password } = server;
  const records = new TrytonRecords(trytonClient(Object.assign(new TrytonConfig(), { url, database, user, password })));
  const YEAR = new Date().getUTCFullYear();
  const sent: string[] = [];
  let proxy: LossyProxy;
  let gateway: TestGateway;
  let before: NodeJS.ProcessEnv;

  beforeAll(async () => {
    before = { ...process.env };
    proxy = await lossyProxy(url);
    const legalEntities = 'LSH=HOSP,LSP=LSP';
    const chart = { legalEntities: LEGAL_ENTITIES, accounts: ACCOUNTS, costCenters: COST_CENTERS, years: [YEAR] };
    const binding = bindingOf(Object.assign(new TrytonErpConfig(), { legalEntities }));
    await aloneInTryton(() => prepareTryton(records, binding, chart));
    Object.assign(process.env, {
      CONNECTOR_ERP: 'tryton',
      TRYTON_URL: proxy.url,
      TRYTON_DATABASE: database,
      TRYTON_USER: user,
      TRYTON_PASSWORD: password,
      TRYTON_LEGAL_ENTITIES: legalEntities,
    });
    gateway = await testGateway();
  }, 600_000);

  afterAll(async () => {
    await gateway?.stop();
    await proxy?.close();
    await records.client.close();
    process.env = before;
  });

  /** Tryton keeps its books between runs of this test, so every encounter is a new one. */
  const send = async (wishes: Parameters<typeof encounterBundle>[1] = {}) => {
    const made = encounterBundle(randomUUID(), wishes);
    ok(await gateway.send(made.bundle));
    sent.push(made.encounterId);
    return made;
  };

  /** What Tryton itself says was posted for a business document, past everything of ours. */
  const movesOf = async (reference: string): Promise<Move[]> => {
    const posted = [
      ['state', '=', 'posted'],
      ['description', 'like', `% [${reference}] #%`],
    ];
    const moves = await records.all<{ post_number: string; origin: string | null }>('account.move', posted, [
      'post_number',
      'origin',
    ]);
    return Promise.all(
      moves.map(async ({ id, post_number, origin }) => {
        const lines = await records.all<{ 'account.': { code: string }; debit: WireDecimal; credit: WireDecimal }>(
          'account.move.line',
          [['move', '=', id]],
          ['account.code', 'debit', 'credit'],
        );
        return { number: post_number, reverses: origin?.replace('account.move,', ''), lines: lines.map(toLine) };
      }),
    );
  };

  const toLine = (line: { 'account.': { code: string }; debit: WireDecimal; credit: WireDecimal }): Line => {
    const [debit, credit] = [fromWireDecimal(line.debit), fromWireDecimal(line.credit)];
    const side = new Decimal(debit).isZero() ? 'credit' : 'debit';
    return { account: line['account.'].code, side, amount: new Decimal(side === 'debit' ? debit : credit).toFixed(2) };
  };

  const sum = (lines: readonly Line[], side: Line['side']): string =>
    lines
      .filter((line) => line.side === side)
      .reduce((all, { amount }) => all.plus(amount), new Decimal(0))
      .toFixed(2);

  it('is posted there once and balanced, line by line as the run says', async () => {
    const facilities = ['CLINIC-NORTH', 'CLINIC-EAST', 'CLINIC-SOUTH', 'CLINIC-WEST']; // of two legal entities
    const encounters = await Promise.all(
      Array.from({ length: 8 }, (_, index) => send({ facility: facilities[index % 4]!, procedures: ['288086009'] })),
    );
    for (const { encounterId } of encounters) {
      const { posting, documents, balanced } = await gateway.financials(encounterId);
      expect(balanced).toBe(true);
      const [move, ...others] = await movesOf(encounterId);
      expect(others).toEqual([]);
      expect(move!.lines).toEqual(
        posting.map(({ account, side, amount }) => ({ account, side, amount: amount.amount })),
      );
      expect(documents.find(({ kind }) => kind === 'journal-entry')?.number).toBe(move!.number);
    }
  });

  it('is posted once when Tryton worked and its reply was lost', async () => {
    proxy.loseReplyTo('model.account.move.create');
    const { encounterId } = await send();
    expect((await gateway.financials(encounterId)).balanced).toBe(true);
    expect(await movesOf(encounterId)).toHaveLength(1);
    expect(proxy.lost).toBe(1);
  });

  it('is reversed there when the EHR cancels it', async () => {
    const { encounterId, bundle } = await send({ facility: 'CLINIC-WEST' });
    await gateway.financials(encounterId);
    const cancelled = structuredClone(bundle) as { entry: { resource: { resourceType: string; status?: string } }[] };
    for (const { resource } of cancelled.entry) {
      if (resource.resourceType === 'Encounter') resource.status = 'entered-in-error';
    }
    ok(await gateway.send(cancelled));
    await gateway.run(encounterId, 'undone');
    const [entry, reversal] = await movesOf(encounterId);
    expect(reversal!.reverses).toBeDefined();
    const other = { debit: 'credit', credit: 'debit' } as const;
    expect(reversal!.lines).toEqual(entry!.lines.map((line) => ({ ...line, side: other[line.side] })));
  });

  it('leaves books in Tryton that balance to the cent', async () => {
    const lines = (await Promise.all(sent.map(movesOf))).flat().flatMap((move) => move.lines);
    expect(lines.length).toBeGreaterThan(sent.length * 4);
    expect(sum(lines, 'debit')).toBe(sum(lines, 'credit'));
  });
});
