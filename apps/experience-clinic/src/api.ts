import type { ApiDefinition } from '@concord/api';
import { ClinicModule } from './clinic.module.js';

const clinicApi: ApiDefinition = {
  layer: 'experience',
  name: 'clinic',
  version: 1,
  title: 'Clinic',
  description:
    'What a clinic asks of billing: where an encounter stands on its way to the books, and what a service will cost. It names no patient.',
  priority: 'care',
  dataClass: 'finance',
  module: ClinicModule,
};

export default clinicApi;
