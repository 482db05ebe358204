import type {
  LaborAllocation,
  LaborRate,
  NewLaborAllocation,
  NewReversal,
  Page,
  Shift,
  Worker,
} from '@concord/canonical';
import type { LaborAllocationQuery, LaborRateQuery, ShiftQuery, WorkerQuery } from './queries.js';

/**
 * What Concord asks of a human capital management platform, in canonical words. Every method may also fail with
 * `upstream-unavailable` or `upstream-timeout`; after either, a write is repeated with the same business key. A business
 * key names one call of one operation: the same key may name a booking and, apart from it, a reversal.
 */
export abstract class HcmConnector {
  /** Throws `not-found`. */
  abstract readWorker(id: string): Promise<Worker>;

  /** By worker number. */
  abstract listWorkers(query: WorkerQuery): Promise<Page<Worker>>;

  /** By day, then worker number. */
  abstract listShifts(query: ShiftQuery): Promise<Page<Shift>>;

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
