import { Module } from '@nestjs/common';
import { clientOf, Transports } from '@concord/api';
import { PatientToBillingApi } from '@concord/sdk-process';
import { EncountersController } from './encounters/encounters.controller.js';
import { EncountersProjection } from './encounters/encounters.projection.js';
import { FinancedEncounters } from './encounters/financed-encounters.js';
import { FinancialsController } from './financials/financials.controller.js';
import { FinancialsPage } from './financials/financials.page.js';
import { LiveController } from './live/live.controller.js';
import { LiveEncounters } from './live/live-encounters.js';
import { ProfitabilityController } from './profitability/profitability.controller.js';
import { ProfitabilityReport } from './profitability/profitability.report.js';

const CLIENT = clientOf({ layer: 'experience', name: 'finance' });

const processApi = {
  provide: PatientToBillingApi,
  inject: [Transports],
  useFactory: (transports: Transports) => new PatientToBillingApi(transports.to('process/patient-to-billing', CLIENT)),
};

@Module({
  controllers: [FinancialsController, EncountersController, ProfitabilityController, LiveController],
  providers: [
    processApi,
    EncountersProjection,
    FinancedEncounters,
    FinancialsPage,
    ProfitabilityReport,
    LiveEncounters,
  ],
})
export class FinanceModule {}
