/**
 * A small real ERP in Postgres, for development, tests and demonstrations. It checks what a real one checks, refuses in
 * the same words, and fails on demand.
 */
import { Logger, type OnModuleInit } from '@nestjs/common';
import { Problem } from '@concord/canonical';
import type { Clock } from '@concord/api';
import { migrate, type Database } from '@concord/database';
import { ChangeAttempts, type FaultInjection } from '@concord/resilience';
import { ErpConnector, type ErpPorts } from '../../connector.js';
import { repeatableChanges } from '../repeatable-changes.js';
import { Books } from './books.js';
import { faulty } from './faulty-ports.js';
import { seedStructure } from './ledger-structure.store.js';
import { migrations } from './migrations.js';
import { sandboxDocuments, type SandboxDocuments } from './sandbox-documents.js';
import { sandboxPorts } from './sandbox.ports.js';
import { seedDocuments } from './seed-documents.js';
import { seedPostings } from './seed-postings.js';

export class SandboxConnector extends ErpConnector implements OnModuleInit {
  override readonly ports: ErpPorts;
  private readonly books: Books;
  private readonly documents: SandboxDocuments;
  private readonly attempts: ChangeAttempts;
  /** The ports without the faults that were told. */
  private readonly sound: ErpPorts;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    faults: FaultInjection,
  ) {
    super();
    this.books = new Books(database, clock);
    this.documents = sandboxDocuments(database, () => this.books.now());
    this.sound = sandboxPorts(this.books, this.documents);
    this.attempts = new ChangeAttempts(database, 'erp', 'sandbox');
    this.ports = repeatableChanges(faulty({ ...this.sound }, faults), this.attempts);
  }

  /** Makes the schema and fills it with the synthetic health system. */
  async onModuleInit(): Promise<void> {
    await migrate(this.database, 'sandbox-erp', migrations);
    await this.attempts.migrate();
    await seedStructure(this.database);
    await seedDocuments(this.documents, this.clock());
    await this.books.open();
    await seedPostings(this.sound, this.books.calendar.today()).catch((error: unknown) => {
      if (!(error instanceof Problem)) throw error; // of a period that was closed before it had them, for example
      new Logger('sandbox-erp').warn(`The sandbox goes without postings of its own: ${error.message}`);
    });
  }
}
