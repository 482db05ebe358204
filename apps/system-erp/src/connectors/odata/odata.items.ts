import type { ErpItem, Page } from '@concord/canonical';
import { Items } from '../../ports/items.port.js';
import type { ErpItemQuery } from '../../queries.js';
import { toItem } from './purchasing.mapping.js';
import { pageOfRecords } from './odata.page.js';
import type { Condition, ODataRecords } from './odata.records.js';

export class ODataItems extends Items {
  constructor(private readonly records: ODataRecords) {
    super();
  }

  override async readItem(id: string): Promise<ErpItem> {
    return toItem(await this.records.read('items', id));
  }

  override listItems(query: ErpItemQuery): Promise<Page<ErpItem>> {
    const { name, kind, supplier } = query;
    const where: Condition[] = [
      ['name', 'has', name],
      ['kind', 'eq', kind],
      ['supplier', 'eq', supplier],
    ];
    return pageOfRecords(this.records, 'items', query, where, toItem);
  }
}
