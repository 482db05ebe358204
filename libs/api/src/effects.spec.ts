import 'reflect-metadata';
import { verifyAuditTrail, type AuditEntry } from '@concord/audit';
import fc from 'fast-check';
import { sql } from 'kysely';
import { Module } from '@nestjs/common';
import { code, Problem } from '@concord/canonical';
import type { ApiDefinition } from './definition.js';
import { Endpoint, Resource } from './endpoint.js';
import { SECRET, smallHost, type SmallHost } from './fixture/small-host.js';
import { MESSAGES, VISITS, Ward, wardApi, wardClients } from './fixture/ward.js';
import { Receipts } from './receipts.js';

class Account {
  @code('Number')
  code!: string;
}

@Resource('accounts')
class AccountsController {
  @Endpoint('GET', { scope: 'ledger/account.read', summary: 'Read the account', answer: Account })
  readAccount(): Account {
    return { code: '1200' };
  }
}

@Module({ controllers: [AccountsController] })
class LedgerModule {}

/** An API that holds no PHI, so its reads do not wait for the audit trail. */
const ledger: ApiDefinition = {
  layer: 'system',
  name: 'ledger',
  version: 1,
  title: 'Ledger',
  description: 'Accounts',
  dataClass: 'finance',
  module: LedgerModule,
};
const clerk = { id: 'clerk', scopes: ['ledger/account.read'], facilities: [], legalEntities: [], secret: SECRET };

const ward = new Ward();
const LATE_MS = 400;
let host: SmallHost;

beforeAll(async () => {
  const apis = [wardApi(ward), ledger];
  host = await smallHost({ apis, clients: [...wardClients, clerk], platform: { handlerTimeoutMs: LATE_MS } });
});
afterAll(() => host.stop());
afterEach(() => {
  ward.effects.length = 0;
  Object.assign(ward, { ...new Ward(), effects: ward.effects });
});

const visit = { facility: 'CLINIC-NORTH', name: 'Testperson' };
let keys = 0;
const newKey = () => `key-${(keys += 1)}`;
const admit = (key: string, body: unknown = visit, client = 'nurse') => host.call(client, VISITS, { body, key });
const isReplayed = ({ headers }: { headers: Headers }) => headers.get('idempotent-replayed') === 'true';
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function auditLines(): Promise<(AuditEntry & { position: number })[]> {
  await host.platform.audit.flush();
  const { rows } = await sql<{ position: number; entry: string }>`
    select position, entry from audit.entry order by position`.execute(host.platform.database);
  return rows.map(({ position, entry }) => ({ position, ...(JSON.parse(entry) as AuditEntry) }));
}

