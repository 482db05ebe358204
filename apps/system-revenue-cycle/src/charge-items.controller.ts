import { Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { ChargeItem, pageOf, type Page } from '@concord/canonical';
import { RevenueCycleConnector } from './connector.js';
import { ChargeItemQuery } from './queries.js';

export const ChargeItemPage = pageOf(ChargeItem);

@Resource('charge-items')
export class ChargeItemsController {
  constructor(private readonly revenueCycle: RevenueCycleConnector) {}

  @Endpoint('GET :code', {
    scope: 'revenue-cycle/charge-item.read',
    summary: 'Read an entry of the charge master',
    answer: ChargeItem,
  })
  readChargeItem(@Param('code') code: string): Promise<ChargeItem> {
    return this.revenueCycle.readChargeItem(code);
  }

  @Endpoint('GET', {
    scope: 'revenue-cycle/charge-item.read',
    summary: 'List the charge master, by service line',
    answer: ChargeItemPage,
  })
  listChargeItems(@Query() query: ChargeItemQuery): Promise<Page<ChargeItem>> {
    return this.revenueCycle.listChargeItems(query);
  }
}
