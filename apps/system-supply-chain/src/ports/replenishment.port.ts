import type { NewReversal, NewStockTransfer, Page, ReplenishmentNeed, StockTransfer } from '@concord/canonical';
import type { ReplenishmentNeedQuery, StockTransferQuery } from '../queries.js';

/** What is carried from one location to another. */
export abstract class Transfers {
  /**
   * Moves items, each at its unit cost. The same business key again returns the first transfer. Throws `unknown-code` for
   * a location or item that is not known, or a unit that is not the stock unit; `validation-failed` for no lines, a
   * quantity that is not positive, or a way that leads back where it began; `conflict` where less lies there, of the item
   * or of the lot, than is to be moved: its context names the item and what lies there.
   */
  abstract createStockTransfer(businessKey: string, transfer: NewStockTransfer): Promise<StockTransfer>;

  /** Throws `not-found`. */
  abstract readStockTransfer(id: string): Promise<StockTransfer>;

  /** In the order of booking. */
  abstract listStockTransfers(query: StockTransferQuery): Promise<Page<StockTransfer>>;

  /**
   * Takes a transfer back, at the value it had, and answers with the transfer the other way, whether or not all of it
   * still lies there: it says that nothing was moved. The same business key again returns the first reversal. Throws
   * `not-found`; `conflict` for one that was taken back already (its context names by what), or that takes one back itself.
   */
  abstract reverseStockTransfer(businessKey: string, id: string, reversal: NewReversal): Promise<StockTransfer>;
}

/** What is missing where. */
export abstract class Replenishment {
  /** By location and item, only where something is missing to the par level; with `due`, only what is below the reorder point. */
  abstract listReplenishmentNeeds(query: ReplenishmentNeedQuery): Promise<Page<ReplenishmentNeed>>;
}
