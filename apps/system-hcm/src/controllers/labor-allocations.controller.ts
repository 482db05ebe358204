import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, Resource } from '@concord/api';
import { LaborAllocation, NewLaborAllocation, NewReversal, pageOf, type Page } from '@concord/canonical';
import { HcmConnector } from '../connector.js';
import { LaborAllocationQuery } from '../queries.js';

export const LaborAllocationPage = pageOf(LaborAllocation);

@Resource('labor-allocations')
export class LaborAllocationsController {
  constructor(private readonly hcm: HcmConnector) {}

  @Endpoint('POST', {
    scope: 'hcm/labor-allocation.write',
    summary: 'Book hours of clinicians on service lines',
    status: 201,
    answer: LaborAllocation,
  })
  createLaborAllocation(@BusinessKey() key: string, @Body() allocation: NewLaborAllocation): Promise<LaborAllocation> {
    return this.hcm.labor.createLaborAllocation(key, allocation);
  }

  @Endpoint('GET :id', {
    scope: 'hcm/labor-allocation.read',
    summary: 'Read a labor allocation',
    answer: LaborAllocation,
  })
  readLaborAllocation(@Param('id') id: string): Promise<LaborAllocation> {
    return this.hcm.labor.readLaborAllocation(id);
  }

  @Endpoint('GET', {
    scope: 'hcm/labor-allocation.read',
    summary: 'List labor allocations by the document behind them',
    answer: LaborAllocationPage,
  })
  listLaborAllocations(@Query() query: LaborAllocationQuery): Promise<Page<LaborAllocation>> {
    return this.hcm.labor.listLaborAllocations(query);
  }

  @Endpoint('POST :id/reversal', {
    scope: 'hcm/labor-allocation.write',
    summary: 'Reverse a labor allocation',
    status: 201,
    answer: LaborAllocation,
  })
  reverseLaborAllocation(
    @BusinessKey() key: string,
    @Param('id') id: string,
    @Body() reversal: NewReversal,
  ): Promise<LaborAllocation> {
    return this.hcm.labor.reverseLaborAllocation(key, id, reversal);
  }
}
