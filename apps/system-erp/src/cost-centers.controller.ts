import { Inject, Param, Query } from '@nestjs/common';
import { CLOCK, Endpoint, Resource, type Clock } from '@concord/api';
import { CostCenter, CostCenterGroup, CostCenterValidation, pageOf, type Page } from '@concord/canonical';
import { validateCostCenter } from './cost-center-validation.js';
import { LedgerStructure } from './ports/ledger-structure.port.js';
import { CostCenterGroupQuery, CostCenterQuery, CostCenterValidationQuery } from './queries.js';

export const CostCenterPage = pageOf(CostCenter);
export const CostCenterGroupPage = pageOf(CostCenterGroup);

@Resource('cost-centers')
export class CostCentersController {
  constructor(
    private readonly structure: LedgerStructure,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Endpoint('GET', {
    scope: 'erp/cost-center.read',
    summary: 'List cost centers by facility, service line and legal entity',
    answer: CostCenterPage,
  })
  listCostCenters(@Query() query: CostCenterQuery): Promise<Page<CostCenter>> {
    return this.structure.listCostCenters(query);
  }

  @Endpoint('GET hierarchy', {
    scope: 'erp/cost-center.read',
    summary: 'List the hierarchy of cost centers',
    answer: CostCenterGroupPage,
  })
  listCostCenterGroups(@Query() query: CostCenterGroupQuery): Promise<Page<CostCenterGroup>> {
    return this.structure.listCostCenterGroups(query);
  }

  @Endpoint('GET :id', { scope: 'erp/cost-center.read', summary: 'Read a cost center', answer: CostCenter })
  readCostCenter(@Param('id') id: string): Promise<CostCenter> {
    return this.structure.readCostCenter(id);
  }

  @Endpoint('GET :id/validation', {
    scope: 'erp/cost-center.read',
    summary: 'Ask whether a cost center takes a posting on a day',
    answer: CostCenterValidation,
  })
  validateCostCenter(
    @Param('id') id: string,
    @Query() { date = this.clock().toISOString().slice(0, 10) }: CostCenterValidationQuery,
  ): Promise<CostCenterValidation> {
    return validateCostCenter(this.structure, id, date);
  }
}
