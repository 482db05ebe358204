import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { CostCenter, pageOf, type Page } from '@concord/canonical';
import { LedgerStructure } from './ports/ledger-structure.port.js';
import { CostCenterQuery } from './queries.js';

export const CostCenterPage = pageOf(CostCenter);

@Resource('cost-centers')
export class CostCentersController {
  constructor(private readonly structure: LedgerStructure) {}

  @Endpoint('GET', {
    scope: 'erp/cost-center.read',
    summary: 'List cost centers by facility, service line and legal entity',
    answer: CostCenterPage,
  })
  listCostCenters(@Query() query: CostCenterQuery): Promise<Page<CostCenter>> {
    return this.structure.listCostCenters(query);
  }
}
