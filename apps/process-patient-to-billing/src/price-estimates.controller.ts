import { Query } from '@nestjs/common';
import { PriceEstimate, PriceQuestion } from '@concord/canonical';
import { Endpoint, Resource } from '@concord/api';
import { Billing } from './billing.js';

@Resource('price-estimates')
export class PriceEstimatesController {
  constructor(private readonly billing: Billing) {}

  @Endpoint('GET', {
    scope: 'patient-to-billing/price-estimate.read',
    summary: 'Estimate the charge of a service and what the payer is expected to pay',
    answer: PriceEstimate,
  })
  estimatePrice(@Query() question: PriceQuestion): Promise<PriceEstimate> {
    return this.billing.estimate(question);
  }
}
