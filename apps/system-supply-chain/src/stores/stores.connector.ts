/**
 * Our own stores in Postgres: items, stock, par levels, requisitions and orders of the synthetic health system. How an
 * order reaches a supplier, and how his answers come back, is what a connector adds.
 */
import type { OnModuleInit } from '@nestjs/common';
import type { SupplyOrder } from '@concord/canonical';
import type { Clock } from '@concord/api';
import { migrate, type Database } from '@concord/database';
import type { EventLog } from '@concord/events';
import type { FaultInjection } from '@concord/resilience';
import { SupplyChainConnector, type SupplyChainPorts } from '../connector.js';
import { documentMigrations } from '../held/documents.migrations.js';
import { Documents } from '../held/documents.store.js';
import { OrderAnswers } from '../held/order-answers.js';
import { HeldInvoices } from '../held/received-invoices.js';
import { SupplyNews } from '../held/supply-news.js';
import { HeldFulfilment, HeldOrders, HeldRequisitions, type OrderingSurroundings } from '../held/ordering.js';
import { OwnCatalogue, OwnContracts, type Surroundings } from './catalogue.js';
import { loadCatalogue, seedCatalogue, type Catalogue } from './catalogue.store.js';
import { seedDocuments, seedLots, seedTransfers } from './documents.seed.js';
import { faulty } from './faulty.js';
import { migrations, SCHEMA } from './migrations.js';
import { OwnParLevels } from './par-levels.js';
import { SUPPLIERS } from './seed.js';
import { OwnReceiving } from './receiving.js';
import { OwnReplenishment } from './replenishment.store.js';
import { OwnStock } from './stock.js';
import { OwnTransfers } from './transfers.js';

export interface StoresSurroundings {
  readonly database: Database;
  readonly clock: Clock;
  readonly faults: FaultInjection;
  readonly events: EventLog;
}

export abstract class StoresConnector extends SupplyChainConnector implements OnModuleInit {
  readonly ports: SupplyChainPorts;
  protected readonly documents: Documents;
  protected catalogue!: Catalogue;

  protected readonly database: Database;
  protected readonly clock: Clock;
  protected readonly news: SupplyNews;
  protected readonly answers: OrderAnswers;

  constructor({ database, clock, faults, events }: StoresSurroundings) {
    super();
    this.database = database;
    this.clock = clock;
    this.documents = new Documents(database, SCHEMA, clock);
    this.news = new SupplyNews(events, clock);
    this.answers = new OrderAnswers(this.documents, this.news, clock);
    const stores: Surroundings = { catalogue: () => this.catalogue, documents: this.documents, clock, faults };
    const ordering: OrderingSurroundings = {
      documents: this.documents,
      clock,
      known: () => ({ ...this.catalogue, suppliers: SUPPLIERS }),
      send: (order, documents) => this.send(order, documents),
      cancel: (order, documents) => this.cancel(order, documents),
      change: (order, documents) => this.change(order, documents),
    };
    this.ports = {
      catalogue: new OwnCatalogue(stores),
      contracts: new OwnContracts(stores),
      stock: new OwnStock(database, clock, stores),
      transfers: faulty(new OwnTransfers(database, clock, () => this.catalogue), faults),
      replenishment: faulty(new OwnReplenishment(database), faults),
      parLevels: new OwnParLevels(this.documents, faults),
      requisitions: faulty(new HeldRequisitions(ordering), faults),
      orders: faulty(new HeldOrders(ordering), faults),
      fulfilment: faulty(new HeldFulfilment(this.documents), faults),
      receiving: faulty(new OwnReceiving(this.documents, clock, () => this.catalogue), faults),
      invoices: faulty(new HeldInvoices(this.documents), faults),
    };
  }

  /** Makes the schema and fills it with the synthetic health system. */
  async onModuleInit(): Promise<void> {
    await migrate(this.database, 'sandbox-supply-chain', { ...migrations, ...documentMigrations(SCHEMA) });
    await seedCatalogue(this.database, this.clock());
    await seedLots(this.database, this.clock());
    await seedDocuments(this.documents);
    this.catalogue = await loadCatalogue(this.database);
    await seedTransfers(new OwnTransfers(this.database, this.clock, () => this.catalogue));
  }

  /** Brings an order on its way, inside the transaction that keeps it. */
  protected abstract send(order: SupplyOrder, documents: Documents): Promise<void>;

  /** Tells the supplier that an order is not wanted any more, inside the transaction that notes it; `asked` where he has to answer. */
  protected abstract cancel(order: SupplyOrder, documents: Documents): Promise<'cancelled' | 'asked'>;

  /** Tells the supplier how an order is wanted now, inside the transaction that notes it; `asked` where he has to answer. */
  protected abstract change(order: SupplyOrder, documents: Documents): Promise<'changed' | 'asked'>;
}
