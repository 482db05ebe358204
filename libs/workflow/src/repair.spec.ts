import * as fc from 'fast-check';
import { OrderPlaced, ordersBy } from './fixture/order-to-goods.js';
import { deploymentOf } from './fixture/visit-to-books.js';
import { Visits } from './fixture/visits.js';
import { Workbench } from './fixture/workbench.js';
import type { ExceptionDesk } from './exception-desk.js';
import type { WorkflowRuntime } from './runtime.js';

let bench: Workbench;
let runtime: WorkflowRuntime;
let visits: Visits;
let desk: ExceptionDesk;

beforeAll(async () => {
  bench = await Workbench.open();
  runtime = await bench.start(deploymentOf(bench.books, bench.database), ordersBy(bench.books));
  visits = new Visits(bench);
  desk = bench.desk(runtime);
});

afterAll(() => bench.close());

beforeEach(() => bench.books.forget());

const NOTE = { note: 'Code added to the price list' };

/** The one open exception of a visit. */
async function exceptionOf(visit: string): Promise<string> {
  const open = await visits.open(visit);
  expect(open).toHaveLength(1);
  return open[0]!.id;
}

describe('a resolved exception', () => {
  test('lets the run do what is missing, and only that', async () => {
    bench.books.fail('ledger', 'refuse');
    await visits.book('D-1', {}, 'parked');
    const resumed = await desk.resolve(await exceptionOf('D-1'), NOTE, 'operations');
    expect(resumed).toEqual({ runId: visits.runId('D-1'), status: 'queued' });
    await visits.run('D-1', 'completed');
    expect(visits.calls('D-1').map(({ system }) => system)).toEqual(['claims', 'stock', 'ledger', 'ledger']);
    const { items } = await bench.register.exceptions({ run: visits.runId('D-1'), status: 'resolved' });
    expect(items).toMatchObject([{ step: 'journal', resolvedBy: 'operations', note: NOTE.note }]);
  });

  test('opens again when the step is refused again, and is told again', async () => {
    bench.books.fail('claims', 'refuse', 'refuse');
    await visits.book('D-2', {}, 'parked');
    const exception = await exceptionOf('D-2');
    await desk.resolve(exception, NOTE, 'operations');
    await bench.until('the second refusal', async () => (await visits.parked('D-2')).length === 2);
    expect(await bench.register.exception(exception)).toMatchObject({ status: 'open', note: undefined });
    await desk.resolve(exception, NOTE, 'operations');
    await visits.run('D-2', 'completed');
  });

  test('is resolved by one person only', async () => {
    bench.books.fail('claims', 'refuse');
    await visits.book('D-3', {}, 'parked');
    const exception = await exceptionOf('D-3');
    const both = await Promise.allSettled(['one', 'other'].map((by) => desk.resolve(exception, NOTE, by)));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await visits.run('D-3', 'completed');
    await expect(desk.resolve(exception, NOTE, 'late')).rejects.toMatchObject({ slug: 'conflict' });
    await expect(desk.resolve('nothing', NOTE, 'late')).rejects.toMatchObject({ slug: 'not-found' });
  });

  test('goes with all others of the run that had the same cause', async () => {
    await visits.book('D-4', { code: 'unknown', supplies: -1 }, 'parked');
    const [one] = await visits.open('D-4');
    await visits.recorded('D-4', {});
    await desk.resolve(one!.id, NOTE, 'operations');
    await visits.run('D-4', 'completed');
    expect(await visits.open('D-4')).toEqual([]);
  });

  test('of a run that is writing just now waits its turn', async () => {
    bench.books.fail('claims', 'refuse');
    await visits.book('D-5', {}, 'parked');
    const run = await visits.run('D-5', 'parked');
    const subject = { position: run.event_position, event: run.event_data, undo: false };
    expect(await runtime.ledger.begin(run, subject, run.nodes)).toBeDefined();
    const exception = await exceptionOf('D-5');
    const repairs = [
      () => desk.resolve(exception, NOTE, 'operations'),
      () => desk.resume(run.id),
      () => desk.undo(run.id, 'operations'),
    ];
    for (const repair of repairs) {
      await expect(repair()).rejects.toMatchObject({ slug: 'conflict', detail: expect.stringContaining('moving') });
    }
  });
});

