import { mergePatch, NewPurchaseOrder, Problem, refuseStale, times, total } from '@concord/canonical';
import type { NewApproval, Page, PurchaseOrder, PurchaseOrderChange } from '@concord/canonical';
import { PurchaseOrders, type PurchaseOrderStep } from '../../ports/purchasing.port.js';
import type { PurchaseOrderQuery } from '../../queries.js';
import { checkLines, unknown } from '../purchasing-rules.js';
import { after, PURCHASE_ORDER_STEPS } from '../steps.js';
import { changeAsItStands } from './as-it-stands.js';
import { revisionOf } from './odata.values.js';
import { fromOrderLine, toPurchaseOrder } from './purchasing.mapping.js';
import { pageOfRecords } from './odata.page.js';
import type { Condition, ODataRecords } from './odata.records.js';
import type { ODataLedgerStructure } from './odata.structure.js';
import { referenceOf, type MadeOnce } from './made-once.js';
import type { EntityName } from './profile.js';

export class ODataPurchaseOrders extends PurchaseOrders {
  constructor(
    private readonly records: ODataRecords,
    private readonly structure: ODataLedgerStructure,
    private readonly madeOnce: MadeOnce,
  ) {
    super();
  }

  override async createPurchaseOrder(key: string, order: NewPurchaseOrder): Promise<PurchaseOrder> {
    const businessKey = referenceOf('purchase order', key);
    const make = async () => {
      const values = { ...(await this.valuesOf(order)), status: 'draft', businessKey };
      const lines = order.lines.map(fromOrderLine).map((line) => ({ ...line, received: '0', invoiced: '0' }));
      return this.records.create('purchaseOrders', values, lines);
    };
    return toPurchaseOrder(await this.madeOnce.record(this.records, 'purchaseOrders', businessKey, make));
  }

  override async readPurchaseOrder(id: string): Promise<PurchaseOrder> {
    return toPurchaseOrder(await this.records.read('purchaseOrders', id));
  }

  override listPurchaseOrders(query: PurchaseOrderQuery): Promise<Page<PurchaseOrder>> {
    const { status, supplier, legal_entity } = query;
    const where: Condition[] = [
      ['status', 'eq', status],
      ['supplier', 'eq', supplier],
      ['legalEntity', 'eq', legal_entity],
    ];
    return pageOfRecords(this.records, 'purchaseOrders', query, where, toPurchaseOrder);
  }

  override async changePurchaseOrder(
    id: string,
    expected: string,
    change: PurchaseOrderChange,
  ): Promise<PurchaseOrder> {
    const record = await this.records.read('purchaseOrders', id);
    refuseStale(expected, revisionOf(record.etag));
    const current = toPurchaseOrder(record);
    const { status } = current;
    if (status !== 'draft') throw new Problem('conflict', 'Only a draft changes', { context: { status } });
    const changed = mergePatch<NewPurchaseOrder>(current, change, NewPurchaseOrder);
    const lines = changed.lines.map(fromOrderLine).map((line) => ({ ...line, received: '0', invoiced: '0' }));
    return toPurchaseOrder(
      await this.records.change('purchaseOrders', id, record.etag, await this.valuesOf(changed), lines),
    );
  }

  override async stepPurchaseOrder(
    id: string,
    step: PurchaseOrderStep,
    approval?: NewApproval,
  ): Promise<PurchaseOrder> {
    return toPurchaseOrder(
      await changeAsItStands(this.records, 'purchaseOrders', id, (record) => {
        const status = after(toPurchaseOrder(record).status, step, PURCHASE_ORDER_STEPS[step]);
        return status && { status, approvedBy: step === 'approve' ? approval?.approver : undefined };
      }),
    );
  }

  private async valuesOf(order: NewPurchaseOrder) {
    const { legalEntity, supplier, requisition, deliverTo, neededOn, lines } = order;
    await this.structure.check((known) => checkLines(legalEntity, lines, known));
    await this.checkSupplier(supplier);
    await this.checkNamed('items', 'item', lines);
    await this.checkNamed('projects', 'project', lines);
    const { amount, currency } = total(lines.map(({ unitPrice, quantity }) => times(unitPrice, quantity)));
    return { legalEntity, supplier, requisition, deliverTo, neededOn, currency, total: amount };
  }

  /** What the profile has no words for, such as projects, the ERP itself knows or refuses. */
  private async checkNamed(
    name: EntityName,
    field: 'item' | 'project',
    lines: NewPurchaseOrder['lines'],
  ): Promise<void> {
    if (!this.records.knows(name)) return;
    for (const code of new Set(lines.flatMap((line) => line[field] ?? []))) {
      const known = await this.records.find(name, [['id', 'eq', code]]);
      if (!known) throw unknown(`There is no such ${field}`, { [field]: code });
    }
  }

  private async checkSupplier(supplier: string): Promise<void> {
    const known = await this.records.find('suppliers', [['id', 'eq', supplier]]);
    if (!known) throw unknown('There is no such supplier', { supplier });
    const { active, blocked } = known.values;
    if (active === true && blocked !== true) return;
    throw new Problem('conflict', 'Nothing is bought from this supplier', { context: { supplier } });
  }
}
