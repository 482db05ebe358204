import type { ApiDefinition } from '@concord/api';
import { RevenueCycleModule } from './revenue-cycle.module.js';

const revenueCycleApi: ApiDefinition = {
  layer: 'system',
  name: 'revenue-cycle',
  version: 1,
  title: 'Revenue cycle',
  description:
    'The charge master, payers and their rules, coverage, charges, claims and what becomes of them: remittances, denials, adjustments, balances.',
  dataClass: 'phi',
  fallbacks: { claims: 'queue', coverages: 'queue', 'charge-items': 'queue' },
  module: RevenueCycleModule,
};

export default revenueCycleApi;
