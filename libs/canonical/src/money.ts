import { Decimal } from 'decimal.js';
import { decimal, formatted } from './field.js';

/** An amount of money: a decimal string with its ISO 4217 currency. Added by decimal arithmetic, never as a float. */
export class Money {
  @decimal('Amount as a decimal string', { example: '125.00' })
  amount!: string;

  @formatted('Currency, ISO 4217', /^[A-Z]{3}$/, { example: 'USD' })
  currency!: string;
}

const CENTS = 2;

/** An amount rounded half away from zero to cents, the rounding of US billing and of every ledger here. */
export function money(amount: string | number | Decimal, currency = 'USD'): Money {
  return { amount: new Decimal(amount).toFixed(CENTS, Decimal.ROUND_HALF_UP), currency };
}

function sameCurrency(a: Money, b: Money): string {
  if (a.currency !== b.currency) throw new RangeError(`cannot combine ${a.currency} with ${b.currency}`);
  return a.currency;
}

export const plus = (a: Money, b: Money): Money => money(new Decimal(a.amount).plus(b.amount), sameCurrency(a, b));

export const minus = (a: Money, b: Money): Money => money(new Decimal(a.amount).minus(b.amount), sameCurrency(a, b));

/** A price times a quantity or a share, rounded to cents. */
export const times = (price: Money, factor: string): Money =>
  money(new Decimal(price.amount).times(factor), price.currency);

export const total = (amounts: readonly Money[], currency = 'USD'): Money => amounts.reduce(plus, money(0, currency));

export const sameAmount = (a: Money, b: Money): boolean =>
  a.currency === b.currency && new Decimal(a.amount).equals(b.amount);

export const isZero = (amount: Money): boolean => new Decimal(amount.amount).isZero();
