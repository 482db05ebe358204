import type { ApiDefinition } from '@concord/api';
import { EhrModule } from './ehr.module.js';

const ehrApi: ApiDefinition = {
  layer: 'system',
  name: 'ehr',
  version: 1,
  title: 'Electronic health record',
  description:
    'Takes in what the EHR sends, as FHIR R4 or HL7 v2, and answers with encounters as finance needs them. The record itself stays with the EHR.',
  dataClass: 'phi',
  module: EhrModule,
};

export default ehrApi;
