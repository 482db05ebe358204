import { sql } from 'kysely';
import { deploymentOf, MARKER } from './fixture/visit-to-books.js';
import { Visits } from './fixture/visits.js';
import { Workbench } from './fixture/workbench.js';
import type { WorkflowRuntime } from './runtime.js';

let bench: Workbench;
let runtime: WorkflowRuntime;
let visits: Visits;

beforeAll(async () => {
  bench = await Workbench.open();
  runtime = await bench.start(deploymentOf(bench.books, bench.database));
  visits = new Visits(bench);
});

afterAll(() => bench.close());

beforeEach(() => bench.books.forget());

describe('a run', () => {
  test('does each step once, in order, and says so once', async () => {
    const { nodes, completed_at, waiting_for } = await visits.book('V-1');
    expect([completed_at !== null, waiting_for]).toEqual([true, null]);
    expect(await visits.writes('V-1')).toEqual(['do claim/0', 'do stock/0', 'do journal/0']);
    expect(await visits.live('V-1')).toEqual({
      claims: [{ visit: 'V-1', code: '99213', amount: 100 }],
      stock: [{ quantity: 2 }],
      ledger: [{ debit: 100, credit: 100, quantity: 2 }],
    });
    expect(nodes['claim']).toMatchObject({ status: 'done', revision: 0, attempts: 1 });
    const id = (system: string, step: string) => `${system}(${visits.runId('V-1')}/${step}/0)`;
    const documents = [id('claims', 'claim'), id('stock', 'stock'), id('ledger', 'journal')];
    expect(await visits.booked('V-1')).toEqual([{ visitId: 'V-1', amount: 100, documents }]);
  });

  test('that came with forty others is done as if it were alone, whatever becomes of the others', async () => {
    const keys = Array.from({ length: 40 }, (_, i) => `V-together-${i}`);
    const ended = keys.map((key, i) =>
      i % 10 === 3 ? visits.book(key, { code: 'unknown' }, 'parked') : visits.book(key),
    );
    await Promise.all(ended);
    for (const [i, key] of keys.entries()) {
      const all = ['do claim/0', 'do stock/0', 'do journal/0'];
      expect(await visits.writes(key)).toEqual(i % 10 === 3 ? await visits.writes('V-together-3') : all);
    }
  });

  test('skips a step that has nothing to do', async () => {
    const { nodes } = await visits.book('V-2', { supplies: 0 });
    expect(nodes['stock']).toMatchObject({ status: 'skipped' });
    expect(await visits.writes('V-2')).toEqual(['do claim/0', 'do journal/0']);
  });

  test('stores nothing of what it read, neither in the ledger nor in the engine', async () => {
    const held: Promise<string>[] = [];
    bench.books.written = () => held.push(bench.heldByRestate());
    await visits.book('V-3', { code: 'unknown' }, 'parked');
    await visits.book('V-4');
    const { rows } = await sql<{ ledger: string }>`select (select json_agg(r) from workflow.run r)::text
      || (select json_agg(e) from workflow.exception e)::text
      || (select json_agg(e) from events.event e)::text as ledger`.execute(bench.database);
    for (const text of [rows[0]!.ledger, (await Promise.all(held)).join()]) {
      expect(text).toContain(visits.runId('V-4'));
      expect(text).not.toContain(MARKER);
    }
  });

  test('is found by every number it produced, also by those of documents that were reversed since', async () => {
    const { items } = await bench.register.runs({ number: `claims-${visits.runId('V-1')}-claim-0` });
    expect(items).toMatchObject([{ id: visits.runId('V-1'), status: 'completed', correlationId: 'for-V-1' }]);
    expect(items[0]!.steps.find(({ name }) => name === 'claim')?.documents).toHaveLength(2);
    await visits.book('V-5');
    await visits.book('V-5', { amount: 70 });
    for (const revision of [0, 1]) {
      const found = await bench.register.runs({ number: `claims-${visits.runId('V-5')}-claim-${revision}` });
      expect(found.items.map(({ key }) => key)).toEqual(['V-5']);
    }
  });

  test('has a key that any text may be', async () => {
    const { nodes } = await visits.book('V 6/ä?%');
    expect(nodes['journal']).toMatchObject({ status: 'done' });
  });
});

