/** What the invented vendor's ERP does by itself: it posts what is received and invoiced, and refuses what no ledger takes. */
import type { Entity } from './filter.js';
import type { ServiceRules } from './odata.server.js';
import { commit } from './rules/budget.rules.js';
import { giveBack, receive } from './rules/goods-receipt.rules.js';
import { provide, takeBackBoth } from './rules/intercompany.rules.js';
import { checkNoDocument, postEntry } from './rules/journal.rules.js';
import { approve, order, rewriteOrder } from './rules/purchase-order.rules.js';
import { changeRequest, request, takeUp } from './rules/requisition.rules.js';
import { release, setAside } from './rules/reservation.rules.js';
import { cancelInvoice, invoice } from './rules/supplier-invoice.rules.js';
import { numbered } from './rules/values.js';
import type { EntityStore } from './store.js';

export const erpRules: ServiceRules = {
  insert: (store, set, entity) => (INSERT[set] ?? plain)(store, entity, set),
  update: (store, set, key, change, ifMatch) => {
    const before = store.read(set, key);
    const changed = store.update(set, key, change, ifMatch);
    UPDATE[set]?.(store, before, changed, change);
    return store.read(set, key);
  },
};

type Insert = (store: EntityStore, entity: Entity, set: string) => Entity;

const plain: Insert = (store, entity, set) => store.insert(set, numbered(entity));

const INSERT: Readonly<Record<string, Insert>> = {
  JournalEntries: (store, entry) => {
    checkNoDocument(store, entry);
    return postEntry(store, entry);
  },
  Suppliers: (store, entity) => store.insert('Suppliers', entity, 'S'),
  PurchaseRequisitions: request,
  PurchaseOrders: order,
  GoodsReceipts: receive,
  SupplierInvoices: invoice,
  StockReservations: setAside,
  IntercompanyDocuments: provide,
};

type Update = (store: EntityStore, before: Entity, after: Entity, change: Entity) => void;

const UPDATE: Readonly<Record<string, Update>> = {
  PurchaseRequisitions: changeRequest,
  PurchaseOrders: (store, before, after, change) => {
    rewriteOrder(store, before, after, change);
    takeUp(store, before, after);
    approve(store, before, after);
    commit(store, before, after);
  },
  GoodsReceipts: giveBack,
  SupplierInvoices: cancelInvoice,
  StockReservations: release,
  IntercompanyDocuments: takeBackBoth,
};
