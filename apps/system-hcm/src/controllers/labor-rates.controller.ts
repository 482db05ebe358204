import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { LaborRate, pageOf, type Page } from '@concord/canonical';
import { HcmConnector } from '../connector.js';
import { LaborRateQuery } from '../queries.js';

export const LaborRatePage = pageOf(LaborRate);

@Resource('labor-rates')
export class LaborRatesController {
  constructor(private readonly hcm: HcmConnector) {}

  @Endpoint('GET', {
    scope: 'hcm/labor-rate.read',
    summary: 'List what an hour of each role costs',
    answer: LaborRatePage,
  })
  listLaborRates(@Query() query: LaborRateQuery): Promise<Page<LaborRate>> {
    return this.hcm.labor.listLaborRates(query);
  }
}
