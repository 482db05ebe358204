import type {
  CostAllocation,
  FixedAsset,
  IntercompanyTransaction,
  NewCostAllocation,
  NewIntercompanyTransaction,
  NewReversal,
  Page,
} from '@concord/canonical';
import type { CostAllocationQuery, FixedAssetQuery, IntercompanyQuery } from '../queries.js';

/** Costs that move from one cost center to others. */
export abstract class CostAllocations {
  /** The same business key again returns the first. Throws what a journal entry is refused for. */
  abstract createCostAllocation(businessKey: string, allocation: NewCostAllocation): Promise<CostAllocation>;

  /** Throws `not-found`. */
  abstract readCostAllocation(id: string): Promise<CostAllocation>;

  /** By identifier. */
  abstract listCostAllocations(query: CostAllocationQuery): Promise<Page<CostAllocation>>;

  /** One that is reversed already is left as it is. Throws `not-found`, `period-closed`. */
  abstract reverseCostAllocation(businessKey: string, id: string, reversal: NewReversal): Promise<CostAllocation>;
}

/** What one legal entity provides to another. */
export abstract class Intercompany {
  /**
   * Posts to both books, or to neither. The same business key again returns the first. Throws what a journal entry is
   * refused for, and `validation-failed` where both sides are the same legal entity.
   */
  abstract createIntercompanyTransaction(
    businessKey: string,
    transaction: NewIntercompanyTransaction,
  ): Promise<IntercompanyTransaction>;

  /** Throws `not-found`. */
  abstract readIntercompanyTransaction(id: string): Promise<IntercompanyTransaction>;

  /** By identifier. */
  abstract listIntercompanyTransactions(query: IntercompanyQuery): Promise<Page<IntercompanyTransaction>>;

  /** Reverses in both books. One that is reversed already is left as it is. Throws `not-found`, `period-closed`. */
  abstract reverseIntercompanyTransaction(
    businessKey: string,
    id: string,
    reversal: NewReversal,
  ): Promise<IntercompanyTransaction>;
}

/** What is used for years. */
export abstract class FixedAssets {
  /** By asset number. */
  abstract listFixedAssets(query: FixedAssetQuery): Promise<Page<FixedAsset>>;

  /** Throws `not-found`. */
  abstract readFixedAsset(id: string): Promise<FixedAsset>;
}