describe('a correction at the desk', () => {
  const right = { read: 'visit', pointer: '/code', value: '99214' };

  test('replaces what was read, and the figures are computed anew', async () => {
    await visits.book('K-1', { code: 'unknown' }, 'parked');
    const exception = await exceptionOf('K-1');
    const { writes, hash } = await desk.preview(exception, [right]);
    expect(writes.map(({ step, body }) => [step, body])).toContainEqual([
      'claim',
      { visit: 'K-1', code: '99214', amount: 100 },
    ]);
    await desk.resolve(exception, { ...NOTE, corrections: [right], previewHash: hash }, 'operations');
    await visits.run('K-1', 'completed');
    expect((await visits.live('K-1'))['claims']).toEqual([{ visit: 'K-1', code: '99214', amount: 100 }]);
  });

  test('is over when the source speaks again', async () => {
    await visits.book('K-1', { code: '99211' });
    expect((await visits.live('K-1'))['claims']).toEqual([{ visit: 'K-1', code: '99211', amount: 100 }]);
  });

  test('keeps a number a number', async () => {
    await visits.book('K-2', { supplies: -1 }, 'parked');
    const corrections = [{ read: 'visit', pointer: '/supplies', value: '3' }];
    await desk.resolve(await exceptionOf('K-2'), { ...NOTE, corrections }, 'operations');
    await visits.run('K-2', 'completed');
    expect((await visits.live('K-2'))['stock']).toEqual([{ quantity: 3 }]);
  });

  test.each([
    ['a member that is not there', { ...right, pointer: '/price' }],
    ['a word for a number', { ...right, pointer: '/supplies', value: 'three' }],
    ['what was never read', { ...right, read: 'patient' }],
    ['what every object has', { ...right, pointer: '/__proto__/x' }],
  ])('of %s is refused, and the run stays as it is', async (_, wrong) => {
    await visits.book('K-3', { code: 'unknown' }, 'parked');
    const exception = await exceptionOf('K-3');
    await expect(desk.preview(exception, [wrong])).rejects.toMatchObject({ slug: 'validation-failed' });
    const resolving = desk.resolve(exception, { ...NOTE, corrections: [wrong] }, 'operations');
    await expect(resolving).rejects.toMatchObject({ slug: 'validation-failed' });
    expect(await bench.run(visits.runId('K-3'))).toMatchObject({ status: 'parked', corrections: [] });
  });
});

describe('a preview', () => {
  test('shows exactly the writes that resolving then makes, and makes none itself', async () => {
    let number = 0;
    const recorded = fc.record({
      code: fc.constantFrom('99213', 'unknown'),
      amount: fc.integer({ min: 1, max: 9999 }),
      supplies: fc.constantFrom(-1, 0, 3),
    });
    const mended = fc.record({ amount: fc.integer({ min: 1, max: 9999 }), supplies: fc.constantFrom(0, 5) });
    const refused = fc.uniqueArray(fc.constantFrom('claims', 'stock', 'ledger'), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(recorded, mended, refused, fc.boolean(), async (first, then, systems, bookedBefore) => {
        const visit = `P-${(number += 1)}`;
        bench.books.forget();
        if (bookedBefore) await visits.book(visit, { amount: 1, supplies: 1 });
        bench.books.script = ({ system }) => ((systems as string[]).includes(system) ? 'refuse' : undefined);
        await visits.recorded(visit, first);
        await visits.ended(visit);
        const [exception] = await bench.until('an exception', async () => {
          await visits.run(visit, 'parked');
          return visits.open(visit);
        });
        bench.books.forget();
        await visits.recorded(visit, { code: '99214', ...then });
        const { version } = await visits.run(visit, 'parked');

        const { writes, hash } = await desk.preview(exception!.id);
        expect((await desk.preview(exception!.id)).hash).toBe(hash);
        expect(bench.books.calls).toEqual([]);
        expect(await bench.run(visits.runId(visit))).toMatchObject({ version, status: 'parked' });

        await desk.resolve(exception!.id, { ...NOTE, previewHash: hash }, 'operations');
        await visits.run(visit, 'completed');
        const made = bench.books.calls.map(({ action, key }) => [action, key.split('/')[1]]);
        expect(made).toEqual(writes.map(({ action, step }) => [action, step]));
        const live = await visits.live(visit);
        for (const { api, action, body } of writes) {
          if (action === 'do') expect(live[api.replace('system/', '')]).toEqual([body]);
        }
      }),
      { numRuns: 25, seed: 4711 },
    );
  });

  test('names what stands for a document that does not exist yet', async () => {
    bench.books.fail('supplier', 'refuse');
    await place('O-0', 10, -1);
    await orderIs('O-0', 'parked');
    const [exception] = (await bench.register.exceptions({ run: 'order-to-goods:O-0' })).items;
    const { writes } = await desk.preview(exception!.id);
    expect(writes.map(({ body }) => body)).toEqual([
      { amount: '10.00', currency: 'USD', approvedBy: '' },
      { order: '<order.number>', value: { amount: '10.00', currency: 'USD' } },
    ]);
  });

  test('is not of today any more when the record has changed', async () => {
    await visits.book('P-0', { code: 'unknown' }, 'parked');
    const exception = await exceptionOf('P-0');
    await visits.recorded('P-0', { amount: 10 });
    const { hash } = await desk.preview(exception);
    await visits.recorded('P-0', { amount: 11 });
    const resolving = desk.resolve(exception, { ...NOTE, previewHash: hash }, 'operations');
    await expect(resolving).rejects.toMatchObject({ slug: 'conflict' });
    expect(visits.calls('P-0').map(({ system }) => system)).toEqual(['stock']);
  });

  test('says what would be refused again, and what would still wait', async () => {
    bench.books.fail('stock', 'silent');
    await visits.book('P-00', { code: 'unknown' }, 'waiting');
    const { writes, problems, stopped } = await desk.preview(await exceptionOf('P-00'));
    expect(writes.map(({ step }) => step)).toEqual(['stock']);
    expect(problems).toEqual([{ step: 'charges', problem: 'unknown-code', detail: 'The code is not known' }]);
    expect(stopped.sort()).toEqual(['claim', 'journal']);
  });
});

