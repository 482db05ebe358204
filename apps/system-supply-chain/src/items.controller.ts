import { Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { Item, ItemAvailability, pageOf, type Page } from '@concord/canonical';
import { Catalogue } from './ports/catalogue.port.js';
import { Stock } from './ports/stock.port.js';
import { ItemQuery } from './queries.js';

export const ItemPage = pageOf(Item);

@Resource('items')
export class ItemsController {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly stock: Stock,
  ) {}

  @Endpoint('GET :id', { scope: 'supply-chain/item.read', summary: 'Read an item', answer: Item })
  readItem(@Param('id') id: string): Promise<Item> {
    return this.catalogue.readItem(id);
  }

  @Endpoint('GET :id/availability', {
    scope: 'supply-chain/stock-level.read',
    summary: 'Say what there is of an item, everywhere',
    answer: ItemAvailability,
  })
  readItemAvailability(@Param('id') id: string): Promise<ItemAvailability> {
    return this.stock.readItemAvailability(id);
  }

  @Endpoint('GET', { scope: 'supply-chain/item.read', summary: 'List items by GTIN and text', answer: ItemPage })
  listItems(@Query() query: ItemQuery): Promise<Page<Item>> {
    return this.catalogue.listItems(query);
  }
}