describe('an effect', () => {
  test('without a key is refused before anything happens', async () => {
    const answer = await host.call('nurse', VISITS, { body: visit });
    expect([answer.status, answer.body['code']]).toEqual([400, 'idempotency-key-missing']);
    expect(ward.effects).toEqual([]);
  });

  test('that is asked for again happens once, and is answered alike', async () => {
    const key = newKey();
    const first = await admit(key);
    const again = await admit(key, { name: 'Testperson', facility: 'CLINIC-NORTH' });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.text).toBe(first.text);
    expect([isReplayed(first), isReplayed(again)]).toEqual([false, true]);
    expect(ward.effects).toEqual([`nurse/${key}`]);
  });

  test('is remembered by a process that comes later', async () => {
    const later = new Receipts(host.platform.database);
    const effect = () => Promise.resolve({ status: 201, body: { visitId: 'another' } });
    const first = await later.once('scope', 'key', 'print', effect);
    const again = await new Receipts(host.platform.database).once('scope', 'key', 'print', effect);
    expect([first.replayed, again.replayed]).toEqual([false, true]);
    expect(again).toMatchObject({ status: 201, body: { visitId: 'another' } });
  });

  test('is not confused with another one of the same key', async () => {
    const key = newKey();
    await admit(key);
    const other = await admit(key, { ...visit, minutes: 5 });
    expect([other.status, other.body['code']]).toEqual([422, 'idempotency-mismatch']);
    const shapeless = await admit(key, { minutes: 'five' });
    expect([shapeless.status, shapeless.body['code']]).toEqual([422, 'idempotency-mismatch']);
    expect(ward.effects).toHaveLength(1);
  });

  test('is not confused with it by several who ask at once', async () => {
    const key = newKey();
    await admit(key);
    const others = await Promise.all(Array.from({ length: 5 }, () => admit(key, { ...visit, minutes: 5 })));
    expect(new Set(others.map(({ body }) => body['code']))).toEqual(new Set(['idempotency-mismatch']));
  });

  test('belongs to its caller, its operation and its address', async () => {
    const key = newKey();
    await admit(key);
    expect(isReplayed(await admit(key, visit, 'biller'))).toBe(false);
    for (const id of ['visit-1', 'visit-2', 'visit-1'])
      await host.call('nurse', `${VISITS}/${id}`, { method: 'DELETE', key });
    expect(ward.effects).toEqual([`nurse/${key}`, `biller/${key}`, 'visit-1', 'visit-2']);
  });

  test('that twenty ask for at once happens once', async () => {
    const key = newKey();
    ward.admit = async () => {
      await pause(50);
      return { visitId: 'visit-20' };
    };
    const answers = await Promise.all(Array.from({ length: 20 }, () => admit(key)));
    expect(ward.effects).toHaveLength(1);
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(
      new Set(['201 {"visitId":"visit-20"}']),
    );
    expect(answers.filter(isReplayed)).toHaveLength(19);
  });

  test('that is under way is not joined by another one of its key', async () => {
    const key = newKey();
    ward.admit = async () => {
      await pause(100);
      throw new Problem('conflict', 'The bed is taken');
    };
    const [first, other] = await Promise.all([admit(key), pause(30).then(() => admit(key, { ...visit, minutes: 1 }))]);
    expect([first.body['code'], other.body['code']]).toEqual(['conflict', 'idempotency-mismatch']);
  });

  test('that was refused has left no receipt: mended, it may happen under its key', async () => {
    const key = newKey();
    ward.admit = () => {
      throw new Problem('conflict', 'The bed is taken');
    };
    expect((await admit(key)).status).toBe(409);
    ward.admit = () => ({ visitId: 'visit-9' });
    const mended = await admit(key, { ...visit, minutes: 5 });
    expect([mended.status, isReplayed(mended)]).toEqual([201, false]);
  });

  test('without an answer is repeated without one', async () => {
    const key = newKey();
    const strike = () => host.call('nurse', `${VISITS}/visit-3`, { method: 'DELETE', key });
    const [first, again] = [await strike(), await strike()];
    expect([first.status, first.text, again.status, again.text]).toEqual([204, '', 204, '']);
    expect(isReplayed(again)).toBe(true);
  });

  test('whose caller is told that it took too long goes on, and is found by whoever asks again', async () => {
    const key = newKey();
    ward.admit = async () => {
      await pause(LATE_MS * 1.5);
      return { visitId: 'visit-late' };
    };
    const late = await admit(key);
    expect([late.status, late.body['code'], late.body['retryable']]).toEqual([504, 'upstream-timeout', true]);
    const joined = await admit(key);
    expect([joined.status, joined.body, isReplayed(joined)]).toEqual([201, { visitId: 'visit-late' }, true]);
    const outcomes = (await auditLines()).slice(-3).map(({ outcome }) => outcome);
    expect(outcomes.sort()).toEqual(['success', 'success', 'upstream-timeout']);
    expect(ward.effects).toHaveLength(1);
  });

  test('keeps of its answer what is declared, and no more', async () => {
    const key = newKey();
    ward.admit = () => ({ visitId: 'visit-7', name: 'Testperson' });
    expect((await admit(key)).body).toEqual({ visitId: 'visit-7' });
    const { rows } = await sql<{ body: unknown }>`select body from api.receipt where key = ${key}`.execute(
      host.platform.database,
    );
    expect(rows).toEqual([{ body: { visitId: 'visit-7' } }]);
  });
});

test('any answer of an effect comes back as it was', async () => {
  const receipts = new Receipts(host.platform.database);
  await fc.assert(
    fc.asyncProperty(
      fc.uuid(),
      fc.option(fc.dictionary(fc.string(), fc.jsonValue()), { nil: undefined }),
      async (key, value) => {
        const body: unknown = value && JSON.parse(JSON.stringify(value).replaceAll('\\u0000', ''));
        const effect = () => Promise.resolve({ status: 200, body });
        await receipts.once('any', key, 'print', effect);
        const again = await new Receipts(host.platform.database).once('any', key, 'print', effect);
        expect(again.body ?? undefined).toEqual(body);
      },
    ),
    { numRuns: 40 },
  );
});

