import type {
  GoodsReceipt,
  InventoryValuation,
  NewGoodsReceipt,
  NewReservation,
  NewReversal,
  Page,
  Reservation,
} from '@concord/canonical';
import type { GoodsReceiptQuery, InventoryValuationQuery, ReservationQuery } from '../queries.js';

/** What has come of what was ordered. */
export abstract class GoodsReceipts {
  /**
   * Takes in what has come, posts its value, and moves the order on. The same business key again returns the first
   * receipt. Throws `unknown-code` for an order or a line that is not known; `conflict` for an order that does not take
   * receipts, or more than was ordered and the tolerance allows; `period-closed`.
   */
  abstract createGoodsReceipt(businessKey: string, receipt: NewGoodsReceipt): Promise<GoodsReceipt>;

  /** Throws `not-found`. */
  abstract readGoodsReceipt(id: string): Promise<GoodsReceipt>;

  /** By identifier. */
  abstract listGoodsReceipts(query: GoodsReceiptQuery): Promise<Page<GoodsReceipt>>;

  /**
   * Gives back what the receipt took in. One that is reversed already is left as it is. Throws `not-found`; `conflict`
   * where it was invoiced already; `period-closed`.
   */
  abstract reverseGoodsReceipt(businessKey: string, id: string, reversal: NewReversal): Promise<GoodsReceipt>;
}

/** Stock that is set aside. */
export abstract class Reservations {
  /**
   * The same business key again returns the first. Throws `unknown-code` for an item, unit or location that is not known,
   * `insufficient-stock` for more than is there and not set aside.
   */
  abstract createReservation(businessKey: string, reservation: NewReservation): Promise<Reservation>;

  /** Throws `not-found`. */
  abstract readReservation(id: string): Promise<Reservation>;

  /** By identifier. */
  abstract listReservations(query: ReservationQuery): Promise<Page<Reservation>>;

  /** One that is released already is left as it is. Throws `not-found`; `conflict` for one that is fulfilled. */
  abstract releaseReservation(id: string): Promise<Reservation>;
}

/** What the stock is worth. */
export abstract class Valuation {
  /** By item and location. */
  abstract listInventoryValuations(query: InventoryValuationQuery): Promise<Page<InventoryValuation>>;
}
