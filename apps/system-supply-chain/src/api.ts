import type { ApiDefinition } from '@concord/api';
import { SupplyChainModule } from './supply-chain.module.js';

const supplyChainApi: ApiDefinition = {
  layer: 'system',
  name: 'supply-chain',
  version: 1,
  title: 'Supply chain',
  description:
    'The item master, what suppliers charge for items, how much lies where by lot, what is taken from there, and what is ordered, confirmed and shipped.',
  dataClass: 'finance',
  fallbacks: { items: 'estimate' },
  module: SupplyChainModule,
};

export default supplyChainApi;
