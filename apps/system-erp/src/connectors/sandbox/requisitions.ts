import { mergePatch, Problem, Requisition, times, total } from '@concord/canonical';
import type { ErpItem, NewApproval, NewRequisition, Page, RequisitionChange, Supplier } from '@concord/canonical';
import type { Database } from '@concord/database';
import { Requisitions, type RequisitionStep } from '../../ports/purchasing.port.js';
import type { RequisitionQuery } from '../../queries.js';
import type { ApprovalRules } from './approvals.js';
import type { Books } from './books.js';
import type { Documents } from './documents.store.js';
import { checkItem, named } from './named.js';
import { checkLines } from '../purchasing-rules.js';
import { after, REQUISITION_STEPS } from '../steps.js';

const ANY = '*';

export class SandboxRequisitions extends Requisitions {
  constructor(
    private readonly books: Books,
    private readonly requisitions: Documents<Requisition>,
    private readonly master: { readonly suppliers: Documents<Supplier>; readonly items: Documents<ErpItem> },
    private readonly approvals: ApprovalRules,
  ) {
    super();
  }

  override createRequisition(businessKey: string, requisition: NewRequisition): Promise<Requisition> {
    return this.requisitions.once(businessKey, async (tx) => ({
      ...requisition,
      status: 'draft',
      ...(await this.checked(requisition, tx)),
    }));
  }

  override readRequisition(id: string): Promise<Requisition> {
    return this.requisitions.read(id);
  }

  override listRequisitions(query: RequisitionQuery): Promise<Page<Requisition>> {
    const { status, requester, legal_entity: legalEntity } = query;
    return this.requisitions.list(query, { status, requester, legalEntity });
  }

  override changeRequisition(id: string, expected: string, change: RequisitionChange): Promise<Requisition> {
    return this.requisitions.change(id, expected, async (current, tx) => {
      const { status } = current;
      if (status !== 'draft') throw new Problem('conflict', 'Only a draft changes', { context: { status } });
      const changed = mergePatch<Requisition>(current, change, Requisition);
      return { ...changed, ...(await this.checked(changed, tx)) };
    });
  }

  override stepRequisition(id: string, step: RequisitionStep, approval?: NewApproval): Promise<Requisition> {
    return this.requisitions.change(id, ANY, async (current) => {
      const status = after(current.status, step, REQUISITION_STEPS[step]);
      if (!status) return current;
      if (step === 'approve' && approval) await this.approvals.check(approval, current.lines, current.total);
      return { ...current, status };
    });
  }

  private async checked({ legalEntity, supplier, lines }: NewRequisition, tx: Database) {
    checkLines(legalEntity, lines, this.books.structure);
    if (supplier) await named('supplier', this.master.suppliers, supplier, tx);
    for (const line of lines) await checkItem(line, this.master.items, tx);
    const amounts = lines.map(({ unitPrice, quantity }) => times(unitPrice, quantity));
    return { total: total(amounts, this.books.currencyOf(legalEntity)) };
  }
}
