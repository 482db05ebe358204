import { Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { CareLocation, pageOf, type Page } from '@concord/canonical';
import { EhrConnector } from './connector.js';
import { LocationQuery } from './queries.js';

export const CareLocationPage = pageOf(CareLocation);

@Resource('locations')
export class LocationsController {
  constructor(private readonly ehr: EhrConnector) {}

  @Endpoint('GET :id', { scope: 'ehr/location.read', summary: 'Read a place', answer: CareLocation })
  readLocation(@Param('id') id: string): Promise<CareLocation> {
    return this.ehr.read('location', id);
  }

  @Endpoint('GET', {
    scope: 'ehr/location.read',
    summary: 'List places by kind, parent and change',
    answer: CareLocationPage,
  })
  listLocations(@Query() query: LocationQuery): Promise<Page<CareLocation>> {
    return this.ehr.list('location', query);
  }
}
