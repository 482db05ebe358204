/** Cost allocations of an ERP that keeps none of their own: each is the journal entry that it posts. */
import { Problem } from '@concord/canonical';
import type { CostAllocation, JournalEntry, NewCostAllocation, NewReversal, Page } from '@concord/canonical';
import { CostAllocations } from '../ports/controlling.port.js';
import type { Journal } from '../ports/journal.port.js';
import type { CostAllocationQuery, JournalEntryQuery } from '../queries.js';
import { ALLOCATION, allocationIn, toAllocation, toAllocationEntry } from './allocation-entry.js';

/** A journal as it is to the documents that post to it. */
export interface DocumentJournal extends Journal {
  /** The entries whose description ends in some words. */
  listEntriesEnding(words: string, query: JournalEntryQuery): Promise<Page<JournalEntry>>;
  /** As `reverseJournalEntry`, for the document that posted the entry. */
  takeBack(businessKey: string, id: string, reversal: NewReversal): Promise<JournalEntry>;
}

export class JournalCostAllocations extends CostAllocations {
  constructor(private readonly journal: DocumentJournal) {
    super();
  }

  override async createCostAllocation(businessKey: string, allocation: NewCostAllocation): Promise<CostAllocation> {
    const entry = toAllocationEntry(allocation);
    return allocationIn(await this.journal.createJournalEntry(`cost allocation: ${businessKey}`, entry));
  }

  override async readCostAllocation(id: string): Promise<CostAllocation> {
    return allocationIn(await this.journal.readJournalEntry(id));
  }

  override async listCostAllocations(query: CostAllocationQuery): Promise<Page<CostAllocation>> {
    const { items, nextPageToken } = await this.journal.listEntriesEnding(ALLOCATION, query);
    return { items: items.flatMap((entry) => toAllocation(entry) ?? []), nextPageToken };
  }

  override async reverseCostAllocation(
    businessKey: string,
    id: string,
    reversal: NewReversal,
  ): Promise<CostAllocation> {
    const known = await this.readCostAllocation(id);
    if (known.status === 'reversed') return known;
    try {
      await this.journal.takeBack(businessKey, id, reversal);
    } catch (error) {
      // Somebody else was quicker: then it stands as it was asked for.
      if (!(error instanceof Problem) || error.slug !== 'conflict') throw error;
      const now = await this.readCostAllocation(id);
      if (now.status !== 'reversed') throw error;
      return now;
    }
    return this.readCostAllocation(id);
  }
}
