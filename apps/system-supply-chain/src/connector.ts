import type {
  ContractPrice,
  Item,
  NewReversal,
  NewStockAdjustment,
  Page,
  StockAdjustment,
  StockLevel,
} from '@concord/canonical';
import type { ContractPriceQuery, ItemQuery, StockAdjustmentQuery, StockLevelQuery } from './queries.js';

/**
 * What Concord asks of a supply chain platform, in canonical words. Every method may also fail with
 * `upstream-unavailable` or `upstream-timeout`; after either, a write is repeated with the same business key. A business
 * key names one call of one operation: the same key may name an adjustment and, apart from it, a reversal.
 */
export abstract class SupplyChainConnector {
  /** Throws `not-found`. */
  abstract readItem(id: string): Promise<Item>;

  /** By item number. */
  abstract listItems(query: ItemQuery): Promise<Page<Item>>;

  /** By location and item. */
  abstract listStockLevels(query: StockLevelQuery): Promise<Page<StockLevel>>;

  /** By item and contract. */
  abstract listContractPrices(query: ContractPriceQuery): Promise<Page<ContractPrice>>;

  /**
   * Takes items from a location, each at its unit cost. What was used was used: stock may fall below zero. The same
   * business key again returns the first adjustment. Throws `unknown-code` for a location or item that is not known, or a
   * unit that is not the stock unit of the item (the context names the stock unit); `validation-failed` for no lines, or
   * a quantity that is not positive.
   */
  abstract createStockAdjustment(businessKey: string, adjustment: NewStockAdjustment): Promise<StockAdjustment>;

  /** Throws `not-found`. */
  abstract readStockAdjustment(id: string): Promise<StockAdjustment>;

  /** In the order of booking. */
  abstract listStockAdjustments(query: StockAdjustmentQuery): Promise<Page<StockAdjustment>>;

  /**
   * Returns what an adjustment took, at the value it had then, and answers with that new adjustment, whose quantities and
   * values are negative. The same business key again returns the first reversal. Throws `not-found`; throws `conflict`
   * for an adjustment that is reversed already (its context names the reversal), or that is a reversal itself.
   */
  abstract reverseStockAdjustment(businessKey: string, id: string, reversal: NewReversal): Promise<StockAdjustment>;
}
