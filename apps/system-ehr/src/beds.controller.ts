import { Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { Bed, pageOf, type Page } from '@concord/canonical';
import { EhrConnector } from './connector.js';
import { BedQuery } from './queries.js';

export const BedPage = pageOf(Bed);

@Resource('beds')
export class BedsController {
  constructor(private readonly ehr: EhrConnector) {}

  @Endpoint('GET :id', { scope: 'ehr/location.read', summary: 'Read a bed', answer: Bed })
  readBed(@Param('id') id: string): Promise<Bed> {
    return this.ehr.read('bed', id);
  }

  @Endpoint('GET', { scope: 'ehr/location.read', summary: 'List beds by place, status and change', answer: BedPage })
  listBeds(@Query() query: BedQuery): Promise<Page<Bed>> {
    return this.ehr.list('bed', query);
  }
}
