import { deploymentOf } from './fixture/visit-to-books.js';
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

const of = (step: string, writes: readonly string[]) => writes.filter((write) => write.includes(` ${step}/`));

describe('a correction', () => {
  test('after the end undoes and does anew what changed, and leaves alone what did not', async () => {
    await visits.book('C-1');
    await visits.book('C-1', { amount: 80 });
    expect((await visits.writes('C-1')).slice(3)).toEqual([
      'undo claim/0/undo',
      'do claim/1',
      'undo journal/0/undo',
      'do journal/1',
    ]);
    expect((await visits.booked('C-1')).map(({ amount }) => amount)).toEqual([100, 80]);
  });

  test('that changes nothing writes nothing and says nothing', async () => {
    await visits.book('C-2');
    await visits.book('C-2');
    expect(visits.calls('C-2')).toHaveLength(3);
    expect(await visits.booked('C-2')).toHaveLength(1);
  });

  test('undoes a step that is not needed any more, and does it under a new key when it is needed again', async () => {
    await visits.book('C-3', { supplies: 2 });
    await visits.book('C-3', { supplies: 0 });
    expect(Object.keys(await visits.live('C-3'))).toEqual(['claims', 'ledger']);
    await visits.book('C-3', { supplies: 2 });
    expect(of('stock', await visits.writes('C-3'))).toEqual(['do stock/0', 'undo stock/0/undo', 'do stock/1']);
  });

  test('that is refused leaves the documents as they are until a person has mended it', async () => {
    await visits.book('C-4');
    await visits.book('C-4', { code: 'unknown' }, 'parked');
    expect(await visits.writes('C-4')).toHaveLength(3);
    await visits.book('C-4', { code: '99214' });
    expect((await visits.live('C-4'))['claims']).toEqual([{ visit: 'C-4', code: '99214', amount: 100 }]);
    expect(await visits.open('C-4')).toEqual([]);
  });

  test('while a write is in doubt waits until it is known, and then takes its place', async () => {
    bench.books.script = ({ system }) => (system === 'claims' ? 'lost' : undefined);
    await visits.book('C-5', { amount: 100 }, 'waiting');
    await visits.book('C-5', { amount: 60 }, 'waiting');
    bench.books.forget();
    bench.later(61_000);
    await visits.run('C-5', 'completed');
    expect(of('claim', await visits.writes('C-5'))).toEqual(['do claim/0', 'undo claim/0/undo', 'do claim/1']);
    expect((await visits.live('C-5'))['claims']).toEqual([{ visit: 'C-5', code: '99213', amount: 60 }]);
  });

  test('of a write that turns out to have been refused replaces it at once', async () => {
    bench.books.fail('claims', 'silent', 'refuse');
    await visits.book('C-6', { amount: 100 }, 'waiting');
    await visits.book('C-6', { amount: 50 });
    expect(of('claim', await visits.writes('C-6'))).toEqual(['do claim/0']);
    expect((await visits.live('C-6'))['claims']).toEqual([{ visit: 'C-6', code: '99213', amount: 50 }]);
  });

  test('that is taken back while an undo is in doubt ends with one document', async () => {
    await visits.book('C-7', { amount: 100 });
    bench.books.script = ({ action, system }) => (action === 'undo' && system === 'claims' ? 'lost' : undefined);
    await visits.book('C-7', { amount: 90 }, 'waiting');
    bench.books.forget();
    await visits.book('C-7', { amount: 100 });
    expect((await visits.live('C-7'))['claims']).toEqual([{ visit: 'C-7', code: '99213', amount: 100 }]);
    expect(of('claim', await visits.writes('C-7'))).toEqual(['do claim/0', 'undo claim/0/undo', 'do claim/1']);
  });

  test('whose undo is refused goes to a person, and the document stays until it can be undone', async () => {
    await visits.book('C-8', { amount: 100 });
    bench.books.script = ({ action, system }) => (action === 'undo' && system === 'ledger' ? 'refuse' : undefined);
    await visits.book('C-8', { amount: 90 }, 'parked');
    expect(await visits.open('C-8')).toMatchObject([{ step: 'journal', problem: 'period-closed', owner: 'finance' }]);
    expect((await visits.live('C-8'))['ledger']).toEqual([{ debit: 100, credit: 100, quantity: 2 }]);
    bench.books.forget();
    await bench.desk(runtime).resume(visits.runId('C-8'));
    await visits.run('C-8', 'completed');
    expect((await visits.live('C-8'))['ledger']).toEqual([{ debit: 90, credit: 90, quantity: 2 }]);
    expect(await visits.open('C-8')).toEqual([]);
  });

  test('that would undo what cannot be undone is over when the record says again what it said', async () => {
    await visits.book('C-9', { amount: 100 });
    bench.books.script = ({ action }) => (action === 'undo' ? 'refuse' : undefined);
    await visits.book('C-9', { amount: 90 }, 'parked');
    await visits.book('C-9', { amount: 100 });
    expect(await visits.writes('C-9')).toHaveLength(3);
    expect(await visits.open('C-9')).toEqual([]);
  });

  test('that comes while a pass is under way has its turn after it', async () => {
    await visits.recorded('C-10', { amount: 100 });
    let corrected: Promise<void> | undefined;
    bench.books.written = () => {
      corrected ??= visits.recorded('C-10', { amount: 40 }).then(() => visits.ended('C-10'));
    };
    bench.books.script = ({ system }) => (system === 'stock' ? 'slow' : undefined);
    await visits.ended('C-10');
    await bench.until('the first pass', async () => (await visits.booked('C-10')).length > 0);
    await corrected;
    await visits.run('C-10', 'completed');
    expect((await visits.booked('C-10')).map(({ amount }) => amount)).toEqual([100, 40]);
  });
});

