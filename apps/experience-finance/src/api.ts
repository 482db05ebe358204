import type { ApiDefinition } from '@concord/api';
import { FinanceModule } from './finance.module.js';

const financeApi: ApiDefinition = {
  layer: 'experience',
  name: 'finance',
  version: 1,
  title: 'Finance',
  description:
    'What encounters became in the books: charges, claim, journal entry, supplies and labor, with the proof that they balance, and what they earned.',
  dataClass: 'finance',
  module: FinanceModule,
};

export default financeApi;
