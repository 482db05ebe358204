/** A wish to buy goes from draft to decision; only a draft can be rewritten, and an order that is submitted takes it up. */
import { Decimal } from 'decimal.js';
import type { Entity } from '../filter.js';
import type { EntityStore } from '../store.js';
import { checkApprover } from './approval.rules.js';
import {
  cents,
  checkBoughtLines,
  checkNames,
  checkPositive,
  itemsOf,
  number,
  numbered,
  refuse,
  text,
} from './values.js';

/** Which status may follow which, by hand. */
const FOLLOWS: Readonly<Record<string, readonly string[]>> = {
  DRFT: ['SUBM', 'CANC'],
  SUBM: ['APPR', 'REJE', 'CANC'],
  APPR: ['CANC'],
};

/** What is decided about a requisition, as against what it asks for. */
const DECIDED: ReadonlySet<string> = new Set(['RequisitionStatus', 'DecidedBy']);

export function request(store: EntityStore, entity: Entity): Entity {
  if (entity['RequisitionStatus'] !== 'DRFT') refuse('WRONG_STATE', 'A requisition begins as a draft');
  return store.insert('PurchaseRequisitions', reckoned(store, entity), 'R');
}

/** @param change what was sent: a status, or of a draft also what it asks for */
export function changeRequest(store: EntityStore, before: Entity, after: Entity, change: Entity): void {
  const [from, to] = [text(before, 'RequisitionStatus'), text(after, 'RequisitionStatus')];
  if (Object.keys(change).some((name) => !DECIDED.has(name))) {
    if (from !== 'DRFT') refuse('WRONG_STATE', 'Only a draft can be rewritten');
    store.update('PurchaseRequisitions', text(after, 'RequisitionID'), reckoned(store, after));
  }
  if (from === to) return;
  if (!FOLLOWS[from]?.includes(to)) refuse('WRONG_STATE', 'The status cannot follow', 'RequisitionStatus');
  if (to === 'APPR') checkApprover(store, after, text(after, 'DecidedBy'));
}

/** An order that is submitted makes the requisition behind it an ordered one, which has to be approved. */
export function takeUp(store: EntityStore, before: Entity, order: Entity): void {
  const id = text(order, 'RequisitionID');
  if (!id || before['OrderStatus'] !== 'DRFT' || order['OrderStatus'] !== 'SUBM') return;
  if (store.read('PurchaseRequisitions', id)['RequisitionStatus'] !== 'APPR')
    refuse('WRONG_STATE', 'The requisition is not approved', 'RequisitionID');
  const PurchaseOrderID = text(order, 'PurchaseOrderID');
  store.update('PurchaseRequisitions', id, { RequisitionStatus: 'ORDE', PurchaseOrderID });
}

/** With numbered lines and their total; refuses what names nothing, or asks for nothing. */
function reckoned(store: EntityStore, entity: Entity): Entity {
  const { '@odata.etag': _, ...given } = entity;
  const lines = itemsOf(given);
  if (!lines.length) refuse('REQUIRED', 'A requisition asks for something', 'Items');
  checkNames(store, given, { CompanyCode: 'Companies', SupplierID: 'Suppliers' });
  checkBoughtLines(store, given, {});
  for (const line of lines) checkPositive(line, 'ExpectedPrice');
  const amountOf = (line: Entity) => number(line, 'ExpectedPrice').times(number(line, 'Quantity')).toDecimalPlaces(2);
  const total = lines.reduce((sum, line) => sum.plus(amountOf(line)), new Decimal(0));
  return numbered({ ...given, TotalAmount: cents(total) });
}
