import type { ApiDefinition } from '@concord/api';
import { ErpModule } from './erp.module.js';

const erpApi: ApiDefinition = {
  layer: 'system',
  name: 'erp',
  version: 1,
  title: 'Enterprise resource planning',
  description:
    'The books: legal entities, cost centers, accounts, fiscal periods, and the journal that is posted to them.',
  dataClass: 'finance',
  fallbacks: { budgets: 'refuse', 'approval-levels': 'refuse', suppliers: 'refuse' },
  module: ErpModule,
};

export default erpApi;
