/**
 * Requisitions, orders and what suppliers answer, held by the connector itself. How an order leaves is the connector's
 * own matter: `send` runs in the transaction that keeps the order, so that an order is kept and sent, or neither.
 */
import {
  mergePatch,
  NewSupplyRequisition,
  Problem,
  type Backorder,
  type NewSupplyOrder,
  type OrderConfirmation,
  type Page,
  type ShipmentNotice,
  type SupplyOrder,
  type SupplyOrderChange,
  type SupplyRequisition,
  type SupplyRequisitionChange,
} from '@concord/canonical';
import type { Clock } from '@concord/api';
import { sql } from 'kysely';
import type { Fulfilment, SupplyOrders, SupplyRequisitions } from '../ports/ordering.port.js';
import type {
  BackorderQuery,
  OrderConfirmationQuery,
  ShipmentNoticeQuery,
  SupplyOrderQuery,
  SupplyRequisitionQuery,
} from '../queries.js';
import type { Body, Documents } from './documents.store.js';
import { changeOrder } from './order-answers.js';
import { changeAnswered, changing, refusalOfChanging, wantedOf } from './order-change.js';
import {
  cancelling,
  isCancelling,
  refusalOfLines,
  refusalOfOrder,
  refusalOfRequisition,
  sentOrder,
  type Known,
} from './order-rules.js';

export interface OrderingSurroundings {
  readonly documents: Documents;
  readonly clock: Clock;
  readonly known: () => Promise<Known> | Known;
  readonly send: (order: SupplyOrder, documents: Documents) => Promise<void>;
  /**
   * What tells the supplier that an order is not wanted any more: `asked` where he still has to answer. Throws
   * `not-supported` where nothing can.
   */
  readonly cancel: (order: SupplyOrder, documents: Documents) => Promise<'cancelled' | 'asked'>;
  /** What tells the supplier how an order is wanted now (its `change`): `asked` where he still has to answer. Throws as `cancel`. */
  readonly change: (order: SupplyOrder, documents: Documents) => Promise<'changed' | 'asked'>;
}

export class HeldRequisitions implements SupplyRequisitions {
  constructor(private readonly held: OrderingSurroundings) {}

  async createRequisition(businessKey: string, requisition: NewSupplyRequisition): Promise<SupplyRequisition> {
    const { documents } = this.held;
    const first = await documents.findByBusinessKey('requisition', businessKey);
    if (first) return first;
    const refusal = refusalOfRequisition(requisition, await this.held.known());
    if (refusal) throw refusal;
    return documents.add('requisition', await documents.nextNumber('SR'), businessKey, {
      ...requisition,
      status: 'open',
    });
  }

  readRequisition(id: string): Promise<SupplyRequisition> {
    return this.held.documents.read('requisition', id);
  }

  listRequisitions(query: SupplyRequisitionQuery): Promise<Page<SupplyRequisition>> {
    const { location, status } = query;
    return this.held.documents.list('requisition', query, { location, status });
  }

  async changeRequisition(id: string, expected: string, change: SupplyRequisitionChange): Promise<SupplyRequisition> {
    const known = await this.held.known();
    const changing = (requisition: SupplyRequisition): Body<'requisition'> => {
      refuseUnlessOpen(requisition);
      const changed = mergePatch<NewSupplyRequisition>(requisition, change, NewSupplyRequisition);
      const refusal = refusalOfLines(changed.lines, known);
      if (refusal) throw refusal;
      return { ...requisition, ...changed };
    };
    return this.held.documents.change('requisition', id, changing, expected);
  }

  cancelRequisition(id: string): Promise<SupplyRequisition> {
    return this.held.documents.change('requisition', id, (requisition): Body<'requisition'> | undefined => {
      if (requisition.status === 'cancelled') return undefined;
      refuseUnlessOpen(requisition);
      return { ...requisition, status: 'cancelled' };
    });
  }
}

export class HeldOrders implements SupplyOrders {
  constructor(private readonly held: OrderingSurroundings) {}

