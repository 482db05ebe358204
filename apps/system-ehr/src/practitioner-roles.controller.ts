import { Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { PractitionerRole, pageOf, type Page } from '@concord/canonical';
import { EhrConnector } from './connector.js';
import { PractitionerRoleQuery } from './queries.js';

export const PractitionerRolePage = pageOf(PractitionerRole);

@Resource('practitioner-roles')
export class PractitionerRolesController {
  constructor(private readonly ehr: EhrConnector) {}

  @Endpoint('GET :id', {
    scope: 'ehr/practitioner.read',
    summary: 'Read what a clinician does for an organization',
    answer: PractitionerRole,
  })
  readPractitionerRole(@Param('id') id: string): Promise<PractitionerRole> {
    return this.ehr.read('practitioner-role', id);
  }

  @Endpoint('GET', {
    scope: 'ehr/practitioner.read',
    summary: 'List roles of clinicians by clinician, place and change',
    answer: PractitionerRolePage,
  })
  listPractitionerRoles(@Query() query: PractitionerRoleQuery): Promise<Page<PractitionerRole>> {
    return this.ehr.list('practitioner-role', query);
  }
}
