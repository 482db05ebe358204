import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { PriceEstimate, PriceQuestion } from '@concord/canonical';
import { PatientToBillingApi } from '@concord/sdk-process';

@Resource('price-estimates')
export class PriceEstimatesController {
  constructor(private readonly process: PatientToBillingApi) {}

  @Endpoint('GET', {
    scope: 'clinic/price-estimate.read',
    summary: 'Estimate the charge of a service and what the payer is expected to pay',
    answer: PriceEstimate,
  })
  async estimatePrice(@Query() question: PriceQuestion): Promise<PriceEstimate> {
    return this.process.estimatePrice({ ...question });
  }
}
