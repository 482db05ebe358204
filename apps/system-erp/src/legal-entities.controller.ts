import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { LegalEntity, pageOf, PageQuery, type Page } from '@concord/canonical';
import { ErpConnector } from './connector.js';

export const LegalEntityPage = pageOf(LegalEntity);

@Resource('legal-entities')
export class LegalEntitiesController {
  constructor(private readonly erp: ErpConnector) {}

  @Endpoint('GET', {
    scope: 'erp/legal-entity.read',
    summary: 'List the companies that keep books',
    answer: LegalEntityPage,
  })
  listLegalEntities(@Query() query: PageQuery): Promise<Page<LegalEntity>> {
    return this.erp.listLegalEntities(query);
  }
}
