import { BooksConnector } from '../../books/books.connector.js';
import { seedAccounts } from './sandbox.seed.js';

/** A revenue cycle platform inside our own Postgres. Nothing leaves it: payers answer only where a remittance is entered. */
export class SandboxConnector extends BooksConnector {
  override async onModuleInit(): Promise<void> {
    await super.onModuleInit();
    await seedAccounts(this, this.around.clock());
  }
}
