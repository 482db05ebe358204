/** What the invented vendor's ERP does by itself: it posts what is received and invoiced, and refuses what no ledger takes. */
import { Decimal } from 'decimal.js';
import type { Entity } from './filter.js';
import type { ServiceRules } from './odata.server.js';
import { ODataError, type EntityStore } from './store.js';

const RECEIVED_NOT_INVOICED = '2150';
const PAYABLE = '2100';
const PRICE_VARIANCE = '5160';
const OVER_RECEIPT = '1.05';
const PRICE_TOLERANCE = '1.02';

export const erpRules: ServiceRules = {
  insert: (store, set, entity) => (INSERT[set] ?? plain)(store, entity, set),
  update: (store, set, key, change, ifMatch) => {
    const before = store.read(set, key);
    const changed = store.update(set, key, change, ifMatch);
    UPDATE[set]?.(store, before, changed);
    return store.read(set, key);
  },
};

type Insert = (store: EntityStore, entity: Entity, set: string) => Entity;

const PREFIX: Readonly<Record<string, string>> = { Suppliers: 'S', PurchaseOrders: 'P' };

const plain: Insert = (store, entity, set) => store.insert(set, numbered(entity), PREFIX[set]);

const INSERT: Readonly<Record<string, Insert>> = {
  JournalEntries: (store, entity) => postEntry(store, entity),
  GoodsReceipts: receive,
  SupplierInvoices: invoice,
};

/** Lines get their numbers in the order in which they came. */
const numbered = (entity: Entity): Entity =>
  entity['Items'] ? { ...entity, Items: itemsOf(entity).map((item, i) => ({ ...item, ItemNumber: i + 1 })) } : entity;

const itemsOf = (entity: Entity): Entity[] => (entity['Items'] as Entity[] | undefined) ?? [];
const text = (entity: Entity, name: string): string => (entity[name] as string | undefined) ?? '';
const number = (entity: Entity, name: string): Decimal => new Decimal(text(entity, name) || 0);
const cents = (amount: Decimal): string => amount.toFixed(2);
const refuse = (code: string, message: string, target?: string): never => {
  throw new ODataError(code === 'CONFLICT' ? 409 : 400, code, message, target);
};

function postEntry(store: EntityStore, entity: Entity): Entity {
  const [company, date] = [text(entity, 'CompanyCode'), text(entity, 'PostingDate')];
  const items = itemsOf(entity);
  for (const [set, name] of [
    ['GLAccounts', 'GLAccount'],
    ['CostCenters', 'CostCenter'],
  ] as const) {
    for (const item of items)
      if (!store.has(set, text(item, name))) refuse('UNKNOWN_CODE', `${name} does not exist`, name);
  }
  const side = (code: string) =>
    items.reduce(
      (sum, item) => (item['DebitCreditCode'] === code ? sum.plus(number(item, 'Amount')) : sum),
      new Decimal(0),
    );
  if (items.length < 2 || !side('D').equals(side('C'))) refuse('NOT_BALANCED', 'Debits and credits differ');
  const period = `${company}:${date.slice(0, 7)}`;
  if (!store.has('FiscalPeriods', period) || store.read('FiscalPeriods', period)['PeriodStatus'] !== 'O') {
    refuse('PERIOD_CLOSED', 'The posting period is not open', 'PostingDate');
  }
  const reverses = text(entity, 'ReversesEntry');
  if (reverses && store.read('JournalEntries', reverses)['ReversedByEntry'])
    refuse('CONFLICT', 'The entry is reversed already');
  const posted = store.insert(
    'JournalEntries',
    { ...numbered(entity), EntryStatus: 'P', TotalAmount: cents(side('D')) },
    'J',
  );
  for (const item of items) spend(store, company, date, item);
  const id = text(posted, 'JournalEntryID');
  if (reverses) store.update('JournalEntries', reverses, { EntryStatus: 'R', ReversedByEntry: id });
  return store.update('JournalEntries', id, { PostedAt: posted['LastChangedAt'] });
}

/** The budget of a cost center, account and year; one without an amount where none was set. */
function budgetOf(store: EntityStore, CompanyCode: string, line: Entity, date: string): Entity {
  const [CostCenter, GLAccount, FiscalYear] = [text(line, 'CostCenter'), text(line, 'GLAccount'), date.slice(0, 4)];
  const BudgetID = `${FiscalYear}.${CostCenter}.${GLAccount}`;
  if (store.has('Budgets', BudgetID)) return store.read('Budgets', BudgetID);
  const nothing = { Currency: 'USD', CommittedAmount: '0.00', ActualAmount: '0.00' };
  return store.insert('Budgets', { BudgetID, CompanyCode, CostCenter, GLAccount, FiscalYear, ...nothing });
}

function count(store: EntityStore, budget: Entity, field: string, amount: Decimal): void {
  if (amount.isZero()) return;
  store.update('Budgets', text(budget, 'BudgetID'), { [field]: cents(number(budget, field).plus(amount)) });
}

function spend(store: EntityStore, company: string, date: string, item: Entity): void {
  const sign = item['DebitCreditCode'] === 'D' ? 1 : -1;
  count(store, budgetOf(store, company, item, date), 'ActualAmount', number(item, 'Amount').times(sign));
}

