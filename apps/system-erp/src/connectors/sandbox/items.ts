import type { ErpItem, Page } from '@concord/canonical';
import { sql } from 'kysely';
import { Items } from '../../ports/items.port.js';
import type { ErpItemQuery } from '../../queries.js';
import { containing } from './containing.js';
import type { Documents } from './documents.store.js';

export class SandboxItems extends Items {
  constructor(private readonly items: Documents<ErpItem>) {
    super();
  }

  override readItem(id: string): Promise<ErpItem> {
    return this.items.read(id);
  }

  override listItems(query: ErpItemQuery): Promise<Page<ErpItem>> {
    const { kind, supplier, name } = query;
    return this.items.list(query, { kind, supplier }, containing(sql`body ->> 'name'`, name));
  }
}
