import type {
  ApprovalLevel,
  Budget,
  CostAllocation,
  ErpItem,
  FixedAsset,
  GoodsReceipt,
  IntercompanyTransaction,
  PurchaseOrder,
  Requisition,
  Reservation,
  Supplier,
  SupplierInvoice,
} from '@concord/canonical';
import type { Database } from '@concord/database';
import type { KeptProject } from './budgets.js';
import { Documents, type Stored } from './documents.store.js';
import type { KeptValuation } from './stock.js';

export type SandboxDocuments = ReturnType<typeof sandboxDocuments>;

/** Every kind of document that the sandbox keeps, and what its numbers begin with. */
export function sandboxDocuments(database: Database, now: () => string) {
  const of = <T extends Stored>(kind: string, prefix: string) => new Documents<T>(database, kind, prefix, now);
  return {
    suppliers: of<Supplier>('supplier', 'SUP'),
    items: of<ErpItem>('item', 'ITEM'),
    budgets: of<Budget>('budget', 'BUD'),
    projects: of<KeptProject>('project', 'PRJ'),
    levels: of<ApprovalLevel>('approval level', 'AL'),
    requisitions: of<Requisition>('requisition', 'REQ'),
    orders: of<PurchaseOrder>('purchase order', 'PO'),
    receipts: of<GoodsReceipt>('goods receipt', 'GR'),
    places: of<KeptValuation>('stock place', 'SP'),
    reservations: of<Reservation>('reservation', 'RES'),
    invoices: of<SupplierInvoice>('supplier invoice', 'SI'),
    allocations: of<CostAllocation>('cost allocation', 'CA'),
    transactions: of<IntercompanyTransaction>('intercompany transaction', 'IC'),
    assets: of<FixedAsset>('fixed asset', 'FA'),
  };
}