describe('a refusal', () => {
  test('parks the run at that step, with owner, cause, money at stake and due time, and says so', async () => {
    const before = bench.clock().getTime();
    await visits.book('R-1', { code: 'unknown' }, 'parked');
    const [exception] = await visits.open('R-1');
    expect(exception).toMatchObject({
      step: 'charges',
      kind: 'exception',
      status: 'open',
      owner: 'billing',
      cause: 'business',
      problem: 'unknown-code',
      detail: 'The code is not known',
      context: { code: 'unknown' },
      atStake: { amount: '100.00', currency: 'USD' },
    });
    expect(Math.round((Date.parse(exception!.dueAt) - before) / 3_600_000)).toBe(24);
    expect(await visits.parked('R-1')).toMatchObject([
      { runId: visits.runId('R-1'), step: 'charges', owner: 'billing', problem: 'unknown-code' },
    ]);
  });

  test('goes to a person at once where a system that does not answer declares that nothing goes on without it', async () => {
    bench.books.script = ({ system }) => (system === 'claims' ? 'forbidding' : undefined);
    await visits.book('R-5', {}, 'parked');
    expect(visits.calls('R-5').filter(({ system }) => system === 'claims')).toHaveLength(1);
    expect(await visits.open('R-5')).toMatchObject([
      { step: 'claim', problem: 'upstream-unavailable', status: 'open' },
    ]);
    expect(await visits.booked('R-5')).toEqual([]);
  });

  test('keeps back what depends on it, and nothing else', async () => {
    bench.books.fail('claims', 'refuse');
    const { nodes } = await visits.book('R-2', {}, 'parked');
    expect(await visits.writes('R-2')).toEqual(['do stock/0']);
    expect(nodes['journal']).toBeUndefined();
    expect(await visits.booked('R-2')).toEqual([]);
  });

  test('of what a run has to say at its end goes to a person too', async () => {
    await visits.book('R-4', { code: 'unsayable' }, 'parked');
    expect(await visits.open('R-4')).toMatchObject([{ step: 'announce', owner: 'integration', status: 'open' }]);
    await visits.book('R-4', {});
    expect(await visits.booked('R-4')).toHaveLength(1);
    expect(await visits.open('R-4')).toEqual([]);
  });

  test('is told once, however long another step of the run has to wait', async () => {
    bench.books.script = ({ system }) => (system === 'claims' ? 'refuse' : system === 'stock' ? 'silent' : undefined);
    await visits.book('R-3', {}, 'waiting');
    for (let time = 0; time < 3; time += 1) await visits.triedAgain('R-3');
    expect(visits.calls('R-3').map(({ system }) => system)).toEqual(['claims', 'stock', 'stock', 'stock', 'stock']);
    expect(await visits.parked('R-3')).toHaveLength(1);
    expect(await visits.open('R-3')).toHaveLength(1);
  });
});

describe('a system that does not answer', () => {
  const silence = (silent: string) => {
    bench.books.script = ({ system }) => (system === silent ? 'silent' : undefined);
  };

  test('is tried again after a wait that grows, and the run ends when it is back', async () => {
    silence('ledger');
    await visits.book('S-1', {}, 'waiting');
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      const { due_at, updated_at, waiting_for } = await visits.run('S-1', 'waiting');
      expect(waiting_for).toBe('system/ledger');
      const wait = due_at!.getTime() - updated_at.getTime();
      expect(wait).toBeGreaterThanOrEqual(250 * 2 ** attempt - 50);
      expect(wait).toBeLessThanOrEqual(500 * 2 ** attempt + 50);
      await visits.triedAgain('S-1');
    }
    bench.books.forget();
    bench.later(61_000);
    await visits.run('S-1', 'completed');
    expect(await visits.writes('S-1')).toEqual(['do claim/0', 'do stock/0', 'do journal/0']);
  });

  test('is asked by one run a second, and once it answers all go on in the order of their events', async () => {
    silence('ledger');
    bench.silent.add('system/ledger');
    const waiting = Array.from({ length: 12 }, (_, i) => `S-2-${i}`);
    for (const id of waiting) await visits.book(id, {}, 'waiting');
    bench.later(120_000); // they would all be due
    bench.books.calls.length = 0;
    await new Promise((resolve) => setTimeout(resolve, 2300));
    expect(bench.books.calls.length).toBeGreaterThanOrEqual(1);
    expect(bench.books.calls.length).toBeLessThanOrEqual(3);
    bench.books.forget();
    bench.recover('system/ledger');
    for (const id of waiting) await visits.run(id, 'completed');
    const order = bench.books.calls.map(({ key }) => waiting.findIndex((id) => key.startsWith(`${visits.runId(id)}/`)));
    expect(new Set(order).size).toBe(12);
    expect(order.indexOf(0)).toBeLessThan(order.indexOf(11));
  });

  test('is not asked before the time that it named', async () => {
    bench.books.fail('claims', 'busy');
    const { due_at, updated_at } = await visits.book('S-3', {}, 'waiting');
    expect(due_at!.getTime() - updated_at.getTime()).toBeGreaterThanOrEqual(1000);
    bench.later(61_000);
    await visits.run('S-3', 'completed');
  });

  test('for a day goes to a person, who can let it be tried again', async () => {
    silence('ledger');
    await visits.book('S-4', {}, 'waiting');
    bench.later(25 * 3_600_000);
    await visits.run('S-4', 'parked');
    const [exception] = await visits.open('S-4');
    expect(exception).toMatchObject({ step: 'journal', owner: 'finance', problem: 'upstream-unavailable' });
    bench.books.forget();
    await bench.desk(runtime).resume(visits.runId('S-4'));
    await visits.run('S-4', 'completed');
    expect(await visits.open('S-4')).toEqual([]);
  });

  test('may have done what it was told: it is told again under the same key, and has done it once', async () => {
    bench.books.fail('claims', 'lost', 'lost');
    await visits.book('S-5', {}, 'waiting');
    await visits.triedAgain('S-5');
    bench.later(61_000);
    await visits.run('S-5', 'completed');
    const claims = visits.calls('S-5').filter(({ system }) => system === 'claims');
    expect(new Set(claims.map(({ key }) => key)).size).toBe(1);
    expect([claims.length, (await visits.writes('S-5')).length]).toEqual([3, 3]);
  });
});
