import {
  isChangedSince,
  pageOfList,
  Problem,
  type CatalogueChange,
  type ContractPrice,
  type Item,
  type Page,
  type PageQuery,
  type SupplierItem,
  type SupplierStock,
  type SupplyContract,
} from '@concord/canonical';
import type { FaultInjection } from '@concord/resilience';
import type { Documents } from '../held/documents.store.js';
import type { Catalogue as CataloguePort, Contracts } from '../ports/catalogue.port.js';
import type {
  CatalogueChangeQuery,
  ContractPriceQuery,
  ItemQuery,
  SupplierItemQuery,
  SupplierStockQuery,
  SupplyContractQuery,
} from '../queries.js';
import { listPriceOn } from './list-price.js';
import { priceKey, type Catalogue } from './catalogue.store.js';

export interface Surroundings {
  readonly catalogue: () => Catalogue;
  readonly documents: Documents;
  readonly clock: () => Date;
  readonly faults: FaultInjection;
}

export class OwnCatalogue implements CataloguePort {
  constructor(private readonly stores: Surroundings) {}

  readItem(id: string): Promise<Item> {
    const { catalogue, faults } = this.stores;
    return faults.around('readItem', async () => {
      const item = catalogue().items.get(id);
      if (!item) throw new Problem('not-found', 'There is no such item');
      return item;
    });
  }

  listItems(query: ItemQuery): Promise<Page<Item>> {
    const { gtin, text } = query;
    const words = text?.toLowerCase() ?? '';
    const asked = (item: Item) =>
      isChangedSince(item, query) &&
      (!gtin || item.gtin === gtin) &&
      `${item.id} ${item.name}`.toLowerCase().includes(words);
    const items = ({ items: all }: Catalogue) => [...all.values()].filter(asked);
    return held(this.stores, 'listItems', query, items, ({ id }) => id);
  }

  listSupplierItems(query: SupplierItemQuery): Promise<Page<SupplierItem>> {
    const { catalogue, documents, clock, faults } = this.stores;
    const asked = { supplier: query.supplier, itemId: query.item_id };
    const today = clock().toISOString().slice(0, 10);
    return faults.around('listSupplierItems', async () => {
      const page = await documents.list('supplier-item', query, asked);
      const { items: known } = catalogue();
      const priced = (sold: SupplierItem) => ({ ...sold, listPrice: listPriceOn(sold, known.get(sold.itemId), today) });
      return { ...page, items: page.items.map(priced) };
    });
  }

  listSupplierStock(query: SupplierStockQuery): Promise<Page<SupplierStock>> {
    const { documents, faults } = this.stores;
    const asked = { supplier: query.supplier, itemId: query.item_id };
    return faults.around('listSupplierStock', () => documents.list('supplier-stock', query, asked));
  }

  listCatalogueChanges(query: CatalogueChangeQuery): Promise<Page<CatalogueChange>> {
    const { documents, faults } = this.stores;
    const { supplier, kind } = query;
    return faults.around('listCatalogueChanges', () => documents.list('catalogue-change', query, { supplier, kind }));
  }
}

export class OwnContracts implements Contracts {
  constructor(private readonly stores: Surroundings) {}

  listContracts(query: SupplyContractQuery): Promise<Page<SupplyContract>> {
    const { documents, faults } = this.stores;
    return faults.around('listContracts', () => documents.list('contract', query, { supplier: query.supplier }));
  }

  readContract(id: string): Promise<SupplyContract> {
    const { documents, faults } = this.stores;
    return faults.around('readContract', () => documents.read('contract', id));
  }

  listContractPrices(query: ContractPriceQuery): Promise<Page<ContractPrice>> {
    const prices = ({ contractPrices }: Catalogue) => contractPrices.filter((price) => isAsked(price, query));
    return held(this.stores, 'listContractPrices', query, prices, priceKey);
  }
}

/** Whether a price is asked for: its item, its supplier, that it holds on the day, and when it was changed. */
export const isAsked = (price: ContractPrice, query: ContractPriceQuery): boolean => {
  const { itemId, supplier, validFrom, validTo } = price;
  const { item_id, supplier: from, date } = query;
  return (
    isChangedSince(price, query) &&
    (!item_id || itemId === item_id) &&
    (!from || supplier === from) &&
    (!date || ((validFrom ?? date) <= date && date <= (validTo ?? date)))
  );
};

/** A page of what the sandbox holds in memory. */
function held<T>(
  { catalogue, faults }: Surroundings,
  operation: string,
  query: PageQuery,
  items: (catalogue: Catalogue) => T[],
  keyOf: (item: T) => string,
): Promise<Page<T>> {
  return faults.around(operation, async () => pageOfList(items(catalogue()), query, keyOf));
}
