import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { FiscalPeriod, pageOf, type Page } from '@concord/canonical';
import { ErpConnector } from './connector.js';
import { FiscalPeriodQuery } from './queries.js';

export const FiscalPeriodPage = pageOf(FiscalPeriod);

@Resource('fiscal-periods')
export class FiscalPeriodsController {
  constructor(private readonly erp: ErpConnector) {}

  @Endpoint('GET', {
    scope: 'erp/fiscal-period.read',
    summary: 'List fiscal periods, and whether they take postings',
    answer: FiscalPeriodPage,
  })
  listFiscalPeriods(@Query() query: FiscalPeriodQuery): Promise<Page<FiscalPeriod>> {
    return this.erp.listFiscalPeriods(query);
  }
}
