import { Param } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { Patient } from '@concord/canonical';
import { EhrConnector } from './connector.js';

@Resource('patients')
export class PatientsController {
  constructor(private readonly ehr: EhrConnector) {}

  @Endpoint('GET :id', { scope: 'ehr/patient.read', summary: 'Read the least of a patient', answer: Patient })
  readPatient(@Param('id') id: string): Promise<Patient> {
    return this.ehr.readPatient(id);
  }
}
