import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { sql } from 'kysely';
import type { JournalLine } from '@concord/canonical';
import { openDatabase, startPostgres, type Database, type PostgresServer } from '@concord/database';
import { FaultInjection } from '@concord/resilience';
import { connectorConformance, refusal } from '../connector.conformance.js';
import { SandboxConnector } from './sandbox.connector.js';

const TODAY = '2026-11-21';
const clock = () => new Date(`${TODAY}T09:30:00Z`);

const dataDir = mkdtempSync(join(tmpdir(), 'concord-erp-'));
const faults = new FaultInjection();
let postgres: PostgresServer;
let database: Database;
let sandbox: SandboxConnector;
let erp: SandboxConnector['ports'];

async function start() {
  const connector = new SandboxConnector(database, clock, faults);
  await connector.onModuleInit();
  return connector;
}

beforeAll(async () => {
  postgres = await startPostgres({ dataDir, log: () => undefined });
  database = openDatabase(postgres.url);
  sandbox = await start();
  erp = sandbox.ports;
});

afterAll(async () => {
  await database.destroy();
  await postgres.stop();
  rmSync(dataDir, { recursive: true });
});

connectorConformance('the sandbox', () =>
  Promise.resolve({
    connector: sandbox,
    today: TODAY,
    longAgo: '2026-01-15',
    loseReply: (operation) => faults.fail(operation, { kind: 'reply-lost', times: 1 }),
  }),
);

let keys = 0;
const key = () => `spec/${(keys += 1)}`;

const asMoney = (cents: number) => ({ amount: (cents / 100).toFixed(2), currency: 'USD' });
const line = (side: JournalLine['side'], cents: number): JournalLine => ({
  account: side === 'debit' ? '1200' : '4000',
  costCenter: 'CC-SOUTH-EMERGENCY',
  side,
  amount: asMoney(cents),
});
const entryOf = (debits: readonly number[], credits: readonly number[]) => ({
  legalEntity: 'LSH',
  accountingDate: TODAY,
  reference: 'property',
  description: 'Generated',
  lines: [...debits.map((cents) => line('debit', cents)), ...credits.map((cents) => line('credit', cents))],
});

const sum = (amounts: readonly number[]) => amounts.reduce((a, b) => a + b, 0);
const cents = fc.integer({ min: 1, max: 99_999_999 });
/** `1.5000` is a dollar fifty as well. */
const zeros = fc.constantFrom('', '0', '0000');
const side = fc.array(cents, { minLength: 1, maxLength: 12 });

test('whatever balances is posted, with its total to the cent', async () => {
  await fc.assert(
    fc.asyncProperty(side, side, zeros, async (debits, credits, zeros) => {
      const difference = sum(debits) - sum(credits);
      const entry = entryOf(
        [...debits, ...(difference < 0 ? [-difference] : [])],
        [...credits, ...(difference > 0 ? [difference] : [])],
      );
      const { lines } = entry;
      const written = lines.map((one) => ({ ...one, amount: { ...one.amount, amount: one.amount.amount + zeros } }));
      const posted = await erp.journal.createJournalEntry(key(), { ...entry, lines: written });
      expect(posted.total).toEqual(asMoney(Math.max(sum(debits), sum(credits))));
    }),
    { numRuns: 50 },
  );
});

test('whatever does not balance is refused, and the refusal says by how much', async () => {
  await fc.assert(
    fc.asyncProperty(side, side, async (debits, credits) => {
      fc.pre(sum(debits) !== sum(credits));
      const [debit, credit] = [asMoney(sum(debits)).amount, asMoney(sum(credits)).amount];
      expect(await refusal(erp.journal.createJournalEntry(key(), entryOf(debits, credits)))).toEqual({
        slug: 'journal-unbalanced',
        context: { debits: debit, credits: credit, currency: 'USD' },
      });
    }),
    { numRuns: 50 },
  );
});

const insert = (lines: unknown, total = '1.00') =>
  sql`insert into sandbox_erp.journal_entry
      (business_key, legal_entity, accounting_date, reference, description, currency, total, lines, posted_at)
    values (${key()}, 'LSH', ${TODAY}, 'by-hand', 'By hand', 'USD', ${total}, ${JSON.stringify(lines)}, now())`.execute(
    database,
  );

