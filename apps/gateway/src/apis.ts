import type { ApiDefinition } from '@concord/api';
import ehr from '../../system-ehr/src/api.js';
import erp from '../../system-erp/src/api.js';
import hcm from '../../system-hcm/src/api.js';
import supplyChain from '../../system-supply-chain/src/api.js';
import revenueCycle from '../../system-revenue-cycle/src/api.js';
import patientToBilling from '../../process-patient-to-billing/src/api.js';
import clinic from '../../experience-clinic/src/api.js';
import finance from '../../experience-finance/src/api.js';
import operations from '../../experience-operations/src/api.js';

/** All APIs of Concord, from the systems up. */
export const apis: readonly ApiDefinition[] = [
  ehr,
  erp,
  hcm,
  supplyChain,
  revenueCycle,
  patientToBilling,
  clinic,
  finance,
  operations,
];
