import { mergePatch, Problem, refuseStale, Requisition } from '@concord/canonical';
import type { NewApproval, NewRequisition, Page, RequisitionChange } from '@concord/canonical';
import { Requisitions, type RequisitionStep } from '../../ports/purchasing.port.js';
import type { RequisitionQuery } from '../../queries.js';
import { checkLines } from '../purchasing-rules.js';
import { after, REQUISITION_STEPS } from '../steps.js';
import { changeAsItStands } from './as-it-stands.js';
import { referenceOf, type MadeOnce } from './made-once.js';
import { pageOfRecords } from './odata.page.js';
import type { Condition, ODataRecords } from './odata.records.js';
import type { ODataLedgerStructure } from './odata.structure.js';
import { revisionOf } from './odata.values.js';
import { fromRequisition, fromRequisitionLine, toRequisition } from './requisition.mapping.js';

/** The ERP itself adds up what a requisition comes to, says who may approve it, and which order it became. */
export class ODataRequisitions extends Requisitions {
  constructor(
    private readonly records: ODataRecords,
    private readonly structure: ODataLedgerStructure,
    private readonly madeOnce: MadeOnce,
  ) {
    super();
  }

  override async createRequisition(key: string, requisition: NewRequisition): Promise<Requisition> {
    const businessKey = referenceOf('requisition', key);
    const make = async () => {
      await this.check(requisition);
      const values = { ...fromRequisition(requisition), status: 'draft', businessKey };
      return this.records.create('requisitions', values, requisition.lines.map(fromRequisitionLine));
    };
    return toRequisition(await this.madeOnce.record(this.records, 'requisitions', businessKey, make));
  }

  override async readRequisition(id: string): Promise<Requisition> {
    return toRequisition(await this.records.read('requisitions', id));
  }

  override listRequisitions(query: RequisitionQuery): Promise<Page<Requisition>> {
    const { status, requester, legal_entity } = query;
    const where: Condition[] = [
      ['status', 'eq', status],
      ['requester', 'eq', requester],
      ['legalEntity', 'eq', legal_entity],
    ];
    return pageOfRecords(this.records, 'requisitions', query, where, toRequisition);
  }

  override async changeRequisition(id: string, expected: string, change: RequisitionChange): Promise<Requisition> {
    const record = await this.records.read('requisitions', id);
    refuseStale(expected, revisionOf(record.etag));
    const current = toRequisition(record);
    const { status } = current;
    if (status !== 'draft') throw new Problem('conflict', 'Only a draft changes', { context: { status } });
    const changed = mergePatch<Requisition>(current, change, Requisition);
    await this.check(changed);
    const lines = changed.lines.map(fromRequisitionLine);
    return toRequisition(await this.records.change('requisitions', id, record.etag, fromRequisition(changed), lines));
  }

  override async stepRequisition(id: string, step: RequisitionStep, approval?: NewApproval): Promise<Requisition> {
    return toRequisition(
      await changeAsItStands(this.records, 'requisitions', id, (record) => {
        const status = after(toRequisition(record).status, step, REQUISITION_STEPS[step]);
        return status && { status, decidedBy: approval?.approver };
      }),
    );
  }

  private check({ legalEntity, lines }: NewRequisition): Promise<void> {
    return this.structure.check((known) => checkLines(legalEntity, lines, known));
  }
}
