import { deploymentOf } from './fixture/visit-to-books.js';
import type { Entry } from './fixture/books.js';
import { Visits } from './fixture/visits.js';
import { Workbench } from './fixture/workbench.js';
import type { WorkflowRuntime } from './runtime.js';

let bench: Workbench;
let visits: Visits;

beforeAll(async () => {
  bench = await Workbench.open();
  visits = new Visits(bench);
});

afterAll(() => bench.close());

beforeEach(() => bench.books.forget());

/** A write of a system: `do claims`. */
type Said = `${Entry['action']} ${'claims' | 'stock' | 'ledger'}`;

const start = (): Promise<WorkflowRuntime> => bench.start(deploymentOf(bench.books, bench.database));

/** A process that goes away after a write, before its ledger hears of it. */
async function cutOffAfter(write: Said, tell: (process: WorkflowRuntime) => Promise<unknown>): Promise<void> {
  const process = await start();
  const gone = new Promise<void>((resolve) => {
    bench.books.written = ({ action, system }) => {
      if (`${action} ${system}` !== write) return;
      bench.books.written = () => undefined;
      resolve(bench.cutOff(process));
    };
  });
  await tell(process);
  await gone;
}

/** Another process takes the visit up, and cannot learn whether the write happened. */
async function goesOnInSilenceTo(visit: string, write: Said): Promise<WorkflowRuntime> {
  bench.books.script = ({ action, system }) => (`${action} ${system}` === write ? 'silent' : undefined);
  const process = await start();
  await bench.until(`${visit} to wait`, async () => (await bench.run(visits.runId(visit)))?.status === 'waiting');
  return process;
}

/** Something newer is said of a visit; when its run has heard of that, everything answers again. */
async function answeredAfter(visit: string, tell: () => Promise<unknown>): Promise<void> {
  const { event_position: before } = (await bench.run(visits.runId(visit)))!;
  await tell();
  await bench.until('the news', async () => (await bench.run(visits.runId(visit)))!.event_position > before);
  bench.books.forget();
  bench.later(61_000);
}

async function told(visit: string, amount = 100): Promise<void> {
  await visits.recorded(visit, { amount });
  await visits.ended(visit);
}

async function booked(visit: string): Promise<void> {
  const process = await start();
  await visits.book(visit);
  await process.stop();
}

const allOf = (visit: string, amount = 100) => ({
  claims: [{ visit, code: '99213', amount }],
  stock: [{ quantity: 2 }],
  ledger: [{ debit: amount, credit: amount, quantity: 2 }],
});

describe('what a pass wrote that was cut off is known of, although the pass that goes on with it meets silence', () => {
  test.each<[string, Said, Said]>([
    ['R-1', 'do claims', 'undo claims'],
    ['R-2', 'do ledger', 'undo claims'],
    ['R-3', 'do ledger', 'undo ledger'],
  ])('%s, corrected until "%s", and without an answer to "%s"', async (visit, last, silent) => {
    await booked(visit);
    await cutOffAfter(last, () => told(visit, 200));
    const process = await goesOnInSilenceTo(visit, silent);
    await answeredAfter(visit, () => visits.cancelled(visit));
    await visits.run(visit, 'undone');
    expect(await visits.live(visit)).toEqual({});
    await process.stop();
  });

  test('where it had gone on to other steps, and the visit is cancelled', async () => {
    await cutOffAfter('do ledger', () => told('R-4'));
    const process = await goesOnInSilenceTo('R-4', 'do claims');
    await answeredAfter('R-4', () => visits.cancelled('R-4'));
    await visits.run('R-4', 'undone');
    expect(await visits.live('R-4')).toEqual({});
    await process.stop();
  });

  test('where it had gone on to other steps, and the visit is corrected', async () => {
    await cutOffAfter('do ledger', () => told('R-5'));
    const process = await goesOnInSilenceTo('R-5', 'do claims');
    await answeredAfter('R-5', () => told('R-5', 200));
    await visits.run('R-5', 'completed');
    expect(await visits.live('R-5')).toEqual(allOf('R-5', 200));
    await process.stop();
  });

  test('where it had taken everything back, and the visit is there again', async () => {
    await booked('R-6');
    await cutOffAfter('undo claims', () => visits.cancelled('R-6'));
    const process = await goesOnInSilenceTo('R-6', 'undo ledger');
    await answeredAfter('R-6', () => visits.ended('R-6'));
    await visits.run('R-6', 'completed');
    expect(await visits.live('R-6')).toEqual(allOf('R-6'));
    await process.stop();
  });
});

test('a pass that takes everything back because somebody asked for it goes on with that, whatever is said meanwhile', async () => {
  await booked('S-1');
  await cutOffAfter('undo stock', (process) => bench.desk(process).undo(visits.runId('S-1'), 'operations'));
  await visits.ended('S-1');
  const process = await start();
  await visits.run('S-1', 'completed');
  expect(await visits.live('S-1')).toEqual(allOf('S-1'));
  await process.stop();
});

describe('a run whose writes are not all known', () => {
  test('is let go on by a person, but neither with other figures nor the other way', async () => {
    await cutOffAfter('do ledger', () => told('T-1'));
    const process = await goesOnInSilenceTo('T-1', 'do claims');
    const desk = bench.desk(process);
    const run = visits.runId('T-1');
    await expect(desk.undo(run, 'operations')).rejects.toMatchObject({ slug: 'conflict' });
    bench.books.forget();
    await desk.resume(run);
    await visits.run('T-1', 'completed');
    await desk.undo(run, 'operations');
    await visits.run('T-1', 'undone');
    expect(await visits.live('T-1')).toEqual({});
    await process.stop();
  });

  test('goes to a person after a day of silence, and is tried again when something newer is said', async () => {
    await cutOffAfter('do ledger', () => told('T-2'));
    const process = await goesOnInSilenceTo('T-2', 'do claims');
    bench.later(25 * 3_600_000);
    await visits.run('T-2', 'parked');
    const [exception] = await visits.open('T-2');
    const corrections = [{ read: 'visit', pointer: '/amount', value: '200' }];
    const desk = bench.desk(process);
    await expect(desk.preview(exception!.id, corrections)).rejects.toMatchObject({ slug: 'conflict' });
    bench.books.forget();
    await visits.cancelled('T-2');
    await visits.run('T-2', 'undone');
    expect(await visits.live('T-2')).toEqual({});
    expect(await visits.open('T-2')).toEqual([]);
    await process.stop();
  });
});
