import type { LaborAllocation, LaborRate, NewLaborAllocation, NewReversal, Page } from '@concord/canonical';
import type { LaborAllocationQuery, LaborRateQuery } from '../queries.js';

/**
 * What hours cost, and hours laid on service lines. A business key names one call of one operation: the same key may
 * name a booking and, apart from it, a reversal.
 */
export abstract class Labor {
  abstract listLaborRates(query: LaborRateQuery): Promise<Page<LaborRate>>;

  /**
   * Books hours of roles on cost centers. The same business key again returns the first allocation.
   * Throws `unknown-code` for a facility, role or cost center that is not known, and `upstream-rejected` for hours that
   * are not above 0 and at most 500, or a cost that is more than a cent off hours times the role's rate.
   */
  abstract createLaborAllocation(businessKey: string, allocation: NewLaborAllocation): Promise<LaborAllocation>;

  /** Throws `not-found`. */
  abstract readLaborAllocation(id: string): Promise<LaborAllocation>;

  /** Oldest first. */
  abstract listLaborAllocations(query: LaborAllocationQuery): Promise<Page<LaborAllocation>>;

  /**
   * Books the same hours and cost with the sign turned, on the accounting date of the reversal, and answers with that
   * new allocation. The same business key again returns the first reversal. Throws `not-found`; throws `conflict` for an
   * allocation that is reversed already (its context names the reversal), or that is a reversal itself.
   */
  abstract reverseLaborAllocation(businessKey: string, id: string, reversal: NewReversal): Promise<LaborAllocation>;
}
