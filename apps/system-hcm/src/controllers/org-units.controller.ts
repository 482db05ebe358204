import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, IfMatch, Resource } from '@concord/api';
import { NewOrgUnit, OrgUnit, OrgUnitChange, pageOf, type Page } from '@concord/canonical';
import { HcmConnector } from '../connector.js';
import { OrgUnitQuery } from '../queries.js';

export const OrgUnitPage = pageOf(OrgUnit);

@Resource('org-units')
export class OrgUnitsController {
  constructor(private readonly hcm: HcmConnector) {}

  @Endpoint('POST', {
    scope: 'hcm/org-unit.write',
    summary: 'Add an org unit',
    status: 201,
    location: 'org-units',
    answer: OrgUnit,
  })
  createOrgUnit(@BusinessKey() key: string, @Body() fresh: NewOrgUnit): Promise<OrgUnit> {
    return this.hcm.orgUnits.create(key, fresh);
  }

  @Endpoint('PATCH :id', { scope: 'hcm/org-unit.write', summary: 'Change an org unit', answer: OrgUnit })
  changeOrgUnit(
    @Param('id') id: string,
    @IfMatch() expected: string,
    @BusinessKey() key: string,
    @Body() change: OrgUnitChange,
  ): Promise<OrgUnit> {
    return this.hcm.orgUnits.change(id, change, expected, key);
  }

  @Endpoint('GET :id', { scope: 'hcm/org-unit.read', summary: 'Read an org unit', answer: OrgUnit })
  readOrgUnit(@Param('id') id: string): Promise<OrgUnit> {
    return this.hcm.orgUnits.read(id);
  }

  @Endpoint('GET', {
    scope: 'hcm/org-unit.read',
    summary: 'List org units by the one above and by cost center',
    answer: OrgUnitPage,
  })
  listOrgUnits(@Query() query: OrgUnitQuery): Promise<Page<OrgUnit>> {
    return this.hcm.orgUnits.list(query);
  }
}
