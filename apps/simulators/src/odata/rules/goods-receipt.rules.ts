/** What has come is posted by its value at the price of the order. */
import { Decimal } from 'decimal.js';
import type { Entity } from '../filter.js';
import type { EntityStore } from '../store.js';
import { itemOf, post, reverseEntry } from './journal.rules.js';
import { changeOrder, lineOf, orderOf, takeBack } from './purchase-order.rules.js';
import { cents, itemsOf, number, refuse, text } from './values.js';

/** Received, and not invoiced yet. */
export const RECEIVED_NOT_INVOICED = '2150';

const OVER_RECEIPT = '1.05';

export function receive(store: EntityStore, entity: Entity): Entity {
  const id = text(entity, 'PurchaseOrderID');
  const order = orderOf(store, id);
  if (!['SENT', 'PART'].includes(text(order, 'OrderStatus')))
    refuse('CONFLICT', 'The order takes no receipts', 'PurchaseOrderID', { PurchaseOrderID: id });
  const items = itemsOf(entity).map((item, i) => {
    const value = number(lineOf(order, item), 'UnitPrice').times(number(item, 'Quantity'));
    return { ...item, ItemNumber: i + 1, Value: cents(value) };
  });
  changeOrder(store, id, (line) => fill(line, items, id));
  const company = text(order, 'CompanyCode');
  const about = { company, date: text(entity, 'ReceivedOn'), reference: id, header: 'Goods receipt' };
  const posting = items.flatMap((item) => {
    const line = lineOf(order, item);
    const value = number(item, 'Value');
    const center = text(line, 'CostCenter');
    return [itemOf(text(line, 'GLAccount'), center, 'D', value), itemOf(RECEIVED_NOT_INVOICED, center, 'C', value)];
  });
  const TotalValue = cents(items.reduce((sum, item) => sum.plus(item.Value), new Decimal(0)));
  const JournalEntryID = post(store, about, posting);
  const made = { CompanyCode: company, Currency: 'USD', ReceiptStatus: 'P', TotalValue, JournalEntryID };
  return store.insert('GoodsReceipts', { ...entity, ...made, Items: items }, 'G');
}

function fill(line: Entity, items: readonly Entity[], order: string): Entity {
  const came = items
    .filter((item) => item['OrderItemNumber'] === line['ItemNumber'])
    .reduce((sum, item) => sum.plus(number(item, 'Quantity')), number(line, 'ReceivedQuantity'));
  if (came.gt(number(line, 'Quantity').times(OVER_RECEIPT))) {
    const counted = { OrderedQuantity: text(line, 'Quantity'), ReceivedQuantity: text(line, 'ReceivedQuantity') };
    const facts = { PurchaseOrderID: order, OrderItemNumber: String(line['ItemNumber']), ...counted };
    refuse('CONFLICT', 'More came than was ordered', 'Quantity', facts);
  }
  return { ...line, ReceivedQuantity: came.toFixed() };
}

/** A receipt whose status becomes reversed takes back what it posted, and what it counted in the order. */
export function giveBack(store: EntityStore, before: Entity, after: Entity): void {
  if (before['ReceiptStatus'] === 'R' || after['ReceiptStatus'] !== 'R') return;
  takeBack(store, after, 'ReceivedQuantity');
  reverseEntry(store, after);
}
