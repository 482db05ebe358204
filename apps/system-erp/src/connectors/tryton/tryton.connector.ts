/** The books and what is bought in Tryton. What it has no module for is left out, and refused as `not-supported`. */
import { Logger, type OnApplicationBootstrap, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Clock } from '@concord/api';
import type { Database } from '@concord/database';
import { ChangeAttempts, Turns } from '@concord/resilience';
import { TrytonRecords, trytonClient, type TrytonConfig } from '@concord/tryton';
import { ErpConnector, type ErpPorts } from '../../connector.js';
import { repeatableChanges } from '../repeatable-changes.js';
import { JournalCostAllocations } from '../journal-cost-allocations.js';
import { lackingIn, type PurchasingCapability } from './capabilities.js';
import { ReceiptDrafts } from './goods-receipt.drafts.js';
import { TrytonGoodsReceipts } from './goods-receipts.js';
import { GoodsReturns } from './goods-returns.js';
import { TrytonItems } from './items.js';
import { TrytonJournal } from './journal.js';
import { TrytonLedgerStructure } from './ledger-structure.js';
import { PaymentTerms } from './payment-terms.js';
import { OrderDrafts } from './purchase-order.drafts.js';
import { TrytonPurchaseOrders } from './purchase-orders.js';
import { Purchases } from './purchases.js';
import { StockLocations } from './stock-locations.js';
import type { Structure } from './books.js';
import { BindingFault } from './structure.js';
import { StructureCache } from './structure.cache.js';
import { InvoiceDrafts } from './supplier-invoice.drafts.js';
import { TrytonSupplierInvoices } from './supplier-invoices.js';
import { TrytonSuppliers } from './suppliers.js';
import { TrytonValuation } from './valuation.js';
import { bindingOf, type Binding, type TrytonErpConfig } from './tryton-erp.config.js';

type Ports = Pick<ErpPorts, 'structure' | 'journal' | 'costAllocations'> &
  Partial<Pick<ErpPorts, PurchasingCapability>>;

export class TrytonConnector extends ErpConnector implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('tryton');
  private readonly tryton: TrytonRecords;
  private readonly structure: StructureCache;
  private readonly binding: Binding;
  private served: { readonly read: Structure; readonly ports: Ports } | undefined;
  private readonly all: Required<Ports>;
  private readonly attempts: ChangeAttempts | undefined;

  /** @param database where all processes that write to Tryton take turns, and which changes were begun is kept */
  constructor(config: TrytonConfig, erpConfig: TrytonErpConfig, clock: Clock, database?: Database) {
    super();
    const binding = bindingOf(erpConfig);
    const tryton = new TrytonRecords(trytonClient(config, 'system/erp'));
    const structure = new StructureCache(tryton, binding, () => performance.now());
    const turns = new Turns(`tryton ${config.database}`, database);
    const journal = new TrytonJournal(tryton, structure, binding.accounts, clock);
    const suppliers = new TrytonSuppliers(tryton, structure, binding, new PaymentTerms(tryton), turns);
    const items = new TrytonItems(tryton, structure, binding);
    const locations = new StockLocations(tryton);
    const purchases = new Purchases(tryton, structure);
    const drafts = new OrderDrafts(structure, suppliers, items, locations);
    const returns = new GoodsReturns(tryton, purchases, locations, clock);
    this.tryton = tryton;
    const invoiceDrafts = new InvoiceDrafts(tryton, structure, suppliers, purchases, binding);
    this.structure = structure;
    this.binding = binding;
    this.attempts = database && new ChangeAttempts(database, 'erp', 'tryton');
    const all = {
      structure: new TrytonLedgerStructure(tryton, structure),
      journal,
      costAllocations: new JournalCostAllocations(journal),
      valuation: new TrytonValuation(tryton, structure, clock),
      suppliers,
      items,
      purchaseOrders: new TrytonPurchaseOrders(tryton, structure, purchases, drafts, turns),
      goodsReceipts: new TrytonGoodsReceipts(
        tryton,
        purchases,
        journal,
        locations,
        new ReceiptDrafts(tryton),
        returns,
        binding,
        turns,
      ),
      supplierInvoices: new TrytonSupplierInvoices(tryton, structure, invoiceDrafts, binding, turns),
    };
    this.all = this.attempts ? repeatableChanges(all, this.attempts) : all;
  }

  /** Those that Tryton can serve, as far as it has said what it can. */
  override get ports(): Ports {
    const read = this.structure.last;
    if (!read) return this.all;
    if (this.served?.read !== read) {
      const lacking = lackingIn(read, this.binding);
      const able = Object.entries(this.all).filter(([name]) => !lacking.has(name as PurchasingCapability));
      this.served = { read, ports: Object.fromEntries(able) as Ports };
    }
    return this.served.ports;
  }

  /** Refuses to start where Tryton lacks what the settings name. Where it is only down, the APIs beside it are not held up. */
  async onModuleInit(): Promise<void> {
    await this.attempts?.migrate();
    try {
      for (const [capability, why] of lackingIn(await this.structure.refresh(), this.binding)) {
        this.log.warn(`${capability} is not served (not-supported): ${why}. See docs/guides/tryton.md.`);
      }
    } catch (error) {
      if (error instanceof BindingFault) throw error;
      this.log.warn('Tryton does not answer yet; its books are read when it does');
    }
  }

  onApplicationBootstrap(): void {
    this.tryton.client.watch();
  }

  async onModuleDestroy(): Promise<void> {
    await this.tryton.client.close();
  }
}
