import fc from 'fast-check';
import { ANY_REVISION, entityTagOf, expectedRevision, refuseStale } from './revision.js';

const slugOf = (work: () => unknown): unknown => {
  try {
    work();
    return 'not refused';
  } catch (error) {
    return (error as { slug?: unknown }).slug;
  }
};

test('every revision comes back out of its entity tag', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[!#-~]{1,200}$/), (revision) => {
      expect(expectedRevision(entityTagOf(revision))).toBe(revision);
    }),
  );
});

test('a change says what it was decided on, in one strong entity tag or *', () => {
  expect(expectedRevision('*')).toBe(ANY_REVISION);
  expect(slugOf(() => expectedRevision(undefined))).toBe('precondition-required');
  expect(slugOf(() => expectedRevision('W/"7"'))).toBe('stale');
  for (const text of ['7', '"7', '"7", "8"', '""', '"a b"']) {
    expect(slugOf(() => expectedRevision(text))).toBe('malformed');
  }
});

test('a change that was decided on another revision is refused, and told the one there is', () => {
  expect(() => refuseStale('7', '7')).not.toThrow();
  expect(() => refuseStale(ANY_REVISION, '8')).not.toThrow();
  expect(() => refuseStale('7', '8')).toThrow(
    expect.objectContaining({ slug: 'stale', context: { revision: '8' } }) as Error,
  );
});