const DAY = 24 * 3_600_000;

async function place(orderId: string, amount: number, days: number): Promise<void> {
  const expectedAt = new Date(bench.clock().getTime() + days * DAY).toISOString();
  await bench.say(OrderPlaced.type, orderId, { orderId, amount, expectedAt });
}

const orderIs = (id: string, status: string) =>
  bench.until(`${id} to be ${status}`, async () => {
    const run = await bench.settled('order-to-goods', id);
    return run?.status === status && run;
  });

describe('an approval', () => {
  const openOf = async (id: string) => (await bench.register.exceptions({ run: `order-to-goods:${id}` })).items;

  test('is asked for with its reason and amount, and what it was asked for waits', async () => {
    await place('O-1', 5000, -1);
    await orderIs('O-1', 'parked');
    expect(await openOf('O-1')).toMatchObject([
      {
        kind: 'approval',
        step: 'budget',
        owner: 'finance',
        detail: 'The order is over budget',
        atStake: { amount: '5000.00', currency: 'USD' },
      },
    ]);
    expect(await bench.books.entries('order-to-goods:O-1')).toEqual([]);
  });

  test('needs a decision; granted, the run goes on as previewed, in the name of who granted it', async () => {
    const [approval] = await openOf('O-1');
    await expect(desk.resolve(approval!.id, NOTE, 'cfo')).rejects.toMatchObject({ slug: 'validation-failed' });
    const { writes, hash: previewHash } = await desk.preview(approval!.id);
    expect(writes.map(({ step }) => step)).toEqual(['order', 'goods']);
    await desk.resolve(approval!.id, { ...NOTE, decision: 'approve', previewHash }, 'cfo');
    await orderIs('O-1', 'completed');
    const { supplier } = await bench.books.live('order-to-goods:O-1');
    expect(supplier).toEqual([{ amount: '5000.00', currency: 'USD', approvedBy: 'cfo' }]);
  });

  test('counts for what was asked: for another amount it is asked anew', async () => {
    await place('O-1', 5000, -1);
    await orderIs('O-1', 'completed');
    await place('O-1', 9000, -1);
    await orderIs('O-1', 'parked');
    expect(await openOf('O-1')).toMatchObject([{ atStake: { amount: '9000.00' } }]);
    expect(await bench.books.entries('order-to-goods:O-1')).toHaveLength(2);
  });

  test('refused stays refused until somebody asks again', async () => {
    const [approval] = await openOf('O-1');
    const { hash: previewHash } = await desk.preview(approval!.id);
    await desk.resolve(approval!.id, { ...NOTE, decision: 'reject', previewHash }, 'cfo');
    await bench.until('the refusal', async () => (await openOf('O-1'))[0]?.problem === 'approval-rejected');
    await desk.resume('order-to-goods:O-1');
    await orderIs('O-1', 'parked');
    const [refusal] = await openOf('O-1');
    expect(refusal).toMatchObject({ kind: 'exception', problem: 'approval-rejected', status: 'open' });
    await desk.resolve(refusal!.id, NOTE, 'buyer');
    await bench.until('the question', async () => (await openOf('O-1'))[0]?.kind === 'approval');
    await desk.resolve(approval!.id, { ...NOTE, decision: 'approve' }, 'cfo');
    await orderIs('O-1', 'completed');
    expect((await bench.books.live('order-to-goods:O-1'))['supplier']).toMatchObject([{ amount: '9000.00' }]);
  });

  test('is not asked for where it is not needed', async () => {
    await place('O-2', 999, -1);
    const { nodes } = await orderIs('O-2', 'completed');
    expect(nodes['budget']).toMatchObject({ status: 'skipped' });
  });
});

