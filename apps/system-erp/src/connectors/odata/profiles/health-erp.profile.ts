/** The invented vendor whose service the simulator serves. On the left our names, on the right the vendor's. */
import type { Profile } from '../profile.js';
import { controlling } from './health-erp/controlling.js';
import { ledger } from './health-erp/ledger.js';
import { purchasing } from './health-erp/purchasing.js';

export const healthErp: Profile = {
  refusals: {
    UNKNOWN_CODE: 'unknown-code',
    NOT_BALANCED: 'journal-unbalanced',
    PERIOD_CLOSED: 'period-closed',
    CONFLICT: 'conflict',
    WRONG_STATE: 'conflict',
    NOT_AUTHORIZED: 'approval-rejected',
    STOCK_SHORT: 'insufficient-stock',
    SAME_COMPANY: 'validation-failed',
    NOT_POSITIVE: 'validation-failed',
    PART_OF_CENT: 'validation-failed',
  },
  entities: { ...ledger, ...purchasing, ...controlling },
};
