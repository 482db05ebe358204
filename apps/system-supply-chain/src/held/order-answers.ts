/**
 * Works in what suppliers answer to orders, each answer once, and tells the event log what became of the order. All of it
 * throws `not-found` for an order that is not ours.
 */
import type { SupplyOrder, TransmissionFault } from '@concord/canonical';
import type { Body, Documents } from './documents.store.js';
import {
  acknowledged,
  backordersOf,
  cancellationAnswered,
  cancellationUnreadable,
  confirmed,
  isAllReceived,
  shipped,
  unreadable,
} from './order-rules.js';
import { changeAnswered } from './order-change.js';
import type { SupplyNews } from './supply-news.js';

export class OrderAnswers {
  constructor(
    private readonly documents: Documents,
    private readonly news: SupplyNews,
    private readonly clock: () => Date,
  ) {}

  /** The same inside a transaction. */
  within(documents: Documents): OrderAnswers {
    return new OrderAnswers(documents, this.news, this.clock);
  }

  /** His system can read the order. That alone is no news. */
  async acknowledge(order: string): Promise<void> {
    await changeOrder(this.documents, order, (now) =>
      now.acknowledgedAt ? undefined : acknowledged(now, this.clock().toISOString()),
    );
  }

  /** His system could not read the order. */
  turnAway(order: string, faults: readonly TransmissionFault[]): Promise<void> {
    return this.change(order, (now) => unreadable(now, faults));
  }

  /** What he confirms, line by line. */
  async confirm(id: string, confirmation: Body<'confirmation'>): Promise<void> {
    if (await this.documents.find('confirmation', id)) return;
    await this.documents.add('confirmation', id, undefined, confirmation);
    await this.change(confirmation.order, (order) => confirmed(order, confirmation));
  }

  /** What he sent off. */
  async ship(id: string, notice: Body<'shipment'>): Promise<void> {
    if (await this.documents.find('shipment', id)) return;
    await this.documents.add('shipment', id, undefined, notice);
    await this.change(notice.order, (order) => shipped(order, notice));
  }

  /** What he says to the wish to cancel the order. */
  answerCancellation(order: string, answer: 'accepted' | 'refused'): Promise<void> {
    return this.change(order, (now) => cancellationAnswered(now, answer, this.clock().toISOString()));
  }

  /** His system could not read that wish. */
  turnCancellationAway(order: string, faults: readonly TransmissionFault[]): Promise<void> {
    return this.change(order, (now) => cancellationUnreadable(now, faults, this.clock().toISOString()));
  }

  /** What he says to the wish to change it. */
  answerChange(order: string, answer: 'accepted' | 'refused'): Promise<void> {
    return this.change(order, (now) => changeAnswered(now, answer, this.clock().toISOString()));
  }

  /** His system could not read that wish: the order stays as it was, and he can be asked again. */
  turnChangeAway(order: string, faults: readonly TransmissionFault[]): Promise<void> {
    return this.change(order, (now) => changeAnswered(now, 'refused', this.clock().toISOString(), faults));
  }

  private async change(id: string, change: (order: SupplyOrder) => Body<'order'> | undefined): Promise<void> {
    const before = await this.documents.read('order', id);
    const after = await changeOrder(this.documents, id, change);
    if (after.revision !== before.revision) await this.news.orderAnswered(this.documents.connection, after);
  }
}

/** Changes an order, and what is owed of it with it. */
export async function changeOrder(
  documents: Documents,
  id: string,
  change: (order: SupplyOrder) => Body<'order'> | undefined,
  expected?: string,
): Promise<SupplyOrder> {
  const before = new Set<string>();
  const changing = (now: SupplyOrder) => {
    for (const { line } of now.lines) before.add(`${id}:${line}`);
    const changed = change(now);
    return changed && { ...changed, allReceived: isAllReceived(changed) };
  };
  const order = await documents.change('order', id, changing, expected);
  for (const { line } of order.lines) before.delete(`${id}:${line}`);
  for (const calledOff of before) await documents.remove('backorder', calledOff);
  for (const owed of backordersOf(order)) {
    if (owed.body) await documents.put('backorder', owed.id, owed.body);
    else await documents.remove('backorder', owed.id);
  }
  return order;
}
