import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, IfMatch, Resource } from '@concord/api';
import { NewApproval, NewRequisition, type Page, Requisition, RequisitionChange, pageOf } from '@concord/canonical';
import { Requisitions } from './ports/purchasing.port.js';
import { RequisitionQuery } from './queries.js';

export const RequisitionPage = pageOf(Requisition);

@Resource('requisitions')
export class RequisitionsController {
  constructor(private readonly requisitions: Requisitions) {}

  @Endpoint('POST', {
    scope: 'erp/requisition.write',
    summary: 'Draft a requisition',
    status: 201,
    location: 'requisitions',
    answer: Requisition,
  })
  createRequisition(@BusinessKey() key: string, @Body() requisition: NewRequisition): Promise<Requisition> {
    return this.requisitions.createRequisition(key, requisition);
  }

  @Endpoint('GET :id', { scope: 'erp/requisition.read', summary: 'Read a requisition', answer: Requisition })
  readRequisition(@Param('id') id: string): Promise<Requisition> {
    return this.requisitions.readRequisition(id);
  }

  @Endpoint('GET', {
    scope: 'erp/requisition.read',
    summary: 'List requisitions by status, requester and time of change',
    answer: RequisitionPage,
  })
  listRequisitions(@Query() query: RequisitionQuery): Promise<Page<Requisition>> {
    return this.requisitions.listRequisitions(query);
  }

  @Endpoint('PATCH :id', {
    scope: 'erp/requisition.write',
    summary: 'Change a requisition that is still a draft',
    answer: Requisition,
  })
  changeRequisition(
    @IfMatch() revision: string,
    @BusinessKey() key: string,
    @Param('id') id: string,
    @Body() change: RequisitionChange,
  ): Promise<Requisition> {
    return this.requisitions.changeRequisition(id, revision, change, key);
  }

  @Endpoint('POST :id/submission', {
    scope: 'erp/requisition.write',
    summary: 'Submit a requisition for approval',
    answer: Requisition,
  })
  submitRequisition(@Param('id') id: string): Promise<Requisition> {
    return this.requisitions.stepRequisition(id, 'submit');
  }

  @Endpoint('POST :id/approval', {
    scope: 'erp/requisition-approval.write',
    summary: 'Approve a requisition',
    answer: Requisition,
  })
  approveRequisition(@Param('id') id: string, @Body() approval: NewApproval): Promise<Requisition> {
    return this.requisitions.stepRequisition(id, 'approve', approval);
  }

  @Endpoint('POST :id/rejection', {
    scope: 'erp/requisition-approval.write',
    summary: 'Reject a requisition',
    answer: Requisition,
  })
  rejectRequisition(@Param('id') id: string, @Body() approval: NewApproval): Promise<Requisition> {
    return this.requisitions.stepRequisition(id, 'reject', approval);
  }

  @Endpoint('POST :id/cancellation', {
    scope: 'erp/requisition.write',
    summary: 'Cancel a requisition',
    answer: Requisition,
  })
  cancelRequisition(@Param('id') id: string): Promise<Requisition> {
    return this.requisitions.stepRequisition(id, 'cancel');
  }
}