test('a timer lets what comes after it wait for its moment', async () => {
  await place('O-3', 10, 3);
  const { due_at, waiting_for } = await orderIs('O-3', 'waiting');
  expect([Math.round((due_at!.getTime() - bench.clock().getTime()) / DAY), waiting_for]).toEqual([3, null]);
  expect(await bench.books.entries('order-to-goods:O-3')).toHaveLength(1);
  bench.later(3 * DAY);
  await orderIs('O-3', 'completed');
  expect(await bench.books.entries('order-to-goods:O-3')).toHaveLength(2);
});

describe('a run undone on request', () => {
  test('takes back everything that it did, last first', async () => {
    await visits.book('U-1');
    expect(await desk.undo(visits.runId('U-1'), 'operations')).toEqual({
      runId: visits.runId('U-1'),
      status: 'queued',
    });
    await visits.run('U-1', 'undone');
    expect((await visits.writes('U-1')).slice(3)).toEqual([
      'undo journal/0/undo',
      'undo stock/0/undo',
      'undo claim/0/undo',
    ]);
    expect(await visits.unbooked('U-1')).toHaveLength(1);
  });

  test('has ended: it can be neither undone nor resumed again, but a new event does it anew', async () => {
    await expect(desk.undo(visits.runId('U-1'), 'x')).rejects.toMatchObject({ slug: 'conflict' });
    await expect(desk.resume(visits.runId('U-1'))).rejects.toMatchObject({ slug: 'conflict' });
    await expect(desk.undo('visit-to-books:nobody', 'x')).rejects.toMatchObject({ slug: 'not-found' });
    await visits.book('U-1');
    expect(Object.keys(await visits.live('U-1'))).toEqual(['claims', 'stock', 'ledger']);
  });

  test('closes what was open about it', async () => {
    bench.books.fail('stock', 'refuse');
    await visits.book('U-2', {}, 'parked');
    await desk.undo(visits.runId('U-2'), 'operations');
    await visits.run('U-2', 'undone');
    expect(await visits.open('U-2')).toEqual([]);
    expect(await visits.live('U-2')).toEqual({});
  });
});

describe('the register', () => {
  test('gives every run once, newest first, whatever the page size, also those of one moment', async () => {
    const ids = Array.from({ length: 30 }, (_, i) => `L-${i}`);
    for (const id of ids) await visits.recorded(id, {});
    await Promise.all(ids.map((id) => visits.ended(id)));
    for (const id of ids) await visits.run(id, 'completed');
    const { items: all } = await bench.register.runs({ workflow: 'visit-to-books', page_size: 500 });
    expect(all.map(({ createdAt }) => createdAt)).toEqual(
      all
        .map(({ createdAt }) => createdAt)
        .sort()
        .reverse(),
    );
    for (const page_size of [1, 7]) {
      const seen: string[] = [];
      let page_token: string | undefined;
      do {
        const page = await bench.register.runs({ workflow: 'visit-to-books', page_size, page_token });
        seen.push(...page.items.map(({ id }) => id));
        page_token = page.nextPageToken;
      } while (page_token);
      expect(seen).toEqual(all.map(({ id }) => id));
    }
  });

  test('gives exceptions by status and owner, those due soonest first, in pages', async () => {
    const { items: all } = await bench.register.exceptions({ status: 'resolved', page_size: 500 });
    expect(all.length).toBeGreaterThan(10);
    const seen: string[] = [];
    for (let page_token: string | undefined; ;) {
      const page = await bench.register.exceptions({ status: 'resolved', page_size: 4, page_token });
      seen.push(...page.items.map(({ id }) => id));
      page_token = page.nextPageToken;
      if (!page_token) break;
    }
    expect(seen).toEqual(all.map(({ id }) => id));
    const { items } = await bench.register.exceptions({ status: 'resolved', owner: 'finance', page_size: 500 });
    expect(new Set(items.map(({ owner }) => owner))).toEqual(new Set(['finance']));
  });

  test('counts runs by where they stand', async () => {
    const counts = await bench.register.counts();
    const { items } = await bench.register.runs({ status: 'undone', page_size: 500 });
    expect(counts['undone']).toBe(items.length);
  });

  test('refuses a page token that is none of its own', async () => {
    const page_token = Buffer.from('["now","x"]').toString('base64url');
    await expect(bench.register.runs({ page_token })).rejects.toMatchObject({ slug: 'validation-failed' });
    await expect(bench.register.run('nobody')).rejects.toMatchObject({ slug: 'not-found' });
  });
});
