/** What is invoiced is posted, and compared with what was ordered and has come. */
import { Decimal } from 'decimal.js';
import type { Entity } from '../filter.js';
import type { EntityStore } from '../store.js';
import { RECEIVED_NOT_INVOICED } from './goods-receipt.rules.js';
import { itemOf, post, reverseEntry } from './journal.rules.js';
import { changeOrder, lineOf, orderOf, takeBack } from './purchase-order.rules.js';
import { cents, checkNames, itemsOf, number, text } from './values.js';

const PAYABLE = '2100';
const PRICE_VARIANCE = '5160';
const PRICE_TOLERANCE = '1.02';

export function invoice(store: EntityStore, entity: Entity): Entity {
  const id = text(entity, 'PurchaseOrderID');
  checkNames(store, entity, { SupplierID: 'Suppliers' });
  const order = id ? orderOf(store, id) : undefined;
  const supplier = store.read('Suppliers', text(entity, 'SupplierID'));
  const items = itemsOf(entity).map((item, i) => ({ ...item, ItemNumber: i + 1, ...(order && factsOf(order, item)) }));
  if (order) changeOrder(store, id, (line) => invoicedLine(line, items));
  const MatchStatus = order ? matchOf(items) : 'NONE';
  const about = {
    company: text(entity, 'CompanyCode'),
    date: text(entity, 'PostingDate'),
    reference: id || text(entity, 'SupplierInvoiceNumber'),
    header: 'Supplier invoice',
  };
  const JournalEntryID = post(
    store,
    about,
    items.flatMap((item) => postingOf(item, order)),
  );
  const TotalAmount = cents(items.reduce((sum, item) => sum.plus(amountOf(item)), new Decimal(0)));
  const due = new Date(Date.parse(text(entity, 'InvoiceDate')) + Number(supplier['PaymentDays']) * 86_400_000);
  const made = {
    InvoiceStatus: 'P',
    MatchKind: order ? '3' : '0',
    MatchStatus,
    IsPaymentBlocked: MatchStatus === 'PRICE' || MatchStatus === 'QUANTITY' || supplier['IsBlocked'] === true,
    DueDate: due.toISOString().slice(0, 10),
    TotalAmount,
    JournalEntryID,
  };
  return store.insert('SupplierInvoices', { ...entity, ...made, Items: items }, 'I');
}

/** An invoice whose status becomes cancelled takes back what it posted, and what it counted in the order. */
export function cancelInvoice(store: EntityStore, before: Entity, after: Entity): void {
  if (before['InvoiceStatus'] === 'C' || after['InvoiceStatus'] !== 'C') return;
  if (text(after, 'PurchaseOrderID')) takeBack(store, after, 'InvoicedQuantity');
  reverseEntry(store, after);
}

const amountOf = (item: Entity): Decimal =>
  number(item, 'UnitPrice').times(number(item, 'Quantity')).toDecimalPlaces(2);

function factsOf(order: Entity, item: Entity): Entity {
  if (item['OrderItemNumber'] === undefined || item['OrderItemNumber'] === null) return {};
  const line = lineOf(order, item);
  const { Quantity: OrderedQuantity, ReceivedQuantity, UnitPrice: OrderPrice } = line;
  const InvoicedQuantity = number(line, 'InvoicedQuantity').plus(number(item, 'Quantity')).toFixed();
  return { OrderedQuantity, ReceivedQuantity, InvoicedQuantity, OrderPrice };
}

function invoicedLine(line: Entity, items: readonly Entity[]): Entity {
  const mine = items.filter((item) => item['OrderItemNumber'] === line['ItemNumber']);
  const invoiced = mine.reduce((sum, item) => sum.plus(number(item, 'Quantity')), number(line, 'InvoicedQuantity'));
  return { ...line, InvoicedQuantity: invoiced.toFixed() };
}

function matchOf(items: readonly Entity[]): string {
  if (items.some((item) => item['OrderedQuantity'] === undefined)) return 'NONE';
  if (items.some((item) => number(item, 'InvoicedQuantity').gt(number(item, 'ReceivedQuantity')))) return 'QUANTITY';
  const isDear = (item: Entity) => number(item, 'UnitPrice').gt(number(item, 'OrderPrice').times(PRICE_TOLERANCE));
  return items.some(isDear) ? 'PRICE' : 'OK';
}

function postingOf(item: Entity, order: Entity | undefined): Entity[] {
  const owed = amountOf(item);
  if (!order || item['OrderItemNumber'] === undefined || item['OrderItemNumber'] === null) {
    const center = text(item, 'CostCenter');
    return [itemOf(text(item, 'GLAccount'), center, 'D', owed), itemOf(PAYABLE, center, 'C', owed)];
  }
  const center = text(lineOf(order, item), 'CostCenter');
  const expected = number(item, 'OrderPrice').times(number(item, 'Quantity')).toDecimalPlaces(2);
  const variance = owed.minus(expected);
  return [
    itemOf(RECEIVED_NOT_INVOICED, center, 'D', expected),
    itemOf(PRICE_VARIANCE, center, variance.isNegative() ? 'C' : 'D', variance),
    itemOf(PAYABLE, center, 'C', owed),
  ];
}
