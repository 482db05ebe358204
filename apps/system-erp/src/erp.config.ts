import { setting } from '@concord/api';

export class ErpConfig {
  @setting('CONNECTOR_ERP', 'Which connector serves enterprise resource planning', {
    oneOf: ['sandbox', 'tryton', 'odata'],
  })
  connector: 'sandbox' | 'tryton' | 'odata' = 'sandbox';
}
