import type { ApiDefinition } from '@concord/api';
import { HcmModule } from './hcm.module.js';

const hcmApi: ApiDefinition = {
  layer: 'system',
  name: 'hcm',
  version: 1,
  title: 'Human capital management',
  description: 'Workers and their shifts, what an hour of a role costs, and the hours that are laid on service lines.',
  dataClass: 'finance',
  module: HcmModule,
};

export default hcmApi;
