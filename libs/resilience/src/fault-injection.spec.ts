import { Problem } from '@concord/canonical';
import { FaultInjection, type FaultKind } from './fault-injection.js';

/** A target with one effect that counts how often it happened. */
function target() {
  const faults = new FaultInjection();
  let effects = 0;
  const call = (operation = 'createJournalEntry') => faults.around(operation, () => Promise.resolve((effects += 1)));
  const outcome = (operation?: string) =>
    call(operation).then(
      () => 'done',
      (error: unknown) => (error as Problem).slug,
    );
  return { faults, call, outcome, effects: () => effects };
}

test('a target without faults has its effect', async () => {
  const { outcome, effects } = target();
  expect(await outcome()).toBe('done');
  expect(effects()).toBe(1);
});

test.each<[FaultKind, string, number]>([
  ['unavailable', 'upstream-unavailable', 0],
  ['reply-lost', 'upstream-timeout', 1],
  ['timeout', 'upstream-timeout', 0],
  ['slow', 'done', 1],
  ['throttled', 'rate-limited', 0],
  ['rejected', 'upstream-rejected', 0],
])('%s answers %s after %i effects', async (kind, slug, expected) => {
  const { faults, outcome, effects } = target();
  faults.fail('createJournalEntry', { kind, times: 1, delayMs: 5 });
  expect(await outcome()).toBe(slug);
  expect(effects()).toBe(expected);
});

test('a fault strikes as often as it was told, and only its operation', async () => {
  const { faults, outcome } = target();
  faults.fail('createJournalEntry', { kind: 'unavailable', times: 2 });
  expect(await outcome('readJournalEntry')).toBe('done');
  expect(await outcome()).toBe('upstream-unavailable');
  expect(faults.list()).toEqual([{ operation: 'createJournalEntry', kind: 'unavailable', times: 1 }]);
  expect(await outcome()).toBe('upstream-unavailable');
  expect(await outcome()).toBe('done');
  expect(faults.list()).toEqual([]);
});

test('a target that is down answers nothing until it is cleared', async () => {
  const { faults, outcome } = target();
  faults.fail('*', { kind: 'unavailable', times: 1_000_000 });
  expect(await outcome('readJournalEntry')).toBe('upstream-unavailable');
  expect(await outcome('createJournalEntry')).toBe('upstream-unavailable');
  faults.clear();
  expect(await outcome()).toBe('done');
});

test('a throttled caller learns when to come back', async () => {
  const { faults, call } = target();
  faults.fail('createJournalEntry', { kind: 'throttled', times: 1 });
  await expect(call()).rejects.toMatchObject({ slug: 'rate-limited', retryAfter: 1 });
});
