/**
 * A small real ledger in Postgres, for development, tests and demonstrations. It checks what a real one checks, refuses in
 * the same words, and fails on demand.
 */
import type { OnModuleInit } from '@nestjs/common';
import type { Clock } from '@concord/api';
import { migrate, type Database } from '@concord/database';
import type { FaultInjection } from '@concord/resilience';
import { ErpConnector, type ErpPorts } from '../../connector.js';
import { Books } from './books.js';
import { faulty } from './faulty-ports.js';
import { SandboxJournal } from './journal.js';
import { SandboxLedgerStructure } from './ledger-structure.js';
import { seedStructure } from './ledger-structure.store.js';
import { migrations } from './migrations.js';

export class SandboxConnector extends ErpConnector implements OnModuleInit {
  override readonly ports;
  private readonly books: Books;

  constructor(
    private readonly database: Database,
    clock: Clock,
    faults: FaultInjection,
  ) {
    super();
    const books = new Books(database, clock);
    this.books = books;
    const ports = {
      structure: new SandboxLedgerStructure(books, async () => undefined),
      journal: new SandboxJournal(books),
    } satisfies Partial<ErpPorts>;
    this.ports = faulty(ports, faults);
  }

  /** Makes the schema and fills it with the synthetic health system. */
  async onModuleInit(): Promise<void> {
    await migrate(this.database, 'sandbox-erp', migrations);
    await seedStructure(this.database);
    await this.books.open();
  }
}
