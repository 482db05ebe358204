import { Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { EncounterCharge, pageOf, type Page } from '@concord/canonical';
import { EhrConnector } from './connector.js';
import { ChargeQuery } from './queries.js';

export const EncounterChargePage = pageOf(EncounterCharge);

@Resource('charges')
export class ChargesController {
  constructor(private readonly ehr: EhrConnector) {}

  @Endpoint('GET :id', { scope: 'ehr/charge.read', summary: 'Read a charge of the EHR', answer: EncounterCharge })
  readCharge(@Param('id') id: string): Promise<EncounterCharge> {
    return this.ehr.read('charge', id);
  }

  @Endpoint('GET', {
    scope: 'ehr/charge.read',
    summary: 'List charges by encounter, patient, status and change',
    answer: EncounterChargePage,
  })
  listCharges(@Query() query: ChargeQuery): Promise<Page<EncounterCharge>> {
    return this.ehr.list('charge', query);
  }
}
