import type {
  ItemAvailability,
  ItemUsage,
  NewReversal,
  NewStockAdjustment,
  Page,
  ParLevel,
  ParLevelChange,
  StockAdjustment,
  StockLevel,
  StockLot,
} from '@concord/canonical';
import type {
  ItemUsageQuery,
  ParLevelQuery,
  StockAdjustmentQuery,
  StockLevelQuery,
  StockLotQuery,
} from '../queries.js';

/** What lies where, and what is taken from there. */
export abstract class Stock {
  /** By location and item. */
  abstract listStockLevels(query: StockLevelQuery): Promise<Page<StockLevel>>;

  /** By location, item, lot and serial number. */
  abstract listStockLots(query: StockLotQuery): Promise<Page<StockLot>>;

  /** Everything about one item in one answer. Throws `not-found`. */
  abstract readItemAvailability(id: string): Promise<ItemAvailability>;

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

  /** By location and item: what was used on the days asked for. */
  abstract listItemUsage(query: ItemUsageQuery): Promise<Page<ItemUsage>>;
}

/** What should lie where. */
export abstract class ParLevels {
  /** By location and item. */
  abstract listParLevels(query: ParLevelQuery): Promise<Page<ParLevel>>;

  /** Throws `not-found`. */
  abstract readParLevel(id: string): Promise<ParLevel>;

  /** Throws `not-found`; `stale` where `expected` is neither `*` nor the revision there is; `validation-failed`. */
  abstract changeParLevel(id: string, expected: string, change: ParLevelChange): Promise<ParLevel>;
}