  async createOrder(businessKey: string, order: NewSupplyOrder): Promise<SupplyOrder> {
    const { documents, clock, send } = this.held;
    const first = await documents.findByBusinessKey('order', businessKey);
    if (first) return first;
    const refusal = refusalOfOrder(order, await this.held.known());
    if (refusal) throw refusal;
    return documents.transaction(async (tx) => {
      const before = await tx.find('order', order.number);
      const kept = await tx.add('order', order.number, businessKey, sentOrder(order, clock().toISOString()));
      if (before) return kept; // another call with this business key was quicker
      if (order.requisition) await markOrdered(tx, order.requisition);
      await send(kept, tx);
      return tx.read('order', kept.id);
    });
  }

  readOrder(id: string): Promise<SupplyOrder> {
    return this.held.documents.read('order', id);
  }

  listOrders(query: SupplyOrderQuery): Promise<Page<SupplyOrder>> {
    const { supplier, status, unacknowledged_since } = query;
    const aged = unacknowledged_since
      ? sql<boolean>`not body ? 'acknowledgedAt' and body ->> 'status' <> 'cancelled'
          and (body ->> 'sentAt')::timestamptz <= ${unacknowledged_since}::timestamptz`
      : undefined;
    return this.held.documents.list('order', query, { supplier, status }, aged);
  }

  async changeOrder(id: string, expected: string, change: SupplyOrderChange): Promise<SupplyOrder> {
    const { documents, clock } = this.held;
    const known = await this.held.known();
    const asking = (order: SupplyOrder): Body<'order'> => {
      const refusal = refusalOfChanging(order);
      if (refusal) throw refusal;
      return changing(order, wantedOf(order, change, known), clock().toISOString());
    };
    return documents.transaction(async (tx) => {
      const asked = await changeOrder(tx, id, asking, expected);
      if ((await this.held.change(asked, tx)) === 'asked') return asked;
      return changeOrder(tx, id, (now) => changeAnswered(now, 'accepted', clock().toISOString()));
    });
  }

  cancelOrder(id: string): Promise<SupplyOrder> {
    const { documents, clock, cancel } = this.held;
    return documents.transaction(async (tx) => {
      const order = await tx.read('order', id);
      if (order.status === 'cancelled' || isCancelling(order)) return order;
      if (order.lines.some((line) => Number(line.shipped) > 0)) {
        throw new Problem('conflict', 'Something of this order was shipped already', { context: { order: id } });
      }
      // What the supplier's system could not read he knows nothing of.
      const told = order.status === 'unreadable' ? 'cancelled' : await cancel(order, tx);
      return changeOrder(tx, id, (now): Body<'order'> =>
        told === 'cancelled' ? { ...now, status: 'cancelled' } : cancelling(now, clock().toISOString()),
      );
    });
  }
}

export class HeldFulfilment implements Fulfilment {
  constructor(private readonly documents: Documents) {}

  listOrderConfirmations(query: OrderConfirmationQuery): Promise<Page<OrderConfirmation>> {
    return this.documents.list('confirmation', query, { order: query.order });
  }

  listShipmentNotices(query: ShipmentNoticeQuery): Promise<Page<ShipmentNotice>> {
    const { order, number, status } = query;
    return this.documents.list('shipment', query, { order, number, status });
  }

  listBackorders(query: BackorderQuery): Promise<Page<Backorder>> {
    const { order, item_id: itemId } = query;
    return this.documents.list('backorder', query, { order, itemId });
  }
}

async function markOrdered(documents: Documents, requisition: string): Promise<void> {
  const known = await documents.find('requisition', requisition);
  if (!known) throw new Problem('unknown-code', 'Requisition is not known', { context: { requisition } });
  await documents.change('requisition', requisition, (one): Body<'requisition'> => {
    refuseUnlessOpen(one);
    return { ...one, status: 'ordered' };
  });
}

function refuseUnlessOpen({ id, status }: SupplyRequisition): void {
  if (status !== 'open')
    throw new Problem('conflict', `The requisition is ${status}`, { context: { requisition: id } });
}
