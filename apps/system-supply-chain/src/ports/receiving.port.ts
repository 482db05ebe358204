import type { NewReversal, NewShipmentReceipt, Page, ShipmentReceipt } from '@concord/canonical';
import type { ShipmentReceiptQuery } from '../queries.js';

/** What comes of what suppliers have sent off. */
export abstract class Receiving {
  /**
   * Raises the stock of a location by what came of a shipment, or of a part of it, in stock units, under the lots of the
   * notice; the notice and its order say then what was received. The same business key again returns the first receipt.
   * Throws `unknown-code` for a shipment or location that is not known; `validation-failed` for a line that is not of the
   * notice, a quantity that is not positive, a lot, serial number or expiry other than the notice tells, or no lot where
   * the item is tracked by lot; `conflict` where more came than was sent off, unless the line says that it is kept (its
   * context names what was sent off and received), or where nothing is to come any more.
   */
  abstract createShipmentReceipt(businessKey: string, receipt: NewShipmentReceipt): Promise<ShipmentReceipt>;

  /** Throws `not-found`. */
  abstract readShipmentReceipt(id: string): Promise<ShipmentReceipt>;

  /** In the order of booking. */
  abstract listShipmentReceipts(query: ShipmentReceiptQuery): Promise<Page<ShipmentReceipt>>;

  /**
   * Takes a receipt back, at the value it had, whether or not all of it still lies there, and answers with that new
   * receipt, whose quantities and values are negative; it may be received anew. The same business key again returns the
   * first reversal. Throws `not-found`; `conflict` for one that was taken back already (its context names by what), or
   * that takes one back itself.
   */
  abstract reverseShipmentReceipt(businessKey: string, id: string, reversal: NewReversal): Promise<ShipmentReceipt>;
}
