import type {
  ApprovalLevel,
  NewApproval,
  NewPurchaseOrder,
  NewRequisition,
  Page,
  PurchaseOrder,
  PurchaseOrderChange,
  Requisition,
  RequisitionChange,
} from '@concord/canonical';
import type { ApprovalLevelQuery, PurchaseOrderQuery, RequisitionQuery } from '../queries.js';

/** What a requisition is told to become; which of them it can, its status says. */
export type RequisitionStep = 'submit' | 'approve' | 'reject' | 'cancel';

/** Wishes to buy. */
export abstract class Requisitions {
  /**
   * Drafts one. The same business key again returns the first. Throws `unknown-code` for a legal entity, supplier, item,
   * account or cost center that is not known, or a unit that a stocked item has not; `validation-failed` for an amount that
   * cannot be.
   */
  abstract createRequisition(businessKey: string, requisition: NewRequisition): Promise<Requisition>;

  /** Throws `not-found`. */
  abstract readRequisition(id: string): Promise<Requisition>;

  /** By identifier. */
  abstract listRequisitions(query: RequisitionQuery): Promise<Page<Requisition>>;

  /**
   * Throws as `createRequisition`, `not-found`, `stale`, and `conflict` where it is no draft any more. With a business key
   * a change whose reply was lost is found done when it is repeated: no second effect, and no `stale` for what was our own.
   */
  abstract changeRequisition(
    id: string,
    expected: string,
    change: RequisitionChange,
    businessKey?: string,
  ): Promise<Requisition>;

  /**
   * A step that was taken already changes nothing. Throws `not-found`; `conflict` where the status does not allow it;
   * `approval-rejected` where the approver may not approve the total for a cost center of the lines.
   */
  abstract stepRequisition(id: string, step: RequisitionStep, approval?: NewApproval): Promise<Requisition>;
}

/** What a purchase order is told to become; which of them it can, its status says. */
export type PurchaseOrderStep = 'submit' | 'approve' | 'send' | 'close' | 'cancel';

/** Orders to suppliers. */
export abstract class PurchaseOrders {
  /**
   * Drafts an order. The same business key again returns the first. Throws `unknown-code` for a legal entity, supplier,
   * requisition, item, account, cost center or project that is not known, or a unit that a stocked item has not; `conflict`
   * for a supplier that is blocked; `validation-failed` for an amount that cannot be.
   */
  abstract createPurchaseOrder(businessKey: string, order: NewPurchaseOrder): Promise<PurchaseOrder>;

  /** Throws `not-found`. */
  abstract readPurchaseOrder(id: string): Promise<PurchaseOrder>;

  /** By identifier. */
  abstract listPurchaseOrders(query: PurchaseOrderQuery): Promise<Page<PurchaseOrder>>;

  /**
   * Throws as `createPurchaseOrder`, `not-found`, `stale`, and `conflict` where it is no draft any more. With a business
   * key a change whose reply was lost is found done when it is repeated: no second effect, and no `stale` for what was our own.
   */
  abstract changePurchaseOrder(
    id: string,
    expected: string,
    change: PurchaseOrderChange,
    businessKey?: string,
  ): Promise<PurchaseOrder>;

  /**
   * A step that was taken already changes nothing. An order that is submitted makes the requisition behind it an ordered
   * one. Throws `not-found`; `conflict` where the status does not allow it, or the requisition is not approved;
   * `approval-rejected` where the approver may not approve the total for a cost center of the order.
   */
  abstract stepPurchaseOrder(id: string, step: PurchaseOrderStep, approval?: NewApproval): Promise<PurchaseOrder>;
}

/** Who approves which amount for which cost center. */
export abstract class Approvals {
  /** By cost center and level. With `cost_center` and `amount`, the levels that have to approve it, in their order. */
  abstract listApprovalLevels(query: ApprovalLevelQuery): Promise<Page<ApprovalLevel>>;
}
