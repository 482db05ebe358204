import { ITEMS } from './items.seed.js';

/** GS1 General Specifications 7.9.1: digits weighed 3 and 1 from the left, the last one fills up to a multiple of ten. */
function hasCheckDigit(gtin: string): boolean {
  const weighed = [...gtin].map((digit, index) => Number(digit) * (index % 2 === 0 ? 3 : 1));
  return weighed.reduce((sum, digit) => sum + digit, 0) % 10 === 0;
}

test.each(ITEMS)('the GTIN of $id is well formed and of no real product', ({ gtin }) => {
  expect(gtin).toMatch(/^0299\d{10}$/);
  expect(hasCheckDigit(gtin)).toBe(true);
});

test('no two items share a number or a GTIN', () => {
  expect(new Set(ITEMS.flatMap(({ id, gtin }) => [id, gtin])).size).toBe(ITEMS.length * 2);
});
