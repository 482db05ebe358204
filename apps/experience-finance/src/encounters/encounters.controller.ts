import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { FinancedEncounterPage, FinancedEncounterQuery } from './encounters.dto.js';
import { FinancedEncounters } from './financed-encounters.js';

@Resource('encounters')
export class EncountersController {
  constructor(private readonly encounters: FinancedEncounters) {}

  @Endpoint('GET', {
    scope: 'finance/encounter.read',
    summary: 'List financed encounters, newest day of service first',
    answer: FinancedEncounterPage,
    legalEntityParam: 'legal_entity',
  })
  listFinancials(@Query() query: FinancedEncounterQuery): Promise<FinancedEncounterPage> {
    return this.encounters.list(query);
  }
}
