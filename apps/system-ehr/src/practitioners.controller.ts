import { Param } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { Practitioner } from '@concord/canonical';
import { EhrConnector } from './connector.js';

@Resource('practitioners')
export class PractitionersController {
  constructor(private readonly ehr: EhrConnector) {}

  @Endpoint('GET :id', { scope: 'ehr/practitioner.read', summary: 'Read a clinician', answer: Practitioner })
  readPractitioner(@Param('id') id: string): Promise<Practitioner> {
    return this.ehr.readPractitioner(id);
  }
}
