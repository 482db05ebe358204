import { Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { Practitioner, pageOf, type Page } from '@concord/canonical';
import { EhrConnector } from './connector.js';
import { PractitionerQuery } from './queries.js';

export const PractitionerPage = pageOf(Practitioner);

@Resource('practitioners')
export class PractitionersController {
  constructor(private readonly ehr: EhrConnector) {}

  @Endpoint('GET :id', { scope: 'ehr/practitioner.read', summary: 'Read a clinician', answer: Practitioner })
  readPractitioner(@Param('id') id: string): Promise<Practitioner> {
    return this.ehr.read('practitioner', id);
  }

  @Endpoint('GET', {
    scope: 'ehr/practitioner.read',
    summary: 'List clinicians by NPI and change',
    answer: PractitionerPage,
  })
  listPractitioners(@Query() query: PractitionerQuery): Promise<Page<Practitioner>> {
    return this.ehr.list('practitioner', query);
  }
}
