import { Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { pageOf, PayResult, type Page } from '@concord/canonical';
import { HcmConnector } from '../connector.js';
import { PayResultQuery } from '../queries.js';

export const PayResultPage = pageOf(PayResult);

@Resource('pay-results')
export class PayResultsController {
  constructor(private readonly hcm: HcmConnector) {}

  @Endpoint('GET :id', { scope: 'hcm/pay-result.read', summary: 'Read a pay result', answer: PayResult })
  readPayResult(@Param('id') id: string): Promise<PayResult> {
    return this.hcm.payResults.read(id);
  }

  @Endpoint('GET', {
    scope: 'hcm/pay-result.read',
    summary: 'List pay results by worker and period',
    answer: PayResultPage,
  })
  listPayResults(@Query() query: PayResultQuery): Promise<Page<PayResult>> {
    return this.hcm.payResults.list(query);
  }
}
