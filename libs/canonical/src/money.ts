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

/** Wide enough for the product of two declared decimals, 21 digits each: nothing is rounded before the cents are. */
const Exact = Decimal.clone({ precision: 50, rounding: Decimal.ROUND_HALF_UP });

/** An amount rounded half away from zero to cents, the rounding of US billing and of every ledger here; never `-0.00`. */
export function money(amount: string | number | Decimal, currency = 'USD'): Money {
  return { amount: new Exact(amount).toDecimalPlaces(CENTS).toFixed(CENTS), currency };
}

function sameCurrency(a: Pick<Money, 'currency'>, b: Pick<Money, 'currency'>): string {
  if (a.currency !== b.currency) throw new RangeError(`cannot combine ${a.currency} with ${b.currency}`);
  return a.currency;
}

export const plus = (a: Money, b: Money): Money => money(new Exact(a.amount).plus(b.amount), sameCurrency(a, b));

export const minus = (a: Money, b: Money): Money => money(new Exact(a.amount).minus(b.amount), sameCurrency(a, b));

/** A price times a quantity or a share, rounded to cents. */
export const times = (price: Money, factor: string): Money =>
  money(new Exact(price.amount).times(factor), price.currency);

export function total(amounts: readonly Money[], currency = 'USD'): Money {
  let sum = new Exact(0);
  for (const amount of amounts) {
    sameCurrency({ currency }, amount);
    sum = sum.plus(amount.amount);
  }
  return money(sum, currency);
}

export const sameAmount = (a: Money, b: Money): boolean =>
  a.currency === b.currency && new Exact(a.amount).equals(b.amount);

export const hasWholeCents = ({ amount }: Money): boolean => new Exact(amount).decimalPlaces() <= CENTS;

export const isZero = (amount: Money): boolean => new Exact(amount.amount).isZero();
