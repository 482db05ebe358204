import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { pageOf, SupplierItem, type Page } from '@concord/canonical';
import { Catalogue } from './ports/catalogue.port.js';
import { SupplierItemQuery } from './queries.js';

export const SupplierItemPage = pageOf(SupplierItem);

@Resource('supplier-items')
export class SupplierItemsController {
  constructor(private readonly catalogue: Catalogue) {}

  @Endpoint('GET', {
    scope: 'supply-chain/catalogue.read',
    summary: 'List how suppliers sell items',
    answer: SupplierItemPage,
  })
  listSupplierItems(@Query() query: SupplierItemQuery): Promise<Page<SupplierItem>> {
    return this.catalogue.listSupplierItems(query);
  }
}
