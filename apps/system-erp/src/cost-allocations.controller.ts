import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, Resource } from '@concord/api';
import { CostAllocation, NewCostAllocation, NewReversal, type Page, pageOf } from '@concord/canonical';
import { CostAllocations } from './ports/controlling.port.js';
import { CostAllocationQuery } from './queries.js';

export const CostAllocationPage = pageOf(CostAllocation);

@Resource('cost-allocations')
export class CostAllocationsController {
  constructor(private readonly allocations: CostAllocations) {}

  @Endpoint('POST', {
    scope: 'erp/cost-allocation.write',
    summary: 'Allocate a cost to other cost centers',
    status: 201,
    location: 'cost-allocations',
    answer: CostAllocation,
  })
  createCostAllocation(@BusinessKey() key: string, @Body() allocation: NewCostAllocation): Promise<CostAllocation> {
    return this.allocations.createCostAllocation(key, allocation);
  }

  @Endpoint('GET :id', { scope: 'erp/cost-allocation.read', summary: 'Read a cost allocation', answer: CostAllocation })
  readCostAllocation(@Param('id') id: string): Promise<CostAllocation> {
    return this.allocations.readCostAllocation(id);
  }

  @Endpoint('GET', {
    scope: 'erp/cost-allocation.read',
    summary: 'List cost allocations by document and legal entity',
    answer: CostAllocationPage,
  })
  listCostAllocations(@Query() query: CostAllocationQuery): Promise<Page<CostAllocation>> {
    return this.allocations.listCostAllocations(query);
  }

  @Endpoint('POST :id/reversal', {
    scope: 'erp/cost-allocation.write',
    summary: 'Reverse a cost allocation',
    answer: CostAllocation,
  })
  reverseCostAllocation(
    @BusinessKey() key: string,
    @Param('id') id: string,
    @Body() reversal: NewReversal,
  ): Promise<CostAllocation> {
    return this.allocations.reverseCostAllocation(key, id, reversal);
  }
}
