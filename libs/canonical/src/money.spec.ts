import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { isZero, minus, money, plus, sameAmount, times, total, type Money } from './money.js';

/** Millionths of a unit as a declared decimal: up to 15 digits and 6 decimals. */
const asDecimal = (millionths: bigint): string => {
  const digits = (millionths < 0n ? -millionths : millionths).toString().padStart(7, '0');
  return `${millionths < 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`;
};
const LARGEST = 10n ** 21n - 1n;
const millionths = fc.bigInt({ min: -LARGEST, max: LARGEST });

/** Cents of a whole number of the unit `perCent`, rounded half away from zero. */
function cents(value: bigint, perCent: bigint): bigint {
  const away = value < 0n ? -1n : 1n;
  return (away * (2n * value * away + perCent)) / (2n * perCent);
}
const centsOf = ({ amount }: Money): bigint => BigInt(amount.replace('.', ''));

test('an amount is rounded half away from zero, whatever its size', () => {
  expect(['0.005', '-0.005', '1.004999', '2.675', '-2.675'].map((amount) => money(amount).amount)).toEqual([
    '0.01',
    '-0.01',
    '1.00',
    '2.68',
    '-2.68',
  ]);
  fc.assert(fc.property(millionths, (value) => centsOf(money(asDecimal(value))) === cents(value, 10_000n)));
});

test('nothing is no debt: an amount that rounds to zero has no sign', () => {
  for (const amount of ['-0.001', '-0', -0, new Decimal('-0.0049')]) expect(money(amount)).toEqual(money(0));
  expect(minus(money(0), money(0)).amount).toBe('0.00');
  expect(times(money('-0.01'), '0.1').amount).toBe('0.00');
});

test('sums and differences are exact before they are rounded', () => {
  fc.assert(
    fc.property(millionths, millionths, (a, b) => {
      const [left, right] = [a, b].map((value) => ({ amount: asDecimal(value), currency: 'USD' })) as [Money, Money];
      expect(centsOf(plus(left, right))).toBe(cents(a + b, 10_000n));
      expect(centsOf(minus(left, right))).toBe(cents(a - b, 10_000n));
    }),
  );
});

test('a price times a quantity is exact before it is rounded', () => {
  fc.assert(
    fc.property(millionths, millionths, (price, quantity) => {
      const product = times({ amount: asDecimal(price), currency: 'USD' }, asDecimal(quantity));
      expect(centsOf(product)).toBe(cents(price * quantity, 10n ** 10n));
    }),
  );
});

test('a total does not depend on the order of its amounts', () => {
  const amounts = fc.array(fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n }).map((value) => money(`${value}e-2`)));
  fc.assert(
    fc.property(amounts, (list) => {
      expect(total([...list].reverse())).toEqual(total(list));
      expect(isZero(minus(total(list), total(list)))).toBe(true);
    }),
  );
  expect(total([])).toEqual({ amount: '0.00', currency: 'USD' });
});

test('amounts of two currencies are not combined, and never the same', () => {
  expect(() => plus(money(1), money(1, 'EUR'))).toThrow(RangeError);
  expect(() => total([money(1, 'EUR')])).toThrow(RangeError);
  expect(sameAmount(money(1), money(1, 'EUR'))).toBe(false);
  expect(sameAmount(money(1), { amount: '1.0000', currency: 'USD' })).toBe(true);
});
