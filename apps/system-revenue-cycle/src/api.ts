import type { ApiDefinition } from '@concord/api';
import { RevenueCycleModule } from './revenue-cycle.module.js';

const revenueCycleApi: ApiDefinition = {
  layer: 'system',
  name: 'revenue-cycle',
  version: 1,
  title: 'Revenue cycle',
  description: 'The charge master, the payers and what their contracts let us expect, and the claims that are raised.',
  dataClass: 'finance',
  module: RevenueCycleModule,
};

export default revenueCycleApi;
