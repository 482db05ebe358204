import type {
  IntercompanySide,
  IntercompanyTransaction,
  NewIntercompanyTransaction,
  NewReversal,
  Page,
} from '@concord/canonical';
import type { Database } from '@concord/database';
import { sql } from 'kysely';
import { Intercompany } from '../../ports/controlling.port.js';
import type { IntercompanyQuery } from '../../queries.js';
import { ACCOUNT } from './accounts.js';
import type { Books } from './books.js';
import type { Documents } from './documents.store.js';
import { checkMoney, wrong } from '../purchasing-rules.js';

/** The provider is owed what the receiver owes: two entries, each balanced, in two books, posted together. */
export class SandboxIntercompany extends Intercompany {
  constructor(
    private readonly books: Books,
    private readonly transactions: Documents<IntercompanyTransaction>,
  ) {
    super();
  }

  override createIntercompanyTransaction(
    businessKey: string,
    transaction: NewIntercompanyTransaction,
  ): Promise<IntercompanyTransaction> {
    return this.transactions.once(businessKey, async (tx) => {
      const { provider, receiver, amount } = transaction;
      if (provider.legalEntity === receiver.legalEntity) {
        throw wrong('/receiver/legalEntity', 'same', 'must be another one than that of the provider');
      }
      for (const side of [provider, receiver]) checkMoney(amount, this.books.currencyOf(side.legalEntity), '/amount');
      const key = `intercompany: ${businessKey}`;
      const providerEntry = await this.post(
        `${key}, provider`,
        transaction,
        provider,
        [ACCOUNT.dueFromRelated, provider.account],
        tx,
      );
      const receiverEntry = await this.post(
        `${key}, receiver`,
        transaction,
        receiver,
        [receiver.account, ACCOUNT.dueToRelated],
        tx,
      );
      return { ...transaction, status: 'posted', providerEntry, receiverEntry };
    });
  }

  override readIntercompanyTransaction(id: string): Promise<IntercompanyTransaction> {
    return this.transactions.read(id);
  }

  override listIntercompanyTransactions(query: IntercompanyQuery): Promise<Page<IntercompanyTransaction>> {
    const { reference, legal_entity } = query;
    const side = (name: string) => sql`body #>> ${sql.lit(`{${name},legalEntity}`)} = ${legal_entity}`;
    const either = legal_entity ? sql`(${side('provider')} or ${side('receiver')})` : sql`true`;
    return this.transactions.list(query, { reference }, either);
  }

  override reverseIntercompanyTransaction(
    businessKey: string,
    id: string,
    reversal: NewReversal,
  ): Promise<IntercompanyTransaction> {
    return this.transactions.change(id, '*', async (transaction, tx) => {
      if (transaction.status === 'reversed') return transaction;
      await this.books.reverse(`${businessKey}, provider`, transaction.providerEntry, reversal, tx);
      await this.books.reverse(`${businessKey}, receiver`, transaction.receiverEntry, reversal, tx);
      return { ...transaction, status: 'reversed' };
    });
  }

  private async post(
    businessKey: string,
    { accountingDate, reference, description, amount }: NewIntercompanyTransaction,
    { legalEntity, costCenter }: IntercompanySide,
    [debit, credit]: readonly [string, string],
    tx: Database,
  ): Promise<string> {
    const lines = [
      { account: debit, costCenter, side: 'debit' as const, amount },
      { account: credit, costCenter, side: 'credit' as const, amount },
    ];
    const entry = { legalEntity, accountingDate, reference, description, lines };
    return (await this.books.post(businessKey, entry, undefined, tx)).id;
  }
}
