import { money, type AllocatedShare, type AllocationShare, type Money } from '@concord/canonical';
import { Decimal } from 'decimal.js';

/**
 * Splits an amount by weight, to the cent: every share is rounded down, and the cents that are left go to those that lost
 * most, the first of equals.
 */
export function split({ amount, currency }: Money, shares: readonly AllocationShare[]): AllocatedShare[] {
  const weights = Decimal.sum(...shares.map(({ weight }) => weight));
  const exact = shares.map(({ weight }) => new Decimal(amount).times(100).times(weight).div(weights));
  const cents = exact.map((share) => share.floor());
  const left = new Decimal(amount)
    .times(100)
    .minus(Decimal.sum(...cents))
    .toNumber();
  const byLoss = exact.map((share, index) => ({ index, loss: share.minus(cents[index]!) }));
  byLoss.sort((a, b) => b.loss.comparedTo(a.loss) || a.index - b.index);
  const more = new Set(byLoss.slice(0, left).map(({ index }) => index));
  return shares.map((share, index) => ({
    ...share,
    amount: money(cents[index]!.plus(more.has(index) ? 1 : 0).div(100), currency),
  }));
}
