import { isZero, type CostAllocation, type NewCostAllocation, type NewReversal, type Page } from '@concord/canonical';
import { CostAllocations } from '../../ports/controlling.port.js';
import type { CostAllocationQuery } from '../../queries.js';
import type { Books } from './books.js';
import type { Documents } from './documents.store.js';
import { checkMoney, checkPositive } from '../purchasing-rules.js';
import { split } from '../shares.js';

/** An allocation credits the account at the cost center that bore the cost, and debits it at those that should. */
export class SandboxCostAllocations extends CostAllocations {
  constructor(
    private readonly books: Books,
    private readonly allocations: Documents<CostAllocation>,
  ) {
    super();
  }

  override createCostAllocation(businessKey: string, allocation: NewCostAllocation): Promise<CostAllocation> {
    return this.allocations.once(businessKey, async (tx) => {
      const { legalEntity, accountingDate, reference, description, account, from: costCenter, amount } = allocation;
      checkMoney(amount, this.books.currencyOf(legalEntity), '/amount');
      allocation.shares.forEach(({ weight }, index) => checkPositive(weight, `/shares/${index}/weight`));
      const shares = split(amount, allocation.shares);
      const lines = [
        { account, costCenter, side: 'credit' as const, amount },
        ...shares
          .filter((share) => !isZero(share.amount))
          .map((share) => ({ account, costCenter: share.costCenter, side: 'debit' as const, amount: share.amount })),
      ];
      const entry = { legalEntity, accountingDate, reference, description, lines };
      const { id } = await this.books.post(`cost allocation: ${businessKey}`, entry, undefined, tx);
      return { ...allocation, status: 'posted', shares, journalEntry: id };
    });
  }

  override readCostAllocation(id: string): Promise<CostAllocation> {
    return this.allocations.read(id);
  }

  override listCostAllocations(query: CostAllocationQuery): Promise<Page<CostAllocation>> {
    return this.allocations.list(query, { reference: query.reference, legalEntity: query.legal_entity });
  }

  override reverseCostAllocation(businessKey: string, id: string, reversal: NewReversal): Promise<CostAllocation> {
    return this.allocations.change(id, '*', async (allocation, tx) => {
      if (allocation.status === 'reversed') return allocation;
      if (allocation.journalEntry) await this.books.reverse(businessKey, allocation.journalEntry, reversal, tx);
      return { ...allocation, status: 'reversed' };
    });
  }
}
