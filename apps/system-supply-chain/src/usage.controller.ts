import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { ItemUsage, pageOf, type Page } from '@concord/canonical';
import { Stock } from './ports/stock.port.js';
import { ItemUsageQuery } from './queries.js';

export const ItemUsagePage = pageOf(ItemUsage);

@Resource('usage')
export class UsageController {
  constructor(private readonly stock: Stock) {}

  @Endpoint('GET', {
    scope: 'supply-chain/stock-level.read',
    summary: 'List how much of each item was used where',
    answer: ItemUsagePage,
  })
  listItemUsage(@Query() query: ItemUsageQuery): Promise<Page<ItemUsage>> {
    return this.stock.listItemUsage(query);
  }
}
