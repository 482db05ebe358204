import { Decimal } from 'decimal.js';
import { dayAfter } from './answer.js';
import type { OrderedLine } from './standing.js';

/** Units of a line that they have; the rest they owe. */
export const MOST_OF_A_LINE = 100;

/** What of a line they have, and what they owe. */
export const promiseOf = <T extends Pick<OrderedLine, 'quantity'>>(line: T) => {
  const quantity = new Decimal(line.quantity ?? 0);
  const ready = Decimal.min(quantity, MOST_OF_A_LINE);
  return { line, ready: ready.toFixed(), owed: quantity.minus(ready) };
};

/** What they confirm of a line: what they have in three days, what they owe in fourteen. */
export const confirmedOf = (
  { line: { unit }, ready, owed }: { line: { unit?: string | undefined }; ready: string; owed: Decimal },
  now: Date,
) => [
  { answer: { status: 'IA', quantity: ready, unit, dateQualifier: '067', date: dayAfter(now, 3) } },
  ...(owed.greaterThan(0)
    ? [{ answer: { status: 'IB', quantity: owed.toFixed(), unit, dateQualifier: '067', date: dayAfter(now, 14) } }]
    : []),
];
