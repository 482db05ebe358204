import { Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { Encounter, pageOf, type Page } from '@concord/canonical';
import { EhrConnector } from './connector.js';
import { EncounterQuery } from './queries.js';

export const EncounterPage = pageOf(Encounter);

@Resource('encounters')
export class EncountersController {
  constructor(private readonly ehr: EhrConnector) {}

  @Endpoint('GET :id', {
    scope: 'ehr/encounter.read',
    summary: 'Read an encounter as finance needs it',
    answer: Encounter,
  })
  readEncounter(@Param('id') id: string): Promise<Encounter> {
    return this.ehr.readEncounter(id);
  }

  @Endpoint('GET', {
    scope: 'ehr/encounter.read',
    summary: 'List encounters by status and change',
    answer: EncounterPage,
  })
  listEncounters(@Query() query: EncounterQuery): Promise<Page<Encounter>> {
    return this.ehr.listEncounters(query);
  }
}
