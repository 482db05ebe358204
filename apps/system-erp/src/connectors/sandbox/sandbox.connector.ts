/**
 * A small real ERP in Postgres, for development, tests and demonstrations. It checks what a real one checks, refuses in
 * the same words, and fails on demand.
 */
import type { OnModuleInit } from '@nestjs/common';
import type { Clock } from '@concord/api';
import { migrate, type Database } from '@concord/database';
import type { FaultInjection } from '@concord/resilience';
import { ErpConnector, type ErpPorts } from '../../connector.js';
import { Books } from './books.js';
import { faulty } from './faulty-ports.js';
import { seedStructure } from './ledger-structure.store.js';
import { migrations } from './migrations.js';
import { sandboxDocuments, type SandboxDocuments } from './sandbox-documents.js';
import { sandboxPorts } from './sandbox.ports.js';
import { seedDocuments } from './seed-documents.js';

export class SandboxConnector extends ErpConnector implements OnModuleInit {
  override readonly ports: ErpPorts;
  private readonly books: Books;
  private readonly documents: SandboxDocuments;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    faults: FaultInjection,
  ) {
    super();
    this.books = new Books(database, clock);
    this.documents = sandboxDocuments(database, () => this.books.now());
    this.ports = faulty({ ...sandboxPorts(this.books, this.documents) }, faults);
  }

  /** Makes the schema and fills it with the synthetic health system. */
  async onModuleInit(): Promise<void> {
    await migrate(this.database, 'sandbox-erp', migrations);
    await seedStructure(this.database);
    await seedDocuments(this.documents, this.clock());
    await this.books.open();
  }
}
