import { setting } from '@concord/api';
import { CONNECTORS } from './connectors/connectors.js';

export class SupplyChainConfig {
  @setting('CONNECTOR_SUPPLY_CHAIN', 'Which connector serves the supply chain', { oneOf: Object.keys(CONNECTORS) })
  connector: keyof typeof CONNECTORS = 'sandbox';
}
