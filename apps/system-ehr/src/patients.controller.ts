import { Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { Patient, pageOf, type Page } from '@concord/canonical';
import { EhrConnector } from './connector.js';
import { PatientQuery } from './queries.js';

export const PatientPage = pageOf(Patient);

@Resource('patients')
export class PatientsController {
  constructor(private readonly ehr: EhrConnector) {}

  @Endpoint('GET :id', { scope: 'ehr/patient.read', summary: 'Read the least of a patient', answer: Patient })
  readPatient(@Param('id') id: string): Promise<Patient> {
    return this.ehr.read('patient', id);
  }

  @Endpoint('GET', { scope: 'ehr/patient.read', summary: 'List patients by change', answer: PatientPage })
  listPatients(@Query() query: PatientQuery): Promise<Page<Patient>> {
    return this.ehr.list('patient', query);
  }
}
