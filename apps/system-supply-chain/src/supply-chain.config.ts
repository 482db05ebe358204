import { setting } from '@concord/api';

export class SupplyChainConfig {
  @setting('CONNECTOR_SUPPLY_CHAIN', 'Which connector serves the supply chain', { oneOf: ['sandbox'] })
  connector = 'sandbox' as const;
}
