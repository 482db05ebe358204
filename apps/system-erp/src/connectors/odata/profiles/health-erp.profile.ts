/** The invented vendor whose service the simulator serves. On the left our names, on the right the vendor's. */
import type { Profile } from '../profile.js';
import { controlling } from './health-erp/controlling.js';
import { ledger } from './health-erp/ledger.js';
import { purchasing } from './health-erp/purchasing.js';
import { refusals } from './health-erp/refusals.js';

export const healthErp: Profile = {
  refusals,
  entities: { ...ledger, ...purchasing, ...controlling },
};
