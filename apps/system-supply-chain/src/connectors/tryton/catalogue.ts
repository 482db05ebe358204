import {
  Problem,
  type CatalogueChange,
  type Item,
  type Page,
  type SupplierItem,
  type SupplierStock,
} from '@concord/canonical';
import { Catalogue } from '../../ports/catalogue.port.js';
import type { ItemQuery } from '../../queries.js';
import type { TrytonItems } from './items.js';

/** The items of Tryton. What suppliers say about them does not come by it. */
export class TrytonCatalogue extends Catalogue {
  constructor(private readonly items: TrytonItems) {
    super();
  }

  override readItem(id: string): Promise<Item> {
    return this.items.read(id);
  }

  override listItems(query: ItemQuery): Promise<Page<Item>> {
    return this.items.list(query);
  }

  override async listSupplierItems(): Promise<Page<SupplierItem>> {
    throw new Problem('not-supported', undefined, { context: { capability: 'catalogue.supplierItems' } });
  }

  override async listSupplierStock(): Promise<Page<SupplierStock>> {
    throw new Problem('not-supported', undefined, { context: { capability: 'catalogue.supplierStock' } });
  }

  override async listCatalogueChanges(): Promise<Page<CatalogueChange>> {
    throw new Problem('not-supported', undefined, { context: { capability: 'catalogue.changes' } });
  }
}
