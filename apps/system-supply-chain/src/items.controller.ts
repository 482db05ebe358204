import { Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { Item, pageOf, type Page } from '@concord/canonical';
import { SupplyChainConnector } from './connector.js';
import { ItemQuery } from './queries.js';

export const ItemPage = pageOf(Item);

@Resource('items')
export class ItemsController {
  constructor(private readonly supplyChain: SupplyChainConnector) {}

  @Endpoint('GET :id', { scope: 'supply-chain/item.read', summary: 'Read an item', answer: Item })
  readItem(@Param('id') id: string): Promise<Item> {
    return this.supplyChain.readItem(id);
  }

  @Endpoint('GET', { scope: 'supply-chain/item.read', summary: 'List items by GTIN and text', answer: ItemPage })
  listItems(@Query() query: ItemQuery): Promise<Page<Item>> {
    return this.supplyChain.listItems(query);
  }
}
