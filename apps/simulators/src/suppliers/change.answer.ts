import { PURCHASE_ORDER_CHANGE_ACKNOWLEDGMENT, type PurchaseOrderChange } from '@concord/x12';
import { Decimal } from 'decimal.js';
import type { Answer, Back } from './answer.js';
import { confirmedOf, promiseOf } from './promise.js';
import type { OrderedLine, Standing } from './standing.js';

/** A cancellation is taken until the goods are gone; a change, too, as far as it leaves what has gone. */
export function answerToChange({ change, lines = [] }: PurchaseOrderChange, standing: Standing, back: Back): Answer {
  const { number, date, purpose, sequence } = change;
  const isTaken = purpose === '01' ? standing.cancel(number) : takesChange(number, lines, standing);
  return back('865', 0, PURCHASE_ORDER_CHANGE_ACKNOWLEDGMENT, (now) => ({
    answer: { purpose, type: isTaken ? 'AD' : 'RJ', number, date, sequence },
    lines: lines.map(({ line }) => ({
      line,
      ...(isTaken && purpose === '04' && line.change !== 'DI'
        ? { answers: confirmedOf(promiseOf({ ...line, unit: line.unit?.unit }), now) }
        : {}),
    })),
    totals: { totals: { lines: String(lines.length) } },
  }));
}

function takesChange(order: string, changes: NonNullable<PurchaseOrderChange['lines']>, standing: Standing): boolean {
  const before = standing.linesOf(order);
  if (!before || standing.isCancelled(order)) return false;
  const changed = new Map(changes.map(({ line }) => [line.line, line]));
  const isLess = (line: OrderedLine) => {
    const { change, quantity = '0' } = changed.get(line.line) ?? { change: 'NC', quantity: line.quantity };
    return change === 'DI' || new Decimal(quantity).lessThan(promiseOf(line).ready);
  };
  if (standing.isGone(order) && before.some(isLess)) return false;
  const kept = before.flatMap((line) => {
    const { change, quantity, price } = changed.get(line.line) ?? {};
    return change === 'DI' ? [] : [{ ...line, quantity: quantity ?? line.quantity, price: price ?? line.price }];
  });
  const added = changes.flatMap(({ line: { change, line, quantity, unit, price, products } }) =>
    change === 'AI' ? [{ line, quantity, unit: unit?.unit, price, products }] : [],
  );
  standing.note(order, [...kept, ...added]);
  return true;
}
