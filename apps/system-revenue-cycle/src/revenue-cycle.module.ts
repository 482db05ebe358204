import { Module } from '@nestjs/common';
import { CLOCK, configure, DATABASE, sandboxFaultsController, type Clock } from '@concord/api';
import type { Database } from '@concord/database';
import { FaultInjection } from '@concord/resilience';
import { ChargeItemsController } from './charge-items.controller.js';
import { ClaimsController } from './claims.controller.js';
import { RevenueCycleConnector } from './connector.js';
import { SandboxConnector } from './connectors/sandbox/sandbox.connector.js';
import { PayersController } from './payers.controller.js';
import { RevenueCycleConfig } from './revenue-cycle.config.js';

const CONNECTORS = { sandbox: SandboxConnector };

const connector = {
  provide: RevenueCycleConnector,
  inject: [DATABASE, CLOCK, FaultInjection],
  useFactory: (database: Database, clock: Clock, faults: FaultInjection): RevenueCycleConnector =>
    new CONNECTORS[configure(RevenueCycleConfig).connector](database, clock, faults),
};

@Module({
  controllers: [ChargeItemsController, PayersController, ClaimsController, sandboxFaultsController('revenue-cycle')],
  providers: [FaultInjection, connector],
})
export class RevenueCycleModule {}
