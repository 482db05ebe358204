import { Param, Query } from '@nestjs/common';
import { Caller, Endpoint, Resource } from '@concord/api';
import type { Principal } from '@concord/policy';
import { BillingStatus, BillingStatusPage, BillingStatusQuery } from './billing-status.dto.js';
import { BillingStatusRows } from './billing-status.rows.js';

@Resource('encounters')
export class BillingStatusController {
  constructor(private readonly rows: BillingStatusRows) {}

  @Endpoint('GET :encounterId/billing-status', {
    scope: 'clinic/encounter.read',
    summary: 'Read where an encounter stands on its way to the books',
    answer: BillingStatus,
  })
  readBillingStatus(@Param('encounterId') encounterId: string, @Caller() caller: Principal): Promise<BillingStatus> {
    return this.rows.read(encounterId, caller);
  }

  @Endpoint('GET', {
    scope: 'clinic/encounter.read',
    summary: 'List encounters by where they stand, those that moved last first',
    answer: BillingStatusPage,
    facilityParam: 'facility',
  })
  listBillingStatus(@Query() query: BillingStatusQuery): Promise<BillingStatusPage> {
    return this.rows.list(query);
  }
}
