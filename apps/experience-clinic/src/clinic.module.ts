import { Module } from '@nestjs/common';
import { clientOf, Transports } from '@concord/api';
import { PatientToBillingApi } from '@concord/sdk-process';
import { BillingStatusController } from './billing-status/billing-status.controller.js';
import { BillingStatusProjection } from './billing-status/billing-status.projection.js';
import { BillingStatusRows } from './billing-status/billing-status.rows.js';
import { PriceEstimatesController } from './price-estimates/price-estimates.controller.js';

const CLIENT = clientOf({ layer: 'experience', name: 'clinic' });

const processApi = {
  provide: PatientToBillingApi,
  inject: [Transports],
  useFactory: (transports: Transports) => new PatientToBillingApi(transports.to('process/patient-to-billing', CLIENT)),
};

@Module({
  controllers: [BillingStatusController, PriceEstimatesController],
  providers: [processApi, BillingStatusProjection, BillingStatusRows],
})
export class ClinicModule {}
