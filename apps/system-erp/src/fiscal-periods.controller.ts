import { Body, Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { FiscalPeriod, NewPeriodStatus, type Page, pageOf } from '@concord/canonical';
import { LedgerStructure } from './ports/ledger-structure.port.js';
import { FiscalPeriodQuery } from './queries.js';

export const FiscalPeriodPage = pageOf(FiscalPeriod);

@Resource('fiscal-periods')
export class FiscalPeriodsController {
  constructor(private readonly structure: LedgerStructure) {}

  @Endpoint('GET :id', { scope: 'erp/fiscal-period.read', summary: 'Read a fiscal period', answer: FiscalPeriod })
  readFiscalPeriod(@Param('id') id: string): Promise<FiscalPeriod> {
    return this.structure.readFiscalPeriod(id);
  }

  @Endpoint('GET', {
    scope: 'erp/fiscal-period.read',
    summary: 'List fiscal periods, and whether they take postings',
    answer: FiscalPeriodPage,
  })
  listFiscalPeriods(@Query() query: FiscalPeriodQuery): Promise<Page<FiscalPeriod>> {
    return this.structure.listFiscalPeriods(query);
  }

  @Endpoint('POST :id/closure', {
    scope: 'erp/fiscal-period-status.write',
    summary: 'Close a fiscal period: it takes no more postings',
    answer: FiscalPeriod,
  })
  closeFiscalPeriod(@Param('id') id: string, @Body() why: NewPeriodStatus): Promise<FiscalPeriod> {
    return this.structure.setFiscalPeriodStatus(id, 'closed', why);
  }

  @Endpoint('POST :id/opening', {
    scope: 'erp/fiscal-period-status.write',
    summary: 'Open a fiscal period again',
    answer: FiscalPeriod,
  })
  openFiscalPeriod(@Param('id') id: string, @Body() why: NewPeriodStatus): Promise<FiscalPeriod> {
    return this.structure.setFiscalPeriodStatus(id, 'open', why);
  }
}
