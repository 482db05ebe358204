import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { Profitability, ProfitabilityQuery } from './profitability.dto.js';
import { ProfitabilityReport } from './profitability.report.js';

@Resource('profitability')
export class ProfitabilityController {
  constructor(private readonly report: ProfitabilityReport) {}

  @Endpoint('GET', {
    scope: 'finance/profitability.read',
    summary: 'Show what encounters earned and cost by facility, service line or region',
    answer: Profitability,
    legalEntityParam: 'legal_entity',
  })
  readProfitability(@Query() query: ProfitabilityQuery): Promise<Profitability> {
    return this.report.read(query);
  }
}
