import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { FiscalPeriod, pageOf, type Page } from '@concord/canonical';
import { LedgerStructure } from './ports/ledger-structure.port.js';
import { FiscalPeriodQuery } from './queries.js';

export const FiscalPeriodPage = pageOf(FiscalPeriod);

@Resource('fiscal-periods')
export class FiscalPeriodsController {
  constructor(private readonly structure: LedgerStructure) {}

  @Endpoint('GET', {
    scope: 'erp/fiscal-period.read',
    summary: 'List fiscal periods, and whether they take postings',
    answer: FiscalPeriodPage,
  })
  listFiscalPeriods(@Query() query: FiscalPeriodQuery): Promise<Page<FiscalPeriod>> {
    return this.structure.listFiscalPeriods(query);
  }
}
