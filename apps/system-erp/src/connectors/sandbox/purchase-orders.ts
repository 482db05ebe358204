import { mergePatch, NewPurchaseOrder, Problem, times, total } from '@concord/canonical';
import type {
  ErpItem,
  NewApproval,
  Page,
  PurchaseOrder,
  PurchaseOrderChange,
  Requisition,
  Supplier,
} from '@concord/canonical';
import type { Database } from '@concord/database';
import { PurchaseOrders, type PurchaseOrderStep } from '../../ports/purchasing.port.js';
import type { PurchaseOrderQuery } from '../../queries.js';
import type { ApprovalRules } from './approvals.js';
import type { KeptProject } from './budgets.js';
import type { Books } from './books.js';
import type { Documents } from './documents.store.js';
import { checkItem, named } from './named.js';
import { checkLines } from '../purchasing-rules.js';
import { after, PURCHASE_ORDER_STEPS } from '../steps.js';

const ANY = '*';

/** What an order names. */
interface MasterData {
  readonly suppliers: Documents<Supplier>;
  readonly items: Documents<ErpItem>;
  readonly projects: Documents<KeptProject>;
  readonly requisitions: Documents<Requisition>;
}

export class SandboxPurchaseOrders extends PurchaseOrders {
  constructor(
    private readonly books: Books,
    private readonly orders: Documents<PurchaseOrder>,
    private readonly master: MasterData,
    private readonly approvals: ApprovalRules,
  ) {
    super();
  }

  override createPurchaseOrder(businessKey: string, order: NewPurchaseOrder): Promise<PurchaseOrder> {
    return this.orders.once(businessKey, (tx) => this.drafted(order, tx));
  }

  override readPurchaseOrder(id: string): Promise<PurchaseOrder> {
    return this.orders.read(id);
  }

  override listPurchaseOrders(query: PurchaseOrderQuery): Promise<Page<PurchaseOrder>> {
    const { status, supplier, legal_entity: legalEntity } = query;
    return this.orders.list(query, { status, supplier, legalEntity });
  }

  override changePurchaseOrder(id: string, expected: string, change: PurchaseOrderChange): Promise<PurchaseOrder> {
    return this.orders.change(id, expected, async (current, tx) => {
      const { status } = current;
      if (status !== 'draft') throw new Problem('conflict', 'Only a draft changes', { context: { status } });
      const changed = mergePatch<NewPurchaseOrder>(current, change, NewPurchaseOrder);
      return { ...current, ...(await this.drafted(changed, tx)) };
    });
  }

  override stepPurchaseOrder(id: string, step: PurchaseOrderStep, approval?: NewApproval): Promise<PurchaseOrder> {
    return this.orders.change(id, ANY, async (order, tx) => {
      const status = after(order.status, step, PURCHASE_ORDER_STEPS[step]);
      if (!status) return order;
      if (step === 'approve' && approval) await this.approvals.check(approval, order.lines, order.total);
      if (step === 'submit' && order.requisition) await this.ordered(order.requisition, id, tx);
      return { ...order, status, approvedBy: step === 'approve' ? approval?.approver : order.approvedBy };
    });
  }

  private async drafted(order: NewPurchaseOrder, tx: Database) {
    const { legalEntity } = order;
    checkLines(legalEntity, order.lines, this.books.structure);
    await this.checkSupplier(order.supplier, tx);
    for (const line of order.lines) {
      if (line.project) await named('project', this.master.projects, line.project, tx);
      await checkItem(line, this.master.items, tx);
    }
    if (order.requisition) await named('requisition', this.master.requisitions, order.requisition, tx);
    const lines = order.lines.map(({ ...line }, index) => {
      const { item, description, quantity, unit, unitPrice, account, costCenter, project } = line;
      const said = { item, description, quantity, unit, unitPrice, account, costCenter, project };
      return { ...said, line: index + 1, received: '0', invoiced: '0', amount: times(unitPrice, quantity) };
    });
    const amounts = lines.map(({ amount }) => amount);
    const currency = this.books.currencyOf(legalEntity);
    return { ...order, lines, status: 'draft' as const, total: total(amounts, currency) };
  }

  private async checkSupplier(supplier: string, tx: Database): Promise<void> {
    const { active, blocked } = await named('supplier', this.master.suppliers, supplier, tx);
    if (active && !blocked) return;
    throw new Problem('conflict', 'Nothing is bought from this supplier', { context: { supplier } });
  }

  private async ordered(requisition: string, purchaseOrder: string, tx: Database): Promise<void> {
    await this.master.requisitions.change(requisition, ANY, (one) => become(one, purchaseOrder), tx);
  }
}

/** Nothing is ordered that was not approved. */
function become(requisition: Requisition, purchaseOrder: string): Requisition {
  const { status } = requisition;
  if (status === 'approved') return { ...requisition, status: 'ordered', purchaseOrder };
  throw new Problem('conflict', 'The requisition behind the order is not approved', { context: { status } });
}
