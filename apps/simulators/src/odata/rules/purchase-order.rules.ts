/** An order counts what has come and was invoiced, and goes on with it. */
import type { Entity } from '../filter.js';
import type { EntityStore } from '../store.js';
import { checkApprover } from './approval.rules.js';
import { commit } from './budget.rules.js';
import { checkBoughtLines, checkNames, itemsOf, number, numbered, refuse, text } from './values.js';

/** What is decided about an order, as against what it orders. */
const DECIDED: ReadonlySet<string> = new Set(['OrderStatus', 'ApprovedBy']);

/** An order may name the requisition that it comes from. */
export function order(store: EntityStore, entity: Entity): Entity {
  checkOrder(store, entity);
  return store.insert('PurchaseOrders', numbered(entity), 'P');
}

/** @param change what was sent: a status, or of a draft also what it orders */
export function rewriteOrder(store: EntityStore, before: Entity, after: Entity, change: Entity): void {
  if (Object.keys(change).every((name) => DECIDED.has(name))) return;
  if (before['OrderStatus'] !== 'DRFT') refuse('WRONG_STATE', 'Only a draft can be rewritten');
  checkOrder(store, after);
}

function checkOrder(store: EntityStore, entity: Entity): void {
  const header = { CompanyCode: 'Companies', SupplierID: 'Suppliers', RequisitionID: 'PurchaseRequisitions' };
  checkNames(store, entity, header);
  checkBoughtLines(store, entity, { ProjectID: 'Projects' });
}

/** The order whose lines are changed by a function. */
export function changeOrder(store: EntityStore, id: string, change: (line: Entity) => Entity): Entity {
  const order = store.read('PurchaseOrders', id);
  const Items = itemsOf(order).map(change);
  const isAll = Items.every((line) => number(line, 'ReceivedQuantity').gte(number(line, 'Quantity')));
  const isNone = Items.every((line) => number(line, 'ReceivedQuantity').isZero());
  const isOpen = ['SENT', 'PART', 'RECD'].includes(text(order, 'OrderStatus'));
  const OrderStatus = !isOpen ? order['OrderStatus'] : isAll ? 'RECD' : isNone ? 'SENT' : 'PART';
  const changed = store.update('PurchaseOrders', id, { Items, OrderStatus });
  commit(store, order, changed);
  return changed;
}

export const orderOf = (store: EntityStore, id: string): Entity =>
  store.has('PurchaseOrders', id)
    ? store.read('PurchaseOrders', id)
    : refuse('UNKNOWN_CODE', 'No such order', 'PurchaseOrderID', { PurchaseOrderID: id });

export function lineOf(order: Entity, item: Entity): Entity {
  const line = itemsOf(order).find((one) => one['ItemNumber'] === item['OrderItemNumber']);
  if (line) return line;
  const facts = { PurchaseOrderID: text(order, 'PurchaseOrderID'), OrderItemNumber: String(item['OrderItemNumber']) };
  return refuse('UNKNOWN_CODE', 'The order has no such line', 'OrderItemNumber', facts);
}

/** What a document counted in its order, it counts there no more. */
export function takeBack(store: EntityStore, document: Entity, counted: 'ReceivedQuantity' | 'InvoicedQuantity'): void {
  changeOrder(store, text(document, 'PurchaseOrderID'), (line) => {
    const mine = itemsOf(document).filter((item) => item['OrderItemNumber'] === line['ItemNumber']);
    const left = mine.reduce((sum, item) => sum.minus(number(item, 'Quantity')), number(line, counted));
    if (counted === 'ReceivedQuantity' && left.lt(number(line, 'InvoicedQuantity')))
      refuse('CONFLICT', 'It was invoiced already');
    return { ...line, [counted]: left.toFixed() };
  });
}

/** An order whose status becomes approved has an approver who may. */
export function approve(store: EntityStore, before: Entity, after: Entity): void {
  if (before['OrderStatus'] === 'APPR' || after['OrderStatus'] !== 'APPR') return;
  checkApprover(store, after, text(after, 'ApprovedBy'));
}