describe('a cancellation', () => {
  test('undoes everything, last first, and says so', async () => {
    await visits.book('X-1');
    await visits.cancelled('X-1');
    await visits.run('X-1', 'undone');
    expect((await visits.writes('X-1')).slice(3)).toEqual([
      'undo journal/0/undo',
      'undo stock/0/undo',
      'undo claim/0/undo',
    ]);
    expect(await visits.unbooked('X-1')).toEqual([{ visitId: 'X-1' }]);
  });

  test('is taken back by a new event, which does everything anew', async () => {
    await visits.book('X-1');
    expect((await visits.writes('X-1')).slice(6)).toEqual(['do claim/1', 'do stock/1', 'do journal/1']);
    expect(await visits.booked('X-1')).toHaveLength(2);
  });

  test('of a run that had done nothing has nothing to undo and nothing to say', async () => {
    await visits.book('X-2', { code: 'unknown', supplies: -1 }, 'parked');
    await visits.cancelled('X-2');
    const { nodes } = await visits.run('X-2', 'undone');
    expect(nodes).toEqual({});
    expect(await visits.open('X-2')).toEqual([]);
    expect(visits.calls('X-2')).toEqual([]);
    expect(await visits.unbooked('X-2')).toEqual([]);
  });

  test('waits for a system that does not answer, and does not go past it', async () => {
    await visits.book('X-3');
    bench.books.script = ({ system, action }) => (system === 'stock' && action === 'undo' ? 'lost' : undefined);
    await visits.cancelled('X-3');
    await visits.run('X-3', 'waiting');
    expect((await visits.writes('X-3')).slice(3)).toEqual(['undo journal/0/undo', 'undo stock/0/undo']);
    bench.books.forget();
    bench.later(61_000);
    await visits.run('X-3', 'undone');
    expect((await visits.writes('X-3')).slice(5)).toEqual(['undo claim/0/undo']);
  });

  test('settles a write in doubt first', async () => {
    bench.books.fail('claims', 'lost');
    await visits.book('X-4', {}, 'waiting');
    await visits.cancelled('X-4');
    await visits.run('X-4', 'undone');
    expect(await visits.live('X-4')).toEqual({});
    expect(await visits.writes('X-4')).toContain('undo claim/0/undo');
  });
});

describe('events of one visit', () => {
  test('take their turns in their order', async () => {
    await visits.recorded('E-1', {});
    await Promise.all([visits.ended('E-1'), visits.cancelled('E-1')]);
    await visits.ended('E-1');
    await visits.cancelled('E-1');
    await visits.run('E-1', 'undone');
    expect(await visits.live('E-1')).toEqual({});
  });

  test('that are taken over again change nothing', async () => {
    const { version, event_position, event_id } = await visits.book('E-2');
    const [event] = await bench.events.after(event_position - 1, 1);
    const again = { ...event!, id: 'older', position: event_position - 1 };
    await runtime.ledger.enqueue(bench.database, 'visit-to-books', [{ key: 'E-2', event: again }]);
    expect(await bench.run(visits.runId('E-2'))).toMatchObject({ version, event_id, status: 'completed' });
  });
});
