import { startEhrSimulator } from './ehr/ehr.js';
import { startClearinghouseSimulator } from './clearinghouse/clearinghouse.simulator.js';
import { startHcmSimulator } from './hcm/hcm.simulator.js';
import { startScimSimulator } from './scim/scim.simulator.js';
import { startODataSimulator } from './odata/odata.simulator.js';
import { startSuppliersSimulator } from './suppliers/suppliers.simulator.js';
import type { StartSimulator } from './simulator.js';

/** Every simulator that `npm start` runs, by name, in the order of their ports: append, so that no port moves. */
export const SIMULATORS: Readonly<Record<string, StartSimulator>> = {
  ehr: startEhrSimulator,
  clearinghouse: startClearinghouseSimulator,
  scim: startScimSimulator,
  erp: startODataSimulator,
  hcm: startHcmSimulator,
  suppliers: startSuppliersSimulator,
};
