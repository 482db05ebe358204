import { Module } from '@nestjs/common';
import { CLOCK, configure, DATABASE, sandboxFaultsController, type Clock } from '@concord/api';
import type { Database } from '@concord/database';
import { FaultInjection } from '@concord/resilience';
import { SupplyChainConnector } from './connector.js';
import { SandboxConnector } from './connectors/sandbox/sandbox.connector.js';
import { ContractPricesController } from './contract-prices.controller.js';
import { ItemsController } from './items.controller.js';
import { StockAdjustmentsController } from './stock-adjustments.controller.js';
import { StockLevelsController } from './stock-levels.controller.js';
import { SupplyChainConfig } from './supply-chain.config.js';

const CONNECTORS = { sandbox: SandboxConnector };

const connector = {
  provide: SupplyChainConnector,
  inject: [DATABASE, CLOCK, FaultInjection],
  useFactory: (database: Database, clock: Clock, faults: FaultInjection): SupplyChainConnector =>
    new CONNECTORS[configure(SupplyChainConfig).connector](database, clock, faults),
};

@Module({
  controllers: [
    ItemsController,
    StockLevelsController,
    ContractPricesController,
    StockAdjustmentsController,
    sandboxFaultsController('supply-chain'),
  ],
  providers: [FaultInjection, connector],
})
export class SupplyChainModule {}
