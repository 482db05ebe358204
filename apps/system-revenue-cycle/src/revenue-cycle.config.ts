import { setting } from '@concord/api';
import { CONNECTORS } from './connectors/connectors.js';

export class RevenueCycleConfig {
  @setting('CONNECTOR_REVENUE_CYCLE', 'Which connector serves the revenue cycle', { oneOf: Object.keys(CONNECTORS) })
  connector: keyof typeof CONNECTORS = 'sandbox';
}
