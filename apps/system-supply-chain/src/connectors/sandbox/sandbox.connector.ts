/**
 * A small real stock ledger in Postgres with suppliers that answer at once, for development, tests and demonstrations. It
 * checks what a real one checks, refuses in the same words, and fails on demand.
 */
import type { SupplyOrder } from '@concord/canonical';
import type { Documents } from '../../held/documents.store.js';
import { StoresConnector } from '../../stores/stores.connector.js';
import { supplierAnswers } from './supplier.js';

export class SandboxConnector extends StoresConnector {
  protected override send(order: SupplyOrder, documents: Documents): Promise<void> {
    return supplierAnswers(order, documents, this.answers.within(documents), this.news, this.clock());
  }

  /** The suppliers of the sandbox take every cancellation. */
  protected override cancel(): Promise<'cancelled'> {
    return Promise.resolve('cancelled');
  }

  /** They take every change, too. */
  protected override change(): Promise<'changed'> {
    return Promise.resolve('changed');
  }
}
