import { Module } from '@nestjs/common';
import { CLOCK, configure, DATABASE, sandboxFaultsController, type Clock } from '@concord/api';
import type { Database } from '@concord/database';
import { EventLog, Vault } from '@concord/events';
import { FaultInjection } from '@concord/resilience';
import { AccountChargesController } from './account-charges.controller.js';
import {
  AdjustmentBatchesController,
  AdjustmentsController,
  PatientBalancesController,
} from './adjustments.controller.js';
import { bulkControllers } from './bulk.js';
import { ChargeItemsController } from './charge-items.controller.js';
import { ClaimsController } from './claims.controller.js';
import { RevenueCycleConnector } from './connector.js';
import { CONNECTORS } from './connectors/connectors.js';
import { CoveragesController } from './coverages.controller.js';
import { PayerRulesController, PayersController } from './payers.controller.js';
import { ReceivedFilesController } from './received-files.controller.js';
import { DenialsController, RemittancesController, UnmatchedPaymentsController } from './remittances.controller.js';
import { RevenueCycleConfig } from './revenue-cycle.config.js';

const connector = {
  provide: RevenueCycleConnector,
  inject: [DATABASE, Vault, EventLog, CLOCK, FaultInjection],
  useFactory: (
    database: Database,
    vault: Vault,
    events: EventLog,
    clock: Clock,
    faults: FaultInjection,
  ): RevenueCycleConnector =>
    new CONNECTORS[configure(RevenueCycleConfig).connector]({ database, vault, events, clock, faults }),
};

@Module({
  controllers: [
    ChargeItemsController,
    PayersController,
    PayerRulesController,
    CoveragesController,
    AccountChargesController,
    ClaimsController,
    RemittancesController,
    UnmatchedPaymentsController,
    DenialsController,
    AdjustmentsController,
    AdjustmentBatchesController,
    PatientBalancesController,
    ReceivedFilesController,
    ...bulkControllers,
    sandboxFaultsController('revenue-cycle'),
  ],
  providers: [FaultInjection, connector],
})
export class RevenueCycleModule {}
