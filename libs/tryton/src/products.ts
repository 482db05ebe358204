/** What is read alike of every product, whichever API tells of it. */
import { Decimal } from 'decimal.js';
import { changedSince, fromWireDecimal, type WireDecimal } from './values.js';

/** What one costs: with two decimals, or with all four that Tryton keeps where they say something; nothing where nobody said. */
export function costOf({ cost_price }: { readonly cost_price: WireDecimal | null }): string {
  const cost = new Decimal(cost_price ? fromWireDecimal(cost_price) : 0);
  return cost.toFixed(Math.max(2, cost.decimalPlaces()));
}

/** A clause: the product or its template, where its name and its units stand, was changed at or after an instant. */
export const productChangedSince = (instant: string): readonly unknown[] => [
  'OR',
  changedSince(instant),
  changedSince(instant, 'template.'),
];
