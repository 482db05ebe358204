/** An ERP behind an OData v4 service, whose names its profile says. What the profile has no words for is left out. */
import { Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Clock } from '@concord/api';
import type { Database } from '@concord/database';
import { protect, Turns } from '@concord/resilience';
import { ErpConnector, type Capability, type ErpPorts } from '../../connector.js';
import { ODataClient } from './odata.client.js';
import type { ODataErpConfig } from './odata.config.js';
import { ODataGoodsReceipts } from './odata.goods-receipts.js';
import { ODataSupplierInvoices } from './odata.invoices.js';
import { ODataItems } from './odata.items.js';
import { ODataJournal } from './odata.journal.js';
import { ODataPurchaseOrders } from './odata.purchase-orders.js';
import { ODataRecords } from './odata.records.js';
import { ODataLedgerStructure } from './odata.structure.js';
import { ODataSuppliers } from './odata.suppliers.js';
import { MadeOnce } from './made-once.js';
import { ProfileFault } from './profile.js';
import { PROFILES } from './profiles/profiles.js';

/** A change on a revision is made once: repeated after a lost reply, it would meet its own revision. */
const ONCE = { retry: { attempts: 1 } };

export const ODATA_SERVES = [
  'structure',
  'journal',
  'suppliers',
  'items',
  'purchaseOrders',
  'goodsReceipts',
  'supplierInvoices',
] as const satisfies readonly Capability[];

export class ODataConnector extends ErpConnector implements OnModuleInit, OnModuleDestroy {
  override readonly ports: Pick<ErpPorts, (typeof ODATA_SERVES)[number]>;
  private readonly log = new Logger('odata');
  private readonly client: ODataClient;
  private readonly records: ODataRecords;

  /** @param database where all processes that write to the service take turns */
  constructor(config: ODataErpConfig, clock: Clock, database?: Database) {
    super();
    const profile = PROFILES[config.profile];
    this.client = new ODataClient(config, profile.refusals);
    this.records = new ODataRecords(this.client, profile);
    const policy = { timeoutMs: 3 * config.timeoutMs, bulkhead: { concurrent: config.connections } };
    const once = new MadeOnce(new Turns('odata-erp', database));
    const structure = new ODataLedgerStructure(this.records);
    const journal = new ODataJournal(this.records, structure, once, clock);
    const orders = new ODataPurchaseOrders(this.records, structure, once);
    this.ports = {
      structure: protect('odata-erp', structure, policy).port,
      journal: protect('odata-erp', journal, policy).port,
      suppliers: protect('odata-erp', new ODataSuppliers(this.records, once), policy, { changeSupplier: ONCE }).port,
      items: protect('odata-erp', new ODataItems(this.records), policy).port,
      purchaseOrders: protect('odata-erp', orders, policy, { changePurchaseOrder: ONCE }).port,
      goodsReceipts: protect('odata-erp', new ODataGoodsReceipts(this.records, once, clock), policy).port,
      supplierInvoices: protect('odata-erp', new ODataSupplierInvoices(this.records, once, clock), policy).port,
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

  async onModuleDestroy(): Promise<void> {
    await this.client.close();
  }
}
