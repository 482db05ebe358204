import { Module } from '@nestjs/common';
import { CLOCK, configure, DATABASE, sandboxFaultsController, type Clock } from '@concord/api';
import type { Database } from '@concord/database';
import { FaultInjection } from '@concord/resilience';
import { TrytonConfig } from '@concord/tryton';
import { bulk } from './bulk.js';
import { AccountsController } from './accounts.controller.js';
import { ErpConnector, portOf, PORTS, type Capability } from './connector.js';
import { ODataErpConfig } from './connectors/odata/odata.config.js';
import { ODataConnector } from './connectors/odata/odata.connector.js';
import { SandboxConnector } from './connectors/sandbox/sandbox.connector.js';
import { TrytonConnector } from './connectors/tryton/tryton.connector.js';
import { TrytonErpConfig } from './connectors/tryton/tryton-erp.config.js';
import { CostCentersController } from './cost-centers.controller.js';
import { ApprovalLevelsController } from './approval-levels.controller.js';
import { BudgetsController } from './budgets.controller.js';
import { CostAllocationsController } from './cost-allocations.controller.js';
import { FixedAssetsController } from './fixed-assets.controller.js';
import { GoodsReceiptsController } from './goods-receipts.controller.js';
import { IntercompanyTransactionsController } from './intercompany-transactions.controller.js';
import { InventoryValuationsController } from './inventory-valuations.controller.js';
import { ItemsController } from './items.controller.js';
import { ProjectsController } from './projects.controller.js';
import { PurchaseOrdersController } from './purchase-orders.controller.js';
import { RequisitionsController } from './requisitions.controller.js';
import { ReservationsController } from './reservations.controller.js';
import { SupplierInvoicesController } from './supplier-invoices.controller.js';
import { SuppliersController } from './suppliers.controller.js';
import { ErpConfig } from './erp.config.js';
import { FiscalPeriodsController } from './fiscal-periods.controller.js';
import { JournalEntriesController } from './journal-entries.controller.js';
import { LegalEntitiesController } from './legal-entities.controller.js';

type Make = (database: Database, clock: Clock, faults: FaultInjection) => ErpConnector;

/** Every connector that there is, by the word of CONNECTOR_ERP. */
const CONNECTORS: Record<ErpConfig['connector'], Make> = {
  sandbox: (database, clock, faults) => new SandboxConnector(database, clock, faults),
  tryton: (database, clock) =>
    new TrytonConnector(configure(TrytonConfig), configure(TrytonErpConfig), clock, database),
  odata: (database, clock) => new ODataConnector(configure(ODataErpConfig), clock, database),
};

const connector = {
  provide: ErpConnector,
  inject: [DATABASE, CLOCK, FaultInjection],
  useFactory: (database: Database, clock: Clock, faults: FaultInjection): ErpConnector =>
    CONNECTORS[configure(ErpConfig).connector](database, clock, faults),
};

/** Every port is injected by its own class; one that the connector lacks refuses. */
const ports = (Object.keys(PORTS) as Capability[]).map((capability) => ({
  provide: PORTS[capability],
  inject: [ErpConnector],
  useFactory: (erp: ErpConnector) => portOf(erp, capability),
}));

@Module({
  controllers: [
    AccountsController,
    ApprovalLevelsController,
    BudgetsController,
    CostAllocationsController,
    CostCentersController,
    FiscalPeriodsController,
    FixedAssetsController,
    GoodsReceiptsController,
    IntercompanyTransactionsController,
    InventoryValuationsController,
    ItemsController,
    JournalEntriesController,
    LegalEntitiesController,
    ProjectsController,
    PurchaseOrdersController,
    RequisitionsController,
    ReservationsController,
    SupplierInvoicesController,
    SuppliersController,
    ...bulk,
    sandboxFaultsController('erp'),
  ],
  providers: [FaultInjection, connector, ...ports],
})
export class ErpModule {}
