import type { Money } from '@concord/canonical';
import { Decimal } from 'decimal.js';

/** The price of one unit as a supplier writes it: to the cent at least, and finer where he says so. */
export function unitPrice(price: string, currency: string): Money {
  const exact = new Decimal(price);
  return { amount: exact.toFixed(Math.max(2, exact.decimalPlaces())), currency };
}
