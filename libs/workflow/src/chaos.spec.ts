import { Problem } from '@concord/canonical';
import { sql } from 'kysely';
import type { Fault } from './fixture/books.js';
import { deploymentOf, VisitBooked, type Services, type Visit } from './fixture/visit-to-books.js';
import { Visits } from './fixture/visits.js';
import { Workbench } from './fixture/workbench.js';
import type { ExceptionDesk } from './exception-desk.js';
import type { LedgerTables } from './ledger-tables.js';

const VISITS = 1000;
/** Processes that go away in the middle of what they do. */
const CUT_OFF = 5;
const SEED = 20_260_131;

/** How often a call goes wrong in each way. */
const FAULTS: readonly (readonly [Fault, number])[] = [
  ['silent', 0.05],
  ['lost', 0.06],
  ['busy', 0.02],
  ['broken', 0.02],
  ['refuse', 0.02],
  ['slow', 0.04],
];

let bench: Workbench;
let visits: Visits;

beforeAll(async () => {
  bench = await Workbench.open();
  visits = new Visits(bench);
  bench.hurry(100); // a wait of a minute takes 600 ms
});

afterAll(() => bench.close());

/** Chance that is the same each time: mulberry32. */
function chanceFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const chance = chanceFrom(SEED);
const below = (limit: number): number => Math.floor(chance() * limit);

function faultOfThisCall(): Fault | undefined {
  let left = chance();
  return FAULTS.find(([, share]) => (left -= share) < 0)?.[0];
}

const someVisit = (): Omit<Visit, 'patient'> => ({
  code: chance() < 0.05 ? 'unknown' : '99213',
  amount: 1 + below(3) * 100,
  supplies: below(3),
});

/** What is said about one visit, one after the other; what was said last holds. */
async function story(visit: string): Promise<Visit | undefined> {
  let last: Visit | undefined;
  for (let events = 1 + below(3); events > 0; events -= 1) {
    const record = { ...someVisit(), patient: '' };
    const told = events === 1 ? { ...record, code: '99213' } : record;
    await visits.recorded(visit, told);
    const cancelled = chance() < 0.2;
    await (cancelled ? visits.cancelled(visit) : visits.ended(visit));
    last = cancelled ? undefined : told;
    if (events > 1) await new Promise((resolve) => setTimeout(resolve, below(400)));
  }
  return last;
}

/** The person who lets go on whatever was parked. */
async function resumeAll(desk: ExceptionDesk): Promise<void> {
  const { items } = await bench.register.runs({ status: 'parked', page_size: 500 });
  for (const { id } of items) {
    await desk.resume(id).catch((error: unknown) => {
      if (!(error instanceof Problem && error.slug === 'conflict')) throw error; // it moves already
    });
  }
}

const unsettled = async (): Promise<number> => {
  const runs = bench.database.$extendTables<LedgerTables>().selectFrom('workflow.run');
  const { count } = await runs
    .select((run) => run.fn.countAll<number>().as('count'))
    .where((run) =>
      run.or([
        run('status', 'not in', ['completed', 'undone']),
        run('handled_position', '<', run.ref('event_position')),
      ]),
    )
    .executeTakeFirstOrThrow();
  return count;
};

/** The amount that was announced last for each visit. */
async function lastAmounts(): Promise<Map<string, number>> {
  const all = await bench.events.after(0, 1_000_000, [VisitBooked.type]);
  return new Map(all.map(({ subject, data }) => [subject, (data as VisitBooked).amount]));
}

const expected = (visit: string, { code, amount, supplies }: Visit) => ({
  claims: [{ visit, code, amount }],
  ...(supplies ? { stock: [{ quantity: supplies }] } : {}),
  ledger: [{ debit: amount, credit: amount, quantity: supplies }],
});

test(`${VISITS} visits, corrected and cancelled while systems fail and processes go, end with each document once`, async () => {
  bench.books.script = faultOfThisCall;
  const deployment = deploymentOf(bench.books, bench.database);
  const { readVisit } = deployment.services as Services;
  const failingRead = (id: string) => {
    if (chance() < 0.03) throw new Problem('upstream-unavailable', undefined, { context: { api: 'system/ehr' } });
    return readVisit(id);
  };
  const failing = { ...deployment, services: { ...deployment.services, readVisit: failingRead } };
  let process = await bench.start(failing);
  const ids = Array.from({ length: VISITS }, (_, i) => `M-${i}`);
  const told = new Map<string, Visit | undefined>();
  const telling = Promise.all(ids.map(async (id) => told.set(id, await story(id))));
  for (let i = 0; i < CUT_OFF; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const next = await bench.start(failing);
    await bench.cutOff(process);
    process = next;
  }
  await telling;
  await bench.until('all runs to end', async () => {
    await resumeAll(bench.desk(process));
    return (await unsettled()) === 0;
  });

  const [live, booked] = [await bench.books.liveByRun(), await lastAmounts()];
  for (const id of ids) {
    const last = told.get(id);
    expect({ id, live: live.get(visits.runId(id)) }).toEqual({ id, live: last && expected(id, last) });
    if (last) expect({ id, amount: booked.get(id) }).toEqual({ id, amount: last.amount });
  }
  const { rows } = await sql<{ twice: number; unknown: number }>`select
    (select count(*) from (select document from books.entry where action = 'undo' group by 1 having count(*) > 1)) as twice,
    (select count(*) from books.entry u where action = 'undo'
      and not exists (select from books.entry d where d.action = 'do' and d.document = u.document)) as unknown`.execute(
    bench.database,
  );
  expect(rows).toEqual([{ twice: 0, unknown: 0 }]);
  expect((await bench.register.exceptions({})).items).toEqual([]);
});
