import { setting } from '@concord/api';

export class SupplyChainConfig {
  @setting('CONNECTOR_SUPPLY_CHAIN', 'Which connector serves the supply chain', {
    oneOf: ['sandbox', 'tryton'],
  })
  connector: 'sandbox' | 'tryton' = 'sandbox';
}
