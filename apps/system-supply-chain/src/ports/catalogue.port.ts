import type {
  CatalogueChange,
  ContractPrice,
  Item,
  Page,
  SupplierItem,
  SupplierStock,
  SupplyContract,
} from '@concord/canonical';
import type {
  CatalogueChangeQuery,
  ContractPriceQuery,
  ItemQuery,
  SupplierItemQuery,
  SupplierStockQuery,
  SupplyContractQuery,
} from '../queries.js';

/** What there is to buy. */
export abstract class Catalogue {
  /** Throws `not-found`. */
  abstract readItem(id: string): Promise<Item>;

  /** By item number. */
  abstract listItems(query: ItemQuery): Promise<Page<Item>>;

  /** By supplier and item. */
  abstract listSupplierItems(query: SupplierItemQuery): Promise<Page<SupplierItem>>;

  /** What suppliers have, as they said last, by supplier and number. */
  abstract listSupplierStock(query: SupplierStockQuery): Promise<Page<SupplierStock>>;

  /** In the order in which the suppliers said them. */
  abstract listCatalogueChanges(query: CatalogueChangeQuery): Promise<Page<CatalogueChange>>;
}

/** At which prices it was agreed to be bought. */
export abstract class Contracts {
  /** By contract. */
  abstract listContracts(query: SupplyContractQuery): Promise<Page<SupplyContract>>;

  /** Throws `not-found`. */
  abstract readContract(id: string): Promise<SupplyContract>;

  /** By item and contract; with `date`, those that hold on that day. */
  abstract listContractPrices(query: ContractPriceQuery): Promise<Page<ContractPrice>>;
}
