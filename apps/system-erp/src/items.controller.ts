import { Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { ErpItem, type Page, pageOf } from '@concord/canonical';
import { Items } from './ports/items.port.js';
import { ErpItemQuery } from './queries.js';

export const ErpItemPage = pageOf(ErpItem);

@Resource('items')
export class ItemsController {
  constructor(private readonly items: Items) {}

  @Endpoint('GET :id', { scope: 'erp/item.read', summary: 'Read an item', answer: ErpItem })
  readItem(@Param('id') id: string): Promise<ErpItem> {
    return this.items.readItem(id);
  }

  @Endpoint('GET', { scope: 'erp/item.read', summary: 'List items by name, kind and supplier', answer: ErpItemPage })
  listItems(@Query() query: ErpItemQuery): Promise<Page<ErpItem>> {
    return this.items.listItems(query);
  }
}
