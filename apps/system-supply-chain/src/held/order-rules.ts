/** What an order is, and what suppliers' answers make of it. Pure: quantities are in the unit of the order line. */
import { Decimal } from 'decimal.js';
import {
  Problem,
  times,
  total,
  type Backorder,
  type Item,
  type NewSupplyOrder,
  type NewSupplyRequisition,
  type OrderConfirmation,
  type ShipmentNotice,
  type SupplyOrder,
  type SupplyOrderLine,
  type TransmissionFault,
} from '@concord/canonical';
import type { Body } from './documents.store.js';

/** What orders may name. */
export interface Known {
  readonly items: ReadonlyMap<string, Item>;
  readonly locations: ReadonlySet<string>;
  readonly suppliers: ReadonlySet<string>;
}

/** What is kept of what a supplier's system could not read. */
export const MOST_FAULTS = 100;

type Line = { readonly itemId: string; readonly quantity: string; readonly unit: string };

/** Why a requisition cannot be taken. */
export function refusalOfRequisition({ location, lines }: NewSupplyRequisition, known: Known): Problem | undefined {
  if (!known.locations.has(location)) return unknown('Stock location is not known', { location });
  return refusalOfLines(lines, known);
}

/** Why an order cannot be sent. */
export function refusalOfOrder({ supplier, deliverTo, lines }: NewSupplyOrder, known: Known): Problem | undefined {
  if (!known.suppliers.has(supplier)) return unknown('Supplier is not known', { supplier });
  if (!known.locations.has(deliverTo)) return unknown('Stock location is not known', { location: deliverTo });
  return refusalOfLines(lines, known);
}

export function refusalOfLines(lines: readonly Line[], { items }: Pick<Known, 'items'>): Problem | undefined {
  if (lines.length === 0) return faulty('/lines', 'too-few', 'must not be empty');
  for (const [index, { itemId: item, quantity, unit }] of lines.entries()) {
    const known = items.get(item);
    if (!known) return unknown('Item is not known', { item });
    if (!unitsOf(known).has(unit)) return unknown('The item has no such unit', { item, unit });
    if (!new Decimal(quantity).greaterThan(0)) return faulty(`/lines/${index}/quantity`, 'minimum', 'must be positive');
  }
  return undefined;
}

/** Stock units in one of each unit of an item. */
export const unitsOf = ({ stockUnit, units }: Item): ReadonlyMap<string, string> =>
  new Map([[stockUnit, '1'], ...units.map(({ unit, stockUnits }) => [unit, stockUnits] as const)]);

/** An order as it leaves. */
export function sentOrder(order: NewSupplyOrder, sentAt: string): Body<'order'> {
  const lines = order.lines.map((line, index) => ({
    ...line,
    line: index + 1,
    confirmed: '0',
    shipped: '0',
    received: '0',
    backordered: '0',
  }));
  const sum = total(lines.map(({ unitPrice, quantity }) => times(unitPrice, quantity)));
  return { ...order, lines, status: 'sent', allReceived: false, total: sum, sentAt };
}

/** The supplier's system can read it. */
export const acknowledged = (order: SupplyOrder, at: string): Body<'order'> => ({
  ...order,
  acknowledgedAt: order.acknowledgedAt ?? at,
  status: order.status === 'sent' ? 'received' : order.status,
});

/** The supplier's system could not read it, and knows nothing of it. */
export const unreadable = (order: SupplyOrder, faults: readonly TransmissionFault[]): Body<'order'> => ({
  ...order,
  status: order.status === 'sent' ? 'unreadable' : order.status,
  unreadable: faults.slice(0, MOST_FAULTS),
});

/** The supplier was asked to cancel it. */
export const cancelling = (order: SupplyOrder, askedAt: string): Body<'order'> => ({
  ...order,
  cancellation: { askedAt },
});

/** What the supplier said to that. Goods that are on their way cannot be called back. */
export function cancellationAnswered(
  order: SupplyOrder,
  answer: 'accepted' | 'refused',
  answeredAt: string,
): Body<'order'> | undefined {
  const { cancellation, lines } = order;
  if (!cancellation || cancellation.answer) return undefined;
  const gone = lines.some((line) => Number(line.shipped) > 0);
  const status = answer === 'accepted' && !gone ? 'cancelled' : order.status;
  return { ...order, status, cancellation: { ...cancellation, answer, answeredAt } };
}

