import { Module } from '@nestjs/common';
import { CLOCK, configure, DATABASE, sandboxFaultsController, type Clock } from '@concord/api';
import type { Database } from '@concord/database';
import { EventLog } from '@concord/events';
import { FaultInjection } from '@concord/resilience';
import { bulk } from './bulk.js';
import { portOf, PORTS, SupplyChainConnector, type Capability } from './connector.js';
import { CONNECTORS } from './connectors/connectors.js';
import { ContractPricesController } from './contract-prices.controller.js';
import { ItemsController } from './items.controller.js';
import { StockAdjustmentsController } from './stock-adjustments.controller.js';
import { StockLevelsController } from './stock-levels.controller.js';
import { BackordersController } from './backorders.controller.js';
import { CatalogueChangesController } from './catalogue-changes.controller.js';
import { ContractsController } from './contracts.controller.js';
import { OrderConfirmationsController } from './order-confirmations.controller.js';
import { OrdersController } from './orders.controller.js';
import { ParLevelsController } from './par-levels.controller.js';
import { ReceivedInvoicesController } from './received-invoices.controller.js';
import { ReplenishmentNeedsController } from './replenishment-needs.controller.js';
import { RequisitionsController } from './requisitions.controller.js';
import { ShipmentNoticesController } from './shipment-notices.controller.js';
import { ShipmentReceiptsController } from './shipment-receipts.controller.js';
import { StockLotsController } from './stock-lots.controller.js';
import { StockTransfersController } from './stock-transfers.controller.js';
import { SupplierItemsController } from './supplier-items.controller.js';
import { SupplierStockController } from './supplier-stock.controller.js';
import { UsageController } from './usage.controller.js';
import { SupplyChainConfig } from './supply-chain.config.js';

const connector = {
  provide: SupplyChainConnector,
  inject: [DATABASE, CLOCK, FaultInjection, EventLog],
  useFactory: (database: Database, clock: Clock, faults: FaultInjection, events: EventLog): SupplyChainConnector =>
    CONNECTORS[configure(SupplyChainConfig).connector]({ database, clock, faults, events }),
};

/** Every port is injected by its own class; one that the connector lacks refuses. */
const ports = (Object.keys(PORTS) as Capability[]).map((capability) => ({
  provide: PORTS[capability],
  inject: [SupplyChainConnector],
  useFactory: (supplyChain: SupplyChainConnector) => portOf(supplyChain, capability),
}));

@Module({
  controllers: [
    ItemsController,
    StockLevelsController,
    ContractPricesController,
    StockAdjustmentsController,
    BackordersController,
    CatalogueChangesController,
    ContractsController,
    OrderConfirmationsController,
    OrdersController,
    ParLevelsController,
    ReceivedInvoicesController,
    ReplenishmentNeedsController,
    RequisitionsController,
    ShipmentNoticesController,
    ShipmentReceiptsController,
    StockLotsController,
    StockTransfersController,
    SupplierItemsController,
    SupplierStockController,
    UsageController,
    ...bulk,
    sandboxFaultsController('supply-chain'),
  ],
  providers: [FaultInjection, connector, ...ports],
})
export class SupplyChainModule {}
