import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { minus, money, total } from '@concord/canonical';
import { depreciationAt } from './depreciation.js';
import { negated, revalued } from './moving-average.js';
import { split } from '../shares.js';

const cents = fc.integer({ min: 1, max: 999_999_999 }).map((n) => money((n / 100).toFixed(2)));
const weights = fc.array(fc.integer({ min: 1, max: 9999 }), { minLength: 1, maxLength: 50 });

test('the shares of an amount add up to it, and none is off by a cent or more', () => {
  fc.assert(
    fc.property(cents, weights, (amount, weights) => {
      const shares = split(
        amount,
        weights.map((weight, n) => ({ costCenter: `CC-${n}`, weight: String(weight) })),
      );
      expect(total(shares.map((share) => share.amount))).toEqual(amount);
      const all = weights.reduce((a, b) => a + b, 0);
      shares.forEach((share, n) => {
        const exact = (Number(amount.amount) * weights[n]!) / all;
        expect(Math.abs(Number(share.amount.amount) - exact)).toBeLessThan(0.0101);
      });
    }),
  );
});

test('an asset is depreciated to its cost, no more, and never less than before', () => {
  const asset = { cost: money('742000.00'), inServiceOn: '2021-03-15', usefulLifeMonths: 84 };
  const at = (period: string) => depreciationAt(asset, period).amount;
  expect([at('2021-02'), at('2021-03'), at('2028-02'), at('2040-01')]).toEqual([
    '0.00',
    '8833.33',
    '742000.00',
    '742000.00',
  ]);
});

test('what came in and went back leaves the stock as it was', () => {
  fc.assert(
    fc.property(cents, fc.integer({ min: 1, max: 9999 }), (value, quantity) => {
      const before = { quantity: '240', value: money('3540.00') };
      const came = { quantity: String(quantity), value };
      const after = revalued(before, came);
      expect(minus(after.value, before.value)).toEqual(value);
      expect(revalued(after, negated(came))).toMatchObject({ ...before, averageCost: '14.75' });
    }),
  );
});
