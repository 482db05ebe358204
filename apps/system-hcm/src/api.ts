import type { ApiDefinition } from '@concord/api';
import { HcmModule } from './hcm.module.js';

const hcmApi: ApiDefinition = {
  layer: 'system',
  name: 'hcm',
  version: 1,
  title: 'Human capital management',
  description:
    'Workers, their places, time, pay, credentials, coming and going, and the labor that is laid on service lines.',
  dataClass: 'finance',
  fallbacks: { 'labor-rates': 'accrue' },
  module: HcmModule,
};

export default hcmApi;
