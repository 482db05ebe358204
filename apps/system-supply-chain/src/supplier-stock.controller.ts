import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { pageOf, SupplierStock, type Page } from '@concord/canonical';
import { Catalogue } from './ports/catalogue.port.js';
import { SupplierStockQuery } from './queries.js';

export const SupplierStockPage = pageOf(SupplierStock);

@Resource('supplier-stock')
export class SupplierStockController {
  constructor(private readonly catalogue: Catalogue) {}

  @Endpoint('GET', {
    scope: 'supply-chain/catalogue.read',
    summary: 'List what suppliers have, as they said last',
    answer: SupplierStockPage,
  })
  listSupplierStock(@Query() query: SupplierStockQuery): Promise<Page<SupplierStock>> {
    return this.catalogue.listSupplierStock(query);
  }
}
