import 'reflect-metadata';
import fc from 'fast-check';
import { code, fieldsOf } from './field.js';
import { isCalendarDay, isMoment, pageOf, pagePosition, toPage } from './page.js';
import { Problem } from './problem.js';

const isNumber = (value: unknown): boolean => Number.isSafeInteger(value);
const refusal = (ask: () => unknown): unknown => {
  try {
    return ask();
  } catch (error) {
    return error;
  }
};

test('whoever follows the tokens sees every entry once, in its order', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(), { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (ids, size) => {
      const rows = [...ids].sort((a, b) => a - b);
      const seen: number[] = [];
      let token: string | undefined;
      do {
        const after = pagePosition<number>(token, isNumber) ?? -1;
        const read = rows.filter((id) => id > after).slice(0, size + 1);
        const page = toPage(
          read,
          size,
          (id) => id,
          (id) => id,
        );
        expect(page.items.length).toBeLessThanOrEqual(size);
        seen.push(...page.items);
        token = page.nextPageToken;
      } while (token !== undefined);
      expect(seen).toEqual(rows);
    }),
  );
});

test('a token holds any position, in characters that an address may carry', () => {
  const position = fc.oneof(fc.nat(), fc.string({ maxLength: 60 }), fc.tuple(fc.nat(), fc.string({ maxLength: 40 })));
  fc.assert(
    fc.property(position, (value) => {
      const { nextPageToken } = toPage(
        [0, 1],
        1,
        () => value,
        (row) => row,
      );
      expect(nextPageToken).toMatch(/^[A-Za-z0-9_-]{1,400}$/);
      expect(pagePosition(nextPageToken)).toEqual(value);
    }),
  );
});

test('the first page needs no token, and the last has none', () => {
  expect(pagePosition(undefined)).toBeUndefined();
  const page = toPage(
    ['a'],
    1,
    (row) => row,
    (row) => row,
  );
  expect(page).toEqual({ items: ['a'] });
});

test('any other text is refused as a page token, without being repeated', () => {
  fc.assert(
    fc.property(fc.string(), (token) => {
      const problem = refusal(() => pagePosition(token, () => false));
      expect(problem).toBeInstanceOf(Problem);
      expect((problem as Problem).toBody()).toMatchObject({
        code: 'validation-failed',
        errors: [{ pointer: '/query/page_token', code: 'page-token', detail: 'is not a page token of this list' }],
      });
    }),
  );
});

test('the page of a shape is named after it and declares its entries', () => {
  class Ward {
    @code('Code')
    code!: string;
  }
  const WardPage = pageOf(Ward);
  expect(WardPage.name).toBe('WardPage');
  const [items, token] = fieldsOf(WardPage);
  expect(items).toMatchObject({ name: 'items', list: true });
  expect(items?.shape?.()).toBe(Ward);
  expect(token).toMatchObject({ name: 'nextPageToken', list: false });
});

test('a position that no store could compare with is no position', () => {
  for (const moment of ['2026-11-21T08:00:00.000Z', '2026-11-21 08:00:00.123456+00', '2024-02-29T00:00:00Z']) {
    expect([moment, isMoment(moment)]).toEqual([moment, true]);
  }
  for (const none of ['1', 'foo 1', '2026-02-31T00:00:00Z', '2026-11-21T25:00:00Z', '0000-01-01T00:00:00Z', 7, null]) {
    expect([none, isMoment(none)]).toEqual([none, false]);
  }
  expect(['2026-11-21', '2026-99-99', '2026-02-30', 20261121].map(isCalendarDay)).toEqual([true, false, false, false]);
  const token = Buffer.from(JSON.stringify('a\u0000b')).toString('base64url');
  expect(() => pagePosition(token)).toThrow(expect.objectContaining({ slug: 'validation-failed' }) as Error);
});
