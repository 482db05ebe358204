import { Problem } from '@concord/canonical';
import type { PurchaseOrderStatus, Requisition } from '@concord/canonical';
import type { PurchaseOrderStep, RequisitionStep } from '../ports/purchasing.port.js';

/** From where a step may be taken, where it leads, and where it was taken already. */
interface Step<Status> {
  readonly from: readonly Status[];
  readonly to: Status;
  /** Statuses that are reached through `to` only. */
  readonly after?: readonly Status[];
}

export const PURCHASE_ORDER_STEPS: Record<PurchaseOrderStep, Step<PurchaseOrderStatus>> = {
  submit: { from: ['draft'], to: 'submitted', after: ['approved', 'sent', 'partially-received', 'received', 'closed'] },
  approve: { from: ['submitted'], to: 'approved', after: ['sent', 'partially-received', 'received', 'closed'] },
  send: { from: ['approved'], to: 'sent', after: ['partially-received', 'received', 'closed'] },
  close: { from: ['sent', 'partially-received', 'received'], to: 'closed' },
  cancel: { from: ['draft', 'submitted', 'approved', 'sent'], to: 'cancelled' },
};

export const REQUISITION_STEPS: Record<RequisitionStep, Step<Requisition['status']>> = {
  submit: { from: ['draft'], to: 'submitted', after: ['approved', 'rejected', 'ordered'] },
  approve: { from: ['submitted'], to: 'approved', after: ['ordered'] },
  reject: { from: ['submitted'], to: 'rejected' },
  cancel: { from: ['draft', 'submitted', 'approved'], to: 'cancelled' },
};

/** The status after a step, or undefined where it was taken before. Throws `conflict` where it cannot be taken. */
export function after<Status extends string>(status: Status, step: string, { from, to, after = [] }: Step<Status>) {
  if (status === to || after.includes(status)) return undefined;
  if (from.includes(status)) return to;
  throw new Problem('conflict', `What is ${status} does not take the step ${step}`, { context: { status, step } });
}