test.each([
  ['unequal sides', [line('debit', 100), line('credit', 101)]],
  ['one side', [line('debit', 100), line('debit', 100)]],
  ['no lines', []],
  ['amounts below zero', [line('debit', 200), line('debit', -100), line('credit', 100)]],
  ['another currency', [line('debit', 100), { ...line('credit', 100), amount: { amount: '1.00', currency: 'EUR' } }]],
  ['no number', [line('debit', 100), { ...line('credit', 100), amount: { amount: 'NaN', currency: 'USD' } }]],
])('Postgres itself refuses an entry with %s', async (_, lines) => {
  await expect(insert(lines)).rejects.toThrow('balanced');
});

test('Postgres itself refuses to change or delete what is posted', async () => {
  await insert([line('debit', 100), line('credit', 100)]);
  const change = sql`update sandbox_erp.journal_entry set total = 2 where reference = 'by-hand'`;
  const removal = sql`delete from sandbox_erp.journal_entry where reference = 'by-hand'`;
  await expect(change.execute(database)).rejects.toThrow('never changed');
  await expect(removal.execute(database)).rejects.toThrow('never changed');
});

test('a posting whose reply was lost is found again, even in a period that has closed since', async () => {
  faults.fail('createJournalEntry', { kind: 'reply-lost', times: 1 });
  const businessKey = key();
  const entry = { ...entryOf([100], [100]), reference: 'lost' };
  expect(await refusal(erp.journal.createJournalEntry(businessKey, entry))).toMatchObject({ slug: 'upstream-timeout' });

  const override = { legal_entity: 'LSH', code: '2026-11', status: 'closed' };
  const db = database.$extendTables<{ 'sandbox_erp.fiscal_period_override': typeof override }>();
  await db.insertInto('sandbox_erp.fiscal_period_override').values(override).execute();
  const later = (await start()).ports;

  const context = { legalEntity: 'LSH', period: '2026-11' };
  expect(await refusal(later.journal.createJournalEntry(key(), entry))).toEqual({ slug: 'period-closed', context });
  const found = await later.journal.createJournalEntry(businessKey, entry);
  expect((await later.journal.listJournalEntries({ reference: 'lost' })).items).toEqual([found]);
  await db.deleteFrom('sandbox_erp.fiscal_period_override').execute();
});

test('a period that is closed or opened in one process is so in all others at once', async () => {
  const other = (await start()).ports;
  const december = { ...entryOf([700], [700]), accountingDate: '2026-12-15' };
  const posting = () => erp.journal.createJournalEntry(key(), december);
  await posting();
  const why = { reason: 'Two processes' };
  const closed = await other.structure.setFiscalPeriodStatus('LSH:2026-12', 'closed', why);
  const context = { legalEntity: 'LSH', period: '2026-12' };
  expect(await refusal(posting())).toEqual({ slug: 'period-closed', context });
  expect(await erp.structure.readFiscalPeriod('LSH:2026-12')).toEqual(closed);
  const many = await Promise.all(Array.from({ length: 20 }, () => refusal(posting())));
  expect(new Set(many.map((end) => JSON.stringify(end)))).toEqual(
    new Set([JSON.stringify({ slug: 'period-closed', context })]),
  );
  await other.structure.setFiscalPeriodStatus('LSH:2026-12', 'open', why);
  expect(await posting()).toMatchObject(december);
});

test('a ledger that is down refuses reads as well', async () => {
  faults.fail('*', { kind: 'unavailable', times: 1_000_000 });
  expect(await refusal(erp.structure.listAccounts({}))).toMatchObject({ slug: 'upstream-unavailable' });
  expect(await refusal(erp.journal.readJournalEntry('JE-000001'))).toMatchObject({ slug: 'upstream-unavailable' });
  faults.clear();
  expect((await erp.structure.listAccounts({ page_size: 1 })).items).toMatchObject([{ code: '1010', name: 'Cash' }]);
});

test('every facility has a cost center for each service line', async () => {
  const { items } = await erp.structure.listCostCenters({ page_size: 500 });
  expect(items).toHaveLength(36);
  expect(new Set(items.map(({ facility, serviceLine }) => `${facility} ${serviceLine}`)).size).toBe(36);
});
