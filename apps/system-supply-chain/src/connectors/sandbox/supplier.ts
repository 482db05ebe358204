/**
 * The suppliers of the sandbox answer at once and alike: they acknowledge, confirm up to 100 units of a line and owe the
 * rest, send off what they confirmed, and ask to be paid for it.
 */
import { Decimal } from 'decimal.js';
import { times, total, type SupplyOrder } from '@concord/canonical';
import type { Documents } from '../../held/documents.store.js';
import type { OrderAnswers } from '../../held/order-answers.js';
import { takeInvoice } from '../../held/received-invoices.js';
import type { SupplyNews } from '../../held/supply-news.js';

const MOST_OF_A_LINE = 100;
const DAY_MS = 86_400_000;

const dayAfter = (now: Date, days: number): string =>
  new Date(now.getTime() + days * DAY_MS).toISOString().slice(0, 10);

export async function supplierAnswers(
  order: SupplyOrder,
  documents: Documents,
  answers: OrderAnswers,
  news: SupplyNews,
  now: Date,
): Promise<void> {
  const [at, soon, later] = [now.toISOString(), dayAfter(now, 2), dayAfter(now, 14)];
  const { id, supplier } = order;
  const promised = order.lines.map((line) => {
    const ready = Decimal.min(line.quantity, MOST_OF_A_LINE);
    return { line, ready: ready.toFixed(), owed: new Decimal(line.quantity).minus(ready) };
  });
  await answers.acknowledge(id);
  await answers.confirm(`${id}:confirmation`, {
    order: id,
    supplier,
    status: promised.some(({ owed }) => owed.greaterThan(0)) ? 'accepted-with-changes' : 'accepted',
    lines: promised.flatMap(({ line: { line }, ready, owed }) => [
      { line, status: 'accepted' as const, quantity: ready, promisedOn: soon },
      ...(owed.greaterThan(0)
        ? [{ line, status: 'backordered' as const, quantity: owed.toFixed(), promisedOn: later }]
        : []),
    ]),
  });
  await answers.ship(`${id}:shipment`, {
    number: `SH-${id}`,
    order: id,
    supplier,
    status: 'shipped',
    shippedAt: at,
    expectedOn: soon,
    carrier: 'Sandbox Freight',
    tracking: `TRACK-${id}`,
    lines: promised.map(({ line: { line, itemId, unit }, ready }) => ({
      line,
      itemId,
      quantity: ready,
      unit,
      received: '0',
      lot: `L-${now.getUTCFullYear()}-${itemId}`,
      expiresOn: dayAfter(now, 365),
    })),
  });
  const lines = promised.map(({ line: { line, itemId, unit, unitPrice }, ready }) => ({
    orderLine: line,
    itemId,
    description: itemId,
    quantity: ready,
    unit,
    unitPrice,
    amount: times(unitPrice, ready),
  }));
  await takeInvoice(documents, news, {
    supplier,
    number: `INV-${id}`,
    kind: 'invoice',
    order: id,
    legalEntity: order.legalEntity,
    invoiceDate: at.slice(0, 10),
    dueOn: dayAfter(now, 30),
    lines,
    charges: [],
    total: total(lines.map(({ amount }) => amount)),
    receivedAt: at,
  });
}
