/** An ERP behind an OData v4 service, whose names its profile says. What the profile has no words for is left out. */
import { Logger, type OnApplicationBootstrap, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { configure, openVendor, type Clock } from '@concord/api';
import type { Database } from '@concord/database';
import { Turns } from '@concord/resilience';
import { ErpConnector, type Capability, type ErpPorts } from '../../connector.js';
import { JournalCostAllocations } from '../journal-cost-allocations.js';
import { ODataBudgets, ODataProjects } from './odata.budgets.js';
import { ODataClient } from './odata.client.js';
import { checkConfig, ODataErpLimits, type ODataErpConfig } from './odata.config.js';
import { ODataGoodsReceipts } from './odata.goods-receipts.js';
import { ODataSupplierInvoices } from './odata.invoices.js';
import { ODataItems } from './odata.items.js';
import { ODataJournal } from './odata.journal.js';
import { ODataPurchaseOrders } from './odata.purchase-orders.js';
import { ODataApprovals, ODataFixedAssets, ODataValuation } from './odata.reading.js';
import { ODataRecords } from './odata.records.js';
import { ODataLedgerStructure } from './odata.structure.js';
import { ODataSuppliers } from './odata.suppliers.js';
import { MadeOnce } from './made-once.js';
import { OPTIONAL_ENTITIES, ProfileFault, type OptionalEntityName } from './profile.js';
import { PROFILES } from './profiles/profiles.js';

/** With all repetitions; an API waits no longer for its connector. */
const LONGEST_MS = 25_000;

export const ODATA_SERVES = [
  'structure',
  'journal',
  'suppliers',
  'items',
  'purchaseOrders',
  'goodsReceipts',
  'supplierInvoices',
  'costAllocations',
  ...OPTIONAL_ENTITIES,
] as const satisfies readonly Capability[];

export class ODataConnector extends ErpConnector implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  override readonly ports: Omit<Pick<ErpPorts, (typeof ODATA_SERVES)[number]>, OptionalEntityName> &
    Partial<Pick<ErpPorts, OptionalEntityName>>;
  private readonly log = new Logger('odata');
  private readonly client: ODataClient;
  private readonly records: ODataRecords;

  /** @param database where all processes that write to the service take turns */
  constructor(config: ODataErpConfig, clock: Clock, database?: Database, limits = configure(ODataErpLimits)) {
    super();
    const profile = PROFILES[config.profile];
    checkConfig(config);
    // A call may take its time, that of a new token, and that of the same call with it.
    const vendor = openVendor('odata-erp', 'system/erp', limits, {
      timeoutMs: 3 * config.timeoutMs,
      deadlineMs: LONGEST_MS,
      clock,
    });
    this.client = new ODataClient(config, profile.refusals, vendor, limits.callsAtOnce);
    this.records = new ODataRecords(this.client, profile);
    const once = new MadeOnce(new Turns('odata-erp', database));
    const structure = new ODataLedgerStructure(this.records);
    const journal = new ODataJournal(this.records, structure, once, clock);
    const orders = new ODataPurchaseOrders(this.records, structure, once);
    this.ports = {
      structure,
      journal,
      suppliers: new ODataSuppliers(this.records, once),
      items: new ODataItems(this.records),
      purchaseOrders: orders,
      goodsReceipts: new ODataGoodsReceipts(this.records, once, clock),
      supplierInvoices: new ODataSupplierInvoices(this.records, once, clock),
      costAllocations: new JournalCostAllocations(journal),
      ...(profile.entities.budgets ? { budgets: new ODataBudgets(this.records, structure) } : {}),
      ...(profile.entities.projects ? { projects: new ODataProjects(this.records) } : {}),
      ...(profile.entities.approvals ? { approvals: new ODataApprovals(this.records) } : {}),
      ...(profile.entities.fixedAssets ? { fixedAssets: new ODataFixedAssets(this.records) } : {}),
      ...(profile.entities.valuation ? { valuation: new ODataValuation(this.records) } : {}),
    };
  }

  /** Refuses to start where the service lacks what the profile names. One that is only down does not hold others up. */
  async onModuleInit(): Promise<void> {
    try {
      await this.records.check();
    } catch (error) {
      if (error instanceof ProfileFault) throw error;
      this.log.warn('The OData service of the ERP does not answer yet; it is looked at again when it is asked');
    }
  }

  onApplicationBootstrap(): void {
    this.client.watch();
  }

  async onModuleDestroy(): Promise<void> {
    await this.client.close();
  }
}
