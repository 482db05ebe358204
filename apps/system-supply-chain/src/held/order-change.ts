/** Changes of an order that the supplier has: what can be wished for, and what his answer makes of it. Pure. */
import { Decimal } from 'decimal.js';
import {
  Problem,
  times,
  total,
  type OrderChange,
  type SupplyOrder,
  type SupplyOrderChange,
  type SupplyOrderLine,
  type TransmissionFault,
  type WantedOrder,
} from '@concord/canonical';
import type { Body } from './documents.store.js';
import { MOST_FAULTS, refusalOfLines, type Known } from './order-rules.js';

/** Orders of which the supplier expects no change any more, or knows nothing. */
const CLOSED: ReadonlySet<SupplyOrder['status']> = new Set(['unreadable', 'rejected', 'shipped', 'cancelled']);

/** Whether the supplier was asked to change it and has not answered. */
export const isChanging = ({ change }: SupplyOrder): boolean => change !== undefined && change.answer === undefined;

/** Why an order cannot be changed now, whatever is wished for. */
export function refusalOfChanging(order: SupplyOrder): Problem | undefined {
  const { id, status, cancellation } = order;
  const refused = (detail: string) => new Problem('conflict', detail, { context: { order: id, status } });
  if (CLOSED.has(status)) return refused(`The order is ${status}`);
  if (cancellation && cancellation.answer === undefined) return refused('The supplier was asked to cancel the order');
  if (isChanging(order)) return refused('The supplier has not answered to the change before');
  return undefined;
}

/** The order as it is wanted, every line with its number; throws for what cannot be wished for. */
export function wantedOf(
  order: SupplyOrder,
  change: SupplyOrderChange,
  known: Known,
): WantedOrder & { lines: Numbered[] } {
  const { neededOn = order.neededOn, lines = order.lines } = change;
  const refusal = refusalOfLines(lines, known);
  if (refusal) throw refusal;
  let last = Math.max(...order.lines.map(({ line }) => line));
  const numbered = lines.map(({ line, itemId, quantity, unit, unitPrice, contract }) => ({
    itemId,
    quantity,
    unit,
    unitPrice,
    ...(contract === undefined ? {} : { contract }),
    line: line ?? (last += 1),
  }));
  for (const [index, wanted] of numbered.entries()) {
    const ordered = order.lines.find(({ line }) => line === wanted.line);
    if (lines[index]?.line !== undefined && !ordered)
      throw faulty(`/lines/${index}/line`, 'unknown', 'is not of the order');
    if (numbered.findIndex(({ line }) => line === wanted.line) !== index)
      throw faulty(`/lines/${index}/line`, 'twice', 'is there twice');
    if (ordered && (ordered.itemId !== wanted.itemId || ordered.unit !== wanted.unit))
      throw faulty(`/lines/${index}`, 'other', 'must keep its item and its unit');
  }
  for (const { line, shipped } of order.lines) {
    const quantity = numbered.find((one) => one.line === line)?.quantity ?? '0';
    if (new Decimal(quantity).greaterThanOrEqualTo(shipped)) continue;
    const context = { order: order.id, line: String(line), shipped };
    throw new Problem('conflict', 'More of a line was shipped than is wanted now', { context });
  }
  return { neededOn, lines: numbered };
}

type Numbered = WantedOrder['lines'][number] & { line: number };

/** The supplier was asked to change it. */
export const changing = (order: SupplyOrder, wanted: WantedOrder, askedAt: string): Body<'order'> => ({
  ...order,
  change: { ...wanted, sequence: (order.change?.sequence ?? 0) + 1, askedAt },
});

/** What the supplier said to that; undefined where he was not asked. */
export function changeAnswered(
  order: SupplyOrder,
  answer: 'accepted' | 'refused',
  answeredAt: string,
  unreadable?: readonly TransmissionFault[],
): Body<'order'> | undefined {
  const { change } = order;
  if (!change || change.answer) return undefined;
  const faults = unreadable ? { unreadable: unreadable.slice(0, MOST_FAULTS) } : {};
  const answered: OrderChange = { ...change, answer, answeredAt, ...faults };
  return answer === 'accepted' ? { ...applied(order, change), change: answered } : { ...order, change: answered };
}

/** The order as it was wished for. What of a line was promised before holds as far as it is wanted still. */
function applied(order: SupplyOrder, { neededOn, lines: wanted }: WantedOrder): SupplyOrder {
  const lines = wanted.map((line): SupplyOrderLine => {
    const before = order.lines.find((one) => one.line === line.line);
    const { confirmed = '0', shipped = '0', received = '0', backordered = '0' } = before ?? {};
    const open = Decimal.max(0, new Decimal(line.quantity).minus(Decimal.max(confirmed, shipped)));
    return {
      ...line,
      line: line.line!,
      confirmed: Decimal.min(confirmed, line.quantity).toFixed(),
      shipped,
      received,
      backordered: Decimal.min(backordered, open).toFixed(),
      ...(before?.promisedOn === undefined ? {} : { promisedOn: before.promisedOn }),
    };
  });
  const sum = total(lines.map(({ unitPrice, quantity }) => times(unitPrice, quantity)));
  return { ...order, neededOn, lines, total: sum, status: statusOf(order.status, lines) };
}

function statusOf(before: SupplyOrder['status'], lines: readonly SupplyOrderLine[]): SupplyOrder['status'] {
  const all = (of: 'shipped' | 'confirmed') =>
    lines.every((line) => new Decimal(line[of]).greaterThanOrEqualTo(line.quantity));
  if (all('shipped')) return 'shipped';
  if (before === 'partially-shipped' || before === 'sent' || before === 'received') return before;
  return all('confirmed') ? 'confirmed' : 'partially-confirmed';
}

const faulty = (pointer: string, code: string, detail: string) =>
  new Problem('validation-failed', `${pointer} ${detail}`, { errors: [{ pointer, code, detail }] });
