import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { ApprovalLevel, type Page, pageOf } from '@concord/canonical';
import { Approvals } from './ports/purchasing.port.js';
import { ApprovalLevelQuery } from './queries.js';

export const ApprovalLevelPage = pageOf(ApprovalLevel);

@Resource('approval-levels')
export class ApprovalLevelsController {
  constructor(private readonly approvals: Approvals) {}

  @Endpoint('GET', {
    scope: 'erp/approval-level.read',
    summary: 'List who approves for a cost center, or who has to approve an amount',
    answer: ApprovalLevelPage,
  })
  listApprovalLevels(@Query() query: ApprovalLevelQuery): Promise<Page<ApprovalLevel>> {
    return this.approvals.listApprovalLevels(query);
  }
}