test('receipts are forgotten after their time, a bounded number at once, and not before', async () => {
  const { database, receipts } = host.platform;
  await sql`
    insert into api.receipt (scope, key, fingerprint, status, created_at)
    select 'old', n::text, 'print', 200, now() - interval '31 days' from generate_series(1, 12) n`.execute(database);
  await sql`
    insert into api.receipt (scope, key, fingerprint, status, created_at)
    values ('old', 'young', 'print', 200, now() - interval '29 days')`.execute(database);
  const left = async () =>
    (await sql<{ key: string }>`select key from api.receipt where scope = 'old'`.execute(database)).rows;
  await receipts.forget(5);
  expect(await left()).toHaveLength(8);
  await receipts.forget();
  expect(await left()).toEqual([{ key: 'young' }]);
});

describe('the audit trail', () => {
  test('has the line of an effect before the caller has the answer', async () => {
    const headers = { 'x-correlation-id': 'audited-effect-1' };
    await host.call('nurse', VISITS, { body: visit, key: newKey(), headers });
    const { rows } = await sql<{ entry: string }>`
      select entry from audit.entry where entry like '%audited-effect-1%'`.execute(host.platform.database);
    expect(rows.map(({ entry }) => JSON.parse(entry) as unknown)).toEqual([
      {
        api: 'system/ward',
        operation: 'admitPatient',
        action: 'execute',
        outcome: 'success',
        client: 'nurse',
        correlationId: 'audited-effect-1',
      },
    ]);
  });

  test('has every look at PHI, by its id, and every refusal of a known caller, without what was asked', async () => {
    const before = (await auditLines()).length;
    await host.call('nurse', `${VISITS}/visit-1`);
    await host.call('nurse', `${VISITS}/visit-1`, { method: 'HEAD' });
    await host.call('nurse', `${VISITS}/Testperson%20born%201970`);
    await host.call('reader', VISITS, { body: visit });
    await host.call('nurse', VISITS, { method: 'PUT' });
    await host.call(undefined, `${VISITS}/visit-1`);
    await host.call('reader', MESSAGES);
    const lines = (await auditLines()).slice(before);
    expect(
      lines.map(({ client, operation, action, outcome, resource }) => [client, operation, action, outcome, resource]),
    ).toEqual([
      ['nurse', 'readVisit', 'read', 'success', 'visit-1'],
      ['nurse', 'readVisit', 'read', 'success', 'visit-1'],
      ['nurse', 'readVisit', 'read', 'validation-failed', undefined],
      ['reader', 'admitPatient', 'execute', 'insufficient-scope', undefined],
      ['reader', 'watchVisits', 'read', 'success', undefined],
    ]);
    expect(JSON.stringify(lines)).not.toContain('Testperson');
  });

  test('that cannot be written keeps an effect and a look at PHI from being answered, and ends nobody', async () => {
    const { database } = host.platform;
    const rename = (from: string, to: string) =>
      sql.raw(`alter function audit.${from}(timestamptz, text[]) rename to ${to}`).execute(database);
    const unheard: unknown[] = [];
    const hear = (reason: unknown) => unheard.push(reason);
    process.on('unhandledRejection', hear);
    const key = newKey();
    await rename('append', 'gone');
    const unaudited = [await admit(key), await host.call('nurse', `${VISITS}/visit-1`)];
    const open = await host.call('clerk', '/system/ledger/v1/accounts');
    await rename('gone', 'append');
    process.off('unhandledRejection', hear);
    expect(unaudited.map(({ status }) => status)).toEqual([500, 500]);
    expect([open.status, open.body, unheard]).toEqual([200, { code: '1200' }, []]);
    expect(isReplayed(await admit(key))).toBe(true);
  });

  test('of one host is one chain', async () => {
    expect((await auditLines()).map(({ position }) => position)).toEqual(
      Array.from({ length: (await auditLines()).length }, (_, i) => i + 1),
    );
    expect((await verifyAuditTrail(host.platform.database, [])).faults).toEqual([]);
  });
});
