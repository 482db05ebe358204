import { Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { SupplyUseRecord, pageOf, type Page } from '@concord/canonical';
import { EhrConnector } from './connector.js';
import { SupplyUseQuery } from './queries.js';

export const SupplyUseRecordPage = pageOf(SupplyUseRecord);

@Resource('supply-uses')
export class SupplyUsesController {
  constructor(private readonly ehr: EhrConnector) {}

  @Endpoint('GET :id', {
    scope: 'ehr/supply-use.read',
    summary: 'Read the use of a device, a supply or a drug',
    answer: SupplyUseRecord,
  })
  readSupplyUse(@Param('id') id: string): Promise<SupplyUseRecord> {
    return this.ehr.read('supply-use', id);
  }

  @Endpoint('GET', {
    scope: 'ehr/supply-use.read',
    summary: 'List uses of devices, supplies and drugs by encounter, patient, kind and change',
    answer: SupplyUseRecordPage,
  })
  listSupplyUses(@Query() query: SupplyUseQuery): Promise<Page<SupplyUseRecord>> {
    return this.ehr.list('supply-use', query);
  }
}
