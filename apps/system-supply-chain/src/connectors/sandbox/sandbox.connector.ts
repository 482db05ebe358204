/**
 * A small real stock ledger in Postgres with suppliers that answer at once, for development, tests and demonstrations. It
 * checks what a real one checks, refuses in the same words, and fails on demand.
 */
import type { OnModuleInit } from '@nestjs/common';
import type { Clock } from '@concord/api';
import { migrate, type Database } from '@concord/database';
import type { FaultInjection } from '@concord/resilience';
import { SupplyChainConnector, type SupplyChainPorts } from '../../connector.js';
import { documentMigrations } from '../../held/documents.migrations.js';
import { Documents } from '../../held/documents.store.js';
import { HeldFulfilment, HeldOrders, HeldRequisitions, type OrderingSurroundings } from '../../held/ordering.js';
import { loadCatalogue, seedCatalogue, type Catalogue } from './catalogue.store.js';
import { seedDocuments, seedLots } from './documents.seed.js';
import { faulty } from './faulty.js';
import { migrations, SCHEMA } from './migrations.js';
import { SandboxParLevels } from './par-levels.js';
import { SandboxCatalogue, SandboxContracts, type Surroundings } from './sandbox.catalogue.js';
import { SandboxStock } from './sandbox.stock.js';
import { SUPPLIERS } from './seed.js';
import { supplierAnswers } from './supplier.js';

export class SandboxConnector extends SupplyChainConnector implements OnModuleInit {
  readonly ports: SupplyChainPorts;
  private readonly documents: Documents;
  private catalogue!: Catalogue;

  constructor(
    private readonly database: Database,
    clock: Clock,
    faults: FaultInjection,
  ) {
    super();
    this.documents = new Documents(database, SCHEMA, clock);
    const sandbox: Surroundings = { catalogue: () => this.catalogue, documents: this.documents, faults };
    const ordering: OrderingSurroundings = {
      documents: this.documents,
      clock,
      known: () => ({ ...this.catalogue, suppliers: SUPPLIERS }),
      send: (order, documents) => supplierAnswers(order, documents, clock()),
      cancel: async () => undefined, // the suppliers of the sandbox take every cancellation
    };
    this.ports = {
      catalogue: new SandboxCatalogue(sandbox),
      contracts: new SandboxContracts(sandbox),
      stock: new SandboxStock(database, clock, sandbox),
      parLevels: new SandboxParLevels(this.documents, faults),
      requisitions: faulty(new HeldRequisitions(ordering), faults),
      orders: faulty(new HeldOrders(ordering), faults),
      fulfilment: faulty(new HeldFulfilment(this.documents), faults),
    };
  }

  /** Makes the schema and fills it with the synthetic health system. */
  async onModuleInit(): Promise<void> {
    await migrate(this.database, 'sandbox-supply-chain', { ...migrations, ...documentMigrations(SCHEMA) });
    await seedCatalogue(this.database);
    await seedLots(this.database);
    await seedDocuments(this.documents);
    this.catalogue = await loadCatalogue(this.database);
  }
}
