import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { InventoryValuation, type Page, pageOf } from '@concord/canonical';
import { Valuation } from './ports/receiving.port.js';
import { InventoryValuationQuery } from './queries.js';

export const InventoryValuationPage = pageOf(InventoryValuation);

@Resource('inventory-valuations')
export class InventoryValuationsController {
  constructor(private readonly valuation: Valuation) {}

  @Endpoint('GET', {
    scope: 'erp/inventory-valuation.read',
    summary: 'List what the stock is worth, by item and location',
    answer: InventoryValuationPage,
  })
  listInventoryValuations(@Query() query: InventoryValuationQuery): Promise<Page<InventoryValuation>> {
    return this.valuation.listInventoryValuations(query);
  }
}
