import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { LegalEntity, pageOf, type Page } from '@concord/canonical';
import { LedgerStructure } from './ports/ledger-structure.port.js';
import { LegalEntityQuery } from './queries.js';

export const LegalEntityPage = pageOf(LegalEntity);

@Resource('legal-entities')
export class LegalEntitiesController {
  constructor(private readonly structure: LedgerStructure) {}

  @Endpoint('GET', {
    scope: 'erp/legal-entity.read',
    summary: 'List the companies that keep books',
    answer: LegalEntityPage,
  })
  listLegalEntities(@Query() query: LegalEntityQuery): Promise<Page<LegalEntity>> {
    return this.structure.listLegalEntities(query);
  }
}