/** The supplier's system could not read that it is cancelled: so it is not, and he can be asked again. */
export const cancellationUnreadable = (
  order: SupplyOrder,
  faults: readonly TransmissionFault[],
  answeredAt: string,
): Body<'order'> | undefined =>
  order.cancellation && {
    ...order,
    cancellation: { ...order.cancellation, answer: 'refused', answeredAt, unreadable: faults.slice(0, MOST_FAULTS) },
  };

/** Whether the supplier was asked to cancel it and has not answered. */
export const isCancelling = ({ cancellation }: SupplyOrder): boolean =>
  cancellation !== undefined && cancellation.answer === undefined;

/** What the supplier answered to each line; an answer replaces what he answered before. */
export function confirmed(
  order: SupplyOrder,
  { status, lines: answers }: Pick<OrderConfirmation, 'status' | 'lines'>,
): Body<'order'> {
  const lines = order.lines.map((line): SupplyOrderLine => {
    const answered = answers.filter((one) => one.line === line.line);
    if (answered.length === 0) return line;
    const sum = (...statuses: string[]) =>
      sumOf(answered.filter((one) => statuses.includes(one.status)).map(({ quantity }) => quantity));
    const promisedOn = answered.map((one) => one.promisedOn).findLast((day) => day !== undefined) ?? line.promisedOn;
    return { ...line, confirmed: sum('accepted', 'changed'), backordered: sum('backordered'), promisedOn };
  });
  if (status === 'rejected') return { ...order, lines, status: 'rejected' };
  const all = lines.every(({ confirmed: promised, quantity }) => new Decimal(promised).greaterThanOrEqualTo(quantity));
  const shipping = order.status === 'shipped' || order.status === 'partially-shipped';
  return { ...order, lines, status: shipping ? order.status : all ? 'confirmed' : 'partially-confirmed' };
}

/** What the supplier sent off is no longer owed. */
export function shipped(order: SupplyOrder, { lines: sent }: Pick<ShipmentNotice, 'lines'>): Body<'order'> {
  const lines = order.lines.map((line): SupplyOrderLine => {
    const now = sumOf([line.shipped, ...sent.filter((one) => one.line === line.line).map(({ quantity }) => quantity)]);
    const open = Decimal.max(0, new Decimal(line.quantity).minus(now));
    return { ...line, shipped: now, backordered: Decimal.min(line.backordered, open).toFixed() };
  });
  const all = lines.every((line) => new Decimal(line.shipped).greaterThanOrEqualTo(line.quantity));
  return { ...order, lines, status: all ? 'shipped' : 'partially-shipped' };
}

/** What came of it into the stock; quantities of what is taken back are negative. */
export function received(order: SupplyOrder, came: readonly Came[]): Body<'order'> {
  const lines = order.lines.map((line): SupplyOrderLine => {
    const now = came.filter(({ orderLine }) => orderLine === line.line).map(({ quantity }) => quantity);
    return now.length === 0 ? line : { ...line, received: sumOf([line.received, ...now]) };
  });
  return { ...order, lines };
}

type Came = { readonly orderLine: number; readonly quantity: string };

/** Whether nothing of an order is to come any more. */
export const isAllReceived = ({ lines }: Pick<SupplyOrder, 'lines'>): boolean =>
  lines.every((line) => new Decimal(line.received).greaterThanOrEqualTo(line.quantity));

/** What is owed of an order, line by line. */
export const backordersOf = (order: SupplyOrder): { id: string; body: Body<'backorder'> | undefined }[] =>
  order.lines.map((line) => {
    const id = `${order.id}:${line.line}`;
    if (order.status === 'cancelled' || new Decimal(line.backordered).isZero()) return { id, body: undefined };
    const { itemId, unit, backordered: quantity, promisedOn } = line;
    const body: Omit<Backorder, 'id' | 'changedAt'> = {
      order: order.id,
      line: line.line,
      supplier: order.supplier,
      itemId,
      quantity,
      unit,
      promisedOn,
    };
    return { id, body };
  });

const sumOf = (quantities: readonly string[]): string =>
  quantities.reduce((sum, quantity) => sum.plus(quantity), new Decimal(0)).toFixed();

const unknown = (detail: string, context: Record<string, string>) => new Problem('unknown-code', detail, { context });

const faulty = (pointer: string, code: string, detail: string) =>
  new Problem('validation-failed', `${pointer} ${detail}`, { errors: [{ pointer, code, detail }] });
