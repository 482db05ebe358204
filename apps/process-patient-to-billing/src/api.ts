import type { ApiDefinition } from '@concord/api';
import { encounterToFinance } from './encounter-to-finance.workflow.js';
import { messageToEhr } from './message-to-ehr.workflow.js';
import { PatientToBillingModule } from './patient-to-billing.module.js';

const patientToBillingApi: ApiDefinition = {
  layer: 'process',
  name: 'patient-to-billing',
  version: 1,
  title: 'Patient to billing',
  description: 'Turns finished encounters into charges, claims, stock adjustments, labor allocations and postings.',
  dataClass: 'finance',
  module: PatientToBillingModule,
};

export const workflows = [encounterToFinance.definition, messageToEhr.definition];

export default patientToBillingApi;