/** What is ordered with approval and has not come is committed; of an order that was changed, the difference. */
function commit(store: EntityStore, before: Entity, after: Entity): void {
  for (const [order, sign] of [
    [before, -1],
    [after, 1],
  ] as const) {
    if (!['APPR', 'SENT', 'PART'].includes(text(order, 'OrderStatus'))) continue;
    for (const line of itemsOf(order)) {
      const open = Decimal.max(0, number(line, 'Quantity').minus(number(line, 'ReceivedQuantity')));
      const budget = budgetOf(store, text(order, 'CompanyCode'), line, text(order, 'NeededOn'));
      count(store, budget, 'CommittedAmount', open.times(number(line, 'UnitPrice')).times(sign));
    }
  }
}

function post(
  store: EntityStore,
  about: { company: string; date: string; reference: string; header: string },
  items: Entity[],
) {
  const { company: CompanyCode, date: PostingDate, reference: DocumentReference, header: HeaderText } = about;
  const Items = items.filter((item) => !number(item, 'Amount').isZero());
  if (!Items.length) return undefined;
  const entry = { CompanyCode, PostingDate, DocumentReference, HeaderText, EntryStatus: 'P', Currency: 'USD', Items };
  return text(postEntry(store, entry), 'JournalEntryID');
}

const itemOf = (GLAccount: string, CostCenter: string, DebitCreditCode: 'D' | 'C', amount: Decimal): Entity => ({
  GLAccount,
  CostCenter,
  DebitCreditCode,
  Amount: cents(amount.abs()),
  Currency: 'USD',
});

/** The order whose lines are changed by a function. */
function changeOrder(store: EntityStore, id: string, change: (line: Entity) => Entity): Entity {
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

const orderOf = (store: EntityStore, id: string): Entity =>
  store.has('PurchaseOrders', id)
    ? store.read('PurchaseOrders', id)
    : refuse('UNKNOWN_CODE', 'No such order', 'PurchaseOrderID');

function lineOf(order: Entity, item: Entity): Entity {
  const line = itemsOf(order).find((one) => one['ItemNumber'] === item['OrderItemNumber']);
  return line ?? refuse('UNKNOWN_CODE', 'The order has no such line', 'OrderItemNumber');
}

function receive(store: EntityStore, entity: Entity): Entity {
  const id = text(entity, 'PurchaseOrderID');
  const order = orderOf(store, id);
  if (!['SENT', 'PART'].includes(text(order, 'OrderStatus'))) refuse('CONFLICT', 'The order takes no receipts');
  const items = itemsOf(entity).map((item, i) => {
    const value = number(lineOf(order, item), 'UnitPrice').times(number(item, 'Quantity'));
    return { ...item, ItemNumber: i + 1, Value: cents(value) };
  });
  changeOrder(store, id, (line) => fill(line, items));
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

function fill(line: Entity, items: readonly Entity[]): Entity {
  const came = items
    .filter((item) => item['OrderItemNumber'] === line['ItemNumber'])
    .reduce((sum, item) => sum.plus(number(item, 'Quantity')), number(line, 'ReceivedQuantity'));
  if (came.gt(number(line, 'Quantity').times(OVER_RECEIPT))) refuse('CONFLICT', 'More came than was ordered');
  return { ...line, ReceivedQuantity: came.toFixed() };
}

function invoice(store: EntityStore, entity: Entity): Entity {
  const id = text(entity, 'PurchaseOrderID');
  if (!store.has('Suppliers', text(entity, 'SupplierID'))) refuse('UNKNOWN_CODE', 'No such supplier', 'SupplierID');
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

type Update = (store: EntityStore, before: Entity, after: Entity) => void;

/** A document whose status becomes reversed takes back what it posted, and what it counted in the order. */
const UPDATE: Readonly<Record<string, Update>> = {
  PurchaseOrders: commit,
  GoodsReceipts: (store, before, after) => {
    if (before['ReceiptStatus'] === 'R' || after['ReceiptStatus'] !== 'R') return;
    takeBack(store, after, 'ReceivedQuantity');
    reverseEntry(store, after);
  },
  SupplierInvoices: (store, before, after) => {
    if (before['InvoiceStatus'] === 'C' || after['InvoiceStatus'] !== 'C') return;
    if (text(after, 'PurchaseOrderID')) takeBack(store, after, 'InvoicedQuantity');
    reverseEntry(store, after);
  },
};

function takeBack(store: EntityStore, document: Entity, counted: 'ReceivedQuantity' | 'InvoicedQuantity'): void {
  changeOrder(store, text(document, 'PurchaseOrderID'), (line) => {
    const mine = itemsOf(document).filter((item) => item['OrderItemNumber'] === line['ItemNumber']);
    const left = mine.reduce((sum, item) => sum.minus(number(item, 'Quantity')), number(line, counted));
    if (counted === 'ReceivedQuantity' && left.lt(number(line, 'InvoicedQuantity')))
      refuse('CONFLICT', 'It was invoiced already');
    return { ...line, [counted]: left.toFixed() };
  });
}

function reverseEntry(store: EntityStore, document: Entity): void {
  const id = text(document, 'JournalEntryID');
  if (!id) return;
  const { CompanyCode, DocumentReference, Currency, PostingDate } = store.read('JournalEntries', id);
  const Items = itemsOf(store.read('JournalEntries', id)).map((item) => ({
    ...item,
    DebitCreditCode: item['DebitCreditCode'] === 'D' ? 'C' : 'D',
  }));
  const about = {
    CompanyCode,
    DocumentReference,
    Currency,
    EntryStatus: 'P',
    HeaderText: text(document, 'ReversalReason') || 'Reversal',
  };
  postEntry(store, { ...about, PostingDate: document['ReversalDate'] ?? PostingDate, ReversesEntry: id, Items });
}
