import type { ApiDefinition } from '@concord/api';
import { OperationsModule } from './operations.module.js';

const operationsApi: ApiDefinition = {
  layer: 'experience',
  name: 'operations',
  version: 1,
  title: 'Operations',
  description:
    'Where every run of every workflow stands, what waits for a person, and how it is put right: preview, resolve, resume.',
  dataClass: 'finance',
  module: OperationsModule,
};

export default operationsApi;
