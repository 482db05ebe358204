import { setting } from '@concord/api';

export class ErpConfig {
  @setting('CONNECTOR_ERP', 'Which connector serves enterprise resource planning', { oneOf: ['sandbox', 'tryton'] })
  connector: 'sandbox' | 'tryton' = 'sandbox';
}
