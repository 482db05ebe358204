import { setting } from '@concord/api';

export class RevenueCycleConfig {
  @setting('CONNECTOR_REVENUE_CYCLE', 'Which connector serves the revenue cycle', { oneOf: ['sandbox'] })
  connector = 'sandbox' as const;
}
