import { setting } from '@concord/api';

export class HcmConfig {
  @setting('CONNECTOR_HCM', 'Which connector serves human capital management', { oneOf: ['sandbox', 'rest', 'files'] })
  connector: 'sandbox' | 'rest' | 'files' = 'sandbox';
}
