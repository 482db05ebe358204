import { minus, plus, type InventoryValuation, type Money } from '@concord/canonical';
import { Decimal } from 'decimal.js';

type Worth = Pick<InventoryValuation, 'quantity' | 'value'>;

/** What the stock is worth after a quantity came in at a value, or, both negative, went back; with its new average. */
export function revalued({ quantity, value }: Worth, came: Worth): Worth & Pick<InventoryValuation, 'averageCost'> {
  const now = new Decimal(quantity).plus(came.quantity);
  const worth = plus(value, came.value);
  const averageCost = now.isZero() ? '0' : new Decimal(worth.amount).div(now).toDecimalPlaces(6).toFixed();
  return { quantity: now.toFixed(), value: worth, averageCost };
}

export const negated = ({ quantity, value }: Worth): Worth => ({
  quantity: new Decimal(quantity).negated().toFixed(),
  value: minus(zeroOf(value), value),
});

export const zeroOf = ({ currency }: Money): Money => ({ amount: '0.00', currency });
