import type {
  Backorder,
  NewSupplyOrder,
  NewSupplyRequisition,
  OrderConfirmation,
  Page,
  ShipmentNotice,
  SupplyOrder,
  SupplyOrderChange,
  SupplyRequisition,
  SupplyRequisitionChange,
} from '@concord/canonical';
import type {
  BackorderQuery,
  OrderConfirmationQuery,
  ShipmentNoticeQuery,
  SupplyOrderQuery,
  SupplyRequisitionQuery,
} from '../queries.js';

/** What locations ask for. */
export abstract class SupplyRequisitions {
  /** The same business key again returns the first. Throws `unknown-code`, `validation-failed`. */
  abstract createRequisition(businessKey: string, requisition: NewSupplyRequisition): Promise<SupplyRequisition>;

  /** Throws `not-found`. */
  abstract readRequisition(id: string): Promise<SupplyRequisition>;

  /** By identifier. */
  abstract listRequisitions(query: SupplyRequisitionQuery): Promise<Page<SupplyRequisition>>;

  /** Throws `not-found`, `stale`, `unknown-code`, and `conflict` where it is not open any more. */
  abstract changeRequisition(id: string, expected: string, change: SupplyRequisitionChange): Promise<SupplyRequisition>;

  /** One that is cancelled already is left as it is. Throws `not-found`; `conflict` where it was ordered. */
  abstract cancelRequisition(id: string): Promise<SupplyRequisition>;
}

/** Orders that go to suppliers. */
export abstract class SupplyOrders {
  /**
   * Sends an order. The same business key again returns the first. Throws `unknown-code` for a supplier, location, item,
   * unit or requisition that is not known; `conflict` where the number is taken; `validation-failed` for a quantity that
   * is not positive.
   */
  abstract createOrder(businessKey: string, order: NewSupplyOrder): Promise<SupplyOrder>;

  /** Throws `not-found`. */
  abstract readOrder(id: string): Promise<SupplyOrder>;

  /** By identifier. With `unacknowledged_since`, those sent before and not acknowledged yet. */
  abstract listOrders(query: SupplyOrderQuery): Promise<Page<SupplyOrder>>;

  /**
   * Changes it, or asks the supplier to, where he has to agree: then `change` says so until he has answered, and the lines
   * stay as they were. Throws `not-found`; `stale`; `unknown-code`; `validation-failed` for a line that is not of the order
   * or becomes another; `conflict` for an order that is closed, of which he was asked something else, or of which more was
   * shipped than is wanted now; `not-supported` where he cannot be asked by this way.
   */
  abstract changeOrder(id: string, expected: string, change: SupplyOrderChange): Promise<SupplyOrder>;

  /**
   * Cancels it, or asks the supplier to, where he has to agree: then `cancellation` says so until he has answered. One that
   * is cancelled, or of which he was asked, is left as it is. Throws `not-found`; `conflict` once something was shipped;
   * `not-supported` where he cannot be asked by this way.
   */
  abstract cancelOrder(id: string): Promise<SupplyOrder>;
}

/** What suppliers answer. Each list is in the order of its identifiers. */
export abstract class Fulfilment {
  abstract listOrderConfirmations(query: OrderConfirmationQuery): Promise<Page<OrderConfirmation>>;

  abstract listShipmentNotices(query: ShipmentNoticeQuery): Promise<Page<ShipmentNotice>>;

  /** Only what is still owed. */
  abstract listBackorders(query: BackorderQuery): Promise<Page<Backorder>>;
}
