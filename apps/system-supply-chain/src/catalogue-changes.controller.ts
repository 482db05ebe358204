import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { CatalogueChange, pageOf, type Page } from '@concord/canonical';
import { Catalogue } from './ports/catalogue.port.js';
import { CatalogueChangeQuery } from './queries.js';

export const CatalogueChangePage = pageOf(CatalogueChange);

@Resource('catalogue-changes')
export class CatalogueChangesController {
  constructor(private readonly catalogue: Catalogue) {}

  @Endpoint('GET', {
    scope: 'supply-chain/catalogue.read',
    summary: 'List what suppliers said about their catalogues',
    answer: CatalogueChangePage,
  })
  listCatalogueChanges(@Query() query: CatalogueChangeQuery): Promise<Page<CatalogueChange>> {
    return this.catalogue.listCatalogueChanges(query);
  }
}
