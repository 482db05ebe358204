import type { ErpPorts } from '../../connector.js';
import { ApprovalRules, SandboxApprovals } from './approvals.js';
import type { Books } from './books.js';
import { SandboxBudgets, SandboxProjects } from './budgets.js';
import { SandboxCostAllocations } from './cost-allocations.js';
import { SandboxFixedAssets } from './fixed-assets.js';
import { SandboxGoodsReceipts } from './goods-receipts.js';
import { SandboxIntercompany } from './intercompany.js';
import { SandboxItems } from './items.js';
import { SandboxJournal } from './journal.js';
import { SandboxLedgerStructure } from './ledger-structure.js';
import { SandboxPurchaseOrders } from './purchase-orders.js';
import { SandboxRequisitions } from './requisitions.js';
import { SandboxReservations } from './reservations.js';
import type { SandboxDocuments } from './sandbox-documents.js';
import { Stock } from './stock.js';
import { SandboxSupplierInvoices } from './supplier-invoices.js';
import { SandboxSuppliers } from './suppliers.js';

/** Everything that an ERP can be asked, over one set of books and documents. */
export function sandboxPorts(books: Books, documents: SandboxDocuments): ErpPorts {
  const { suppliers, items, orders, receipts, projects, requisitions, invoices } = documents;
  const rules = new ApprovalRules(documents.levels);
  const stock = new Stock(documents.places);
  const fixedAssets = new SandboxFixedAssets(books, documents.assets);
  return {
    structure: new SandboxLedgerStructure(books, (tx, period) => fixedAssets.depreciate(tx, period)),
    journal: new SandboxJournal(books, documents),
    suppliers: new SandboxSuppliers(suppliers),
    items: new SandboxItems(items),
    budgets: new SandboxBudgets(books, documents.budgets),
    projects: new SandboxProjects(books, projects),
    requisitions: new SandboxRequisitions(books, requisitions, { suppliers, items }, rules),
    purchaseOrders: new SandboxPurchaseOrders(books, orders, { suppliers, items, projects, requisitions }, rules),
    approvals: new SandboxApprovals(documents.levels),
    goodsReceipts: new SandboxGoodsReceipts(books, receipts, orders, items, stock),
    reservations: new SandboxReservations(documents.reservations, stock),
    valuation: stock,
    supplierInvoices: new SandboxSupplierInvoices(books, invoices, orders, suppliers, items),
    costAllocations: new SandboxCostAllocations(books, documents.allocations),
    intercompany: new SandboxIntercompany(books, documents.transactions),
    fixedAssets,
  };
}
