import type { FaultInjection } from '@concord/resilience';
import type { Labor } from '../../ports/labor.js';

/** Labor that fails as it is told. */
export const faultyLabor = (labor: Labor, faults: FaultInjection): Labor => ({
  listLaborRates: (query) => faults.around('listLaborRates', () => labor.listLaborRates(query)),
  createLaborAllocation: (key, allocation) =>
    faults.around('createLaborAllocation', () => labor.createLaborAllocation(key, allocation)),
  readLaborAllocation: (id) => faults.around('readLaborAllocation', () => labor.readLaborAllocation(id)),
  listLaborAllocations: (query) => faults.around('listLaborAllocations', () => labor.listLaborAllocations(query)),
  reverseLaborAllocation: (key, id, reversal) =>
    faults.around('reverseLaborAllocation', () => labor.reverseLaborAllocation(key, id, reversal)),
});
