/** What the invented vendor's ERP does by itself: it posts what is received and invoiced, and refuses what no ledger takes. */
import type { Entity } from './filter.js';
import type { ServiceRules } from './odata.server.js';
import { commit } from './rules/budget.rules.js';
import { giveBack, receive } from './rules/goods-receipt.rules.js';
import { postEntry } from './rules/journal.rules.js';
import { cancelInvoice, invoice } from './rules/supplier-invoice.rules.js';
import { numbered } from './rules/values.js';
import type { EntityStore } from './store.js';

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
  JournalEntries: postEntry,
  GoodsReceipts: receive,
  SupplierInvoices: invoice,
};

type Update = (store: EntityStore, before: Entity, after: Entity) => void;

const UPDATE: Readonly<Record<string, Update>> = {
  PurchaseOrders: commit,
  GoodsReceipts: giveBack,
  SupplierInvoices: cancelInvoice,
};
