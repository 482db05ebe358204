import fc from 'fast-check';
import { GroupCommit } from './group-commit.js';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const refuse = () => new Error('too many wait');

/** Commits numbers; a poisonous one fails its whole group, as a row does that breaks a constraint. */
function ledger({ group = 10, waiting = 1000, paceMs = 0, isPoison = (_: number): boolean => false } = {}) {
  const committed: number[][] = [];
  const commit = async (items: readonly number[]) => {
    await pause(0);
    if (items.some(isPoison)) throw new Error(`constraint broken by ${items.filter(isPoison).join()}`);
    committed.push([...items]);
    return items.map((item) => `receipt ${item}`);
  };
  return { committed, group: new GroupCommit(commit, { group, waiting, refuse, paceMs }) };
}

test('what arrives together is committed together, in the order of arrival, and each gets its own result', async () => {
  const { committed, group } = ledger();
  const results = await Promise.all([1, 2, 3].map((item) => group.add(item)));
  expect(results).toEqual(['receipt 1', 'receipt 2', 'receipt 3']);
  expect(committed).toEqual([[1, 2, 3]]);
});

test('what arrives while a group commits is the next group', async () => {
  const { committed, group } = ledger();
  const first = group.add(1);
  await pause(0); // the first group is on its way
  await Promise.all([first, group.add(2), group.add(3)]);
  expect(committed).toEqual([[1], [2, 3]]);
});

test('a poisonous item fails alone, with its own error; the others are committed in their order', async () => {
  const item = fc.record({ poison: fc.boolean(), turns: fc.nat(2) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(item, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 8 }),
      async (all, size) => {
        const { committed, group } = ledger({ group: size, isPoison: (i) => all[i]!.poison });
        const added: Promise<unknown>[] = [];
        for (const [i, { turns }] of all.entries()) {
          added.push(group.add(i).catch((error: Error) => error.message));
          for (let turn = 0; turn < turns; turn += 1) await pause(0);
        }
        expect(await Promise.all(added)).toEqual(
          all.map(({ poison }, i) => (poison ? `constraint broken by ${i}` : `receipt ${i}`)),
        );
        expect(committed.flat()).toEqual(all.flatMap(({ poison }, i) => (poison ? [] : [i])));
        expect(Math.max(0, ...committed.map(({ length }) => length))).toBeLessThanOrEqual(size);
      },
    ),
    { numRuns: 50 },
  );
});

test('more than may wait is refused, and nobody who waits is harmed', async () => {
  const { group } = ledger({ group: 2, waiting: 5 });
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, (_, item) => group.add(item)));
  expect(outcomes.map(({ status }) => status)).toEqual([
    ...Array<string>(5).fill('fulfilled'),
    ...Array<string>(3).fill('rejected'),
  ]);
  expect(outcomes[7]).toMatchObject({ reason: refuse() });
  expect(await group.add(9)).toBe('receipt 9');
});

test('a commit that failed for all is no end: what comes later is committed', async () => {
  let isDown = true;
  const commit = async (items: readonly number[]) => {
    await pause(0);
    if (isDown) throw new Error('the database is away');
    return items;
  };
  const group = new GroupCommit<number, number>(commit, { group: 10, waiting: 10, refuse });
  const lost = await Promise.allSettled([group.add(1), group.add(2)]);
  expect(lost.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  isDown = false;
  expect(await group.add(3)).toBe(3);
});

test('a lone item never waits for company', async () => {
  const { committed, group } = ledger({ paceMs: 600_000 });
  for (const item of [1, 2, 3]) await group.add(item);
  expect(committed).toEqual([[1], [2], [3]]);
});

test('under load groups keep their pace so that more can join', async () => {
  const { committed, group } = ledger({ paceMs: 500 });
  await Promise.all([1, 2].map((item) => group.add(item)));
  const joining = [3, 4, 5].map(async (item) => {
    for (let turn = 3; turn < item; turn += 1) await pause(0);
    return group.add(item);
  });
  await Promise.all(joining);
  expect(committed).toEqual([
    [1, 2],
    [3, 4, 5],
  ]);
  await group.idle();
});

test('is idle once nothing waits any more', async () => {
  const { committed, group } = ledger({ group: 1 });
  await group.idle();
  void group.add(1);
  void group.add(2);
  await group.idle();
  expect(committed).toEqual([[1], [2]]);
});
