import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, IfMatch, Resource } from '@concord/api';
import {
  NewSupplyRequisition,
  pageOf,
  SupplyRequisition,
  SupplyRequisitionChange,
  type Page,
} from '@concord/canonical';
import { SupplyRequisitions } from './ports/ordering.port.js';
import { SupplyRequisitionQuery } from './queries.js';

export const SupplyRequisitionPage = pageOf(SupplyRequisition);

@Resource('requisitions')
export class RequisitionsController {
  constructor(private readonly supplyRequisitions: SupplyRequisitions) {}

  @Endpoint('POST', {
    scope: 'supply-chain/requisition.write',
    summary: 'Ask for items',
    status: 201,
    answer: SupplyRequisition,
    location: 'requisitions',
  })
  createRequisition(@BusinessKey() key: string, @Body() requisition: NewSupplyRequisition): Promise<SupplyRequisition> {
    return this.supplyRequisitions.createRequisition(key, requisition);
  }

  @Endpoint('GET', {
    scope: 'supply-chain/requisition.read',
    summary: 'List what locations ask for',
    answer: SupplyRequisitionPage,
  })
  listRequisitions(@Query() query: SupplyRequisitionQuery): Promise<Page<SupplyRequisition>> {
    return this.supplyRequisitions.listRequisitions(query);
  }

  @Endpoint('GET :id', {
    scope: 'supply-chain/requisition.read',
    summary: 'Read a requisition',
    answer: SupplyRequisition,
  })
  readRequisition(@Param('id') id: string): Promise<SupplyRequisition> {
    return this.supplyRequisitions.readRequisition(id);
  }

  @Endpoint('PATCH :id', {
    scope: 'supply-chain/requisition.write',
    summary: 'Change an open requisition',
    answer: SupplyRequisition,
  })
  changeRequisition(
    @Param('id') id: string,
    @IfMatch() expected: string,
    @Body() change: SupplyRequisitionChange,
  ): Promise<SupplyRequisition> {
    return this.supplyRequisitions.changeRequisition(id, expected, change);
  }

  @Endpoint('POST :id/cancellation', {
    scope: 'supply-chain/requisition.write',
    summary: 'Cancel a requisition that is not ordered yet',
    answer: SupplyRequisition,
  })
  cancelRequisition(@Param('id') id: string): Promise<SupplyRequisition> {
    return this.supplyRequisitions.cancelRequisition(id);
  }
}
