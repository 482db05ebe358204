import { choice, code, day, decimal, count, list, nested, text } from './field.js';
import { changeOf } from './merge-patch.js';
import { Money } from './money.js';
import { changedAt, revision } from './revision.js';

/** One thing that is bought. */
export class NewPurchaseOrderLine {
  @code('Item; absent where the line is described in words only', { optional: true })
  item?: string;

  @text('What is bought', { example: 'Influenza vaccine, 0.5 mL syringe' })
  description!: string;

  @decimal('How much, positive', { example: '100' })
  quantity!: string;

  @text('Unit', { max: 40, example: 'each' })
  unit!: string;

  @nested('Price of one', () => Money)
  unitPrice!: Money;

  @code('Account that is debited on receipt', { example: '1400' })
  account!: string;

  @code('Cost center that pays')
  costCenter!: string;

  @code('Project or grant that pays', { optional: true })
  project?: string;
}

/** An order as it is drafted. */
export class NewPurchaseOrder {
  @code('Legal entity that buys', { example: 'LSH' })
  legalEntity!: string;

  @code('Supplier')
  supplier!: string;

  @code('The requisition behind it', { optional: true })
  requisition?: string;

  @code('Stock location it is delivered to', { example: 'STOCK-NORTH' })
  deliverTo!: string;

  @day('When it should arrive')
  neededOn!: string;

  @list('What is bought', () => NewPurchaseOrderLine, { min: 1, max: 200 })
  lines!: NewPurchaseOrderLine[];
}

export class PurchaseOrderLine extends NewPurchaseOrderLine {
  @count('Number of the line, from 1', { min: 1 })
  line!: number;

  @decimal('Received so far')
  received!: string;

  @decimal('Invoiced so far')
  invoiced!: string;

  @nested('Price times quantity', () => Money)
  amount!: Money;
}

export const PURCHASE_ORDER_STATUSES = [
  'draft',
  'submitted',
  'approved',
  'sent',
  'partially-received',
  'received',
  'closed',
  'cancelled',
] as const;

export type PurchaseOrderStatus = (typeof PURCHASE_ORDER_STATUSES)[number];

export class PurchaseOrder extends NewPurchaseOrder {
  @code('Identifier', { example: 'PO-000001' })
  id!: string;

  @choice('Status', PURCHASE_ORDER_STATUSES)
  status!: PurchaseOrderStatus;

  @list('What is bought, and what of it has come', () => PurchaseOrderLine)
  declare lines: PurchaseOrderLine[];

  @nested('Sum of the lines', () => Money)
  total!: Money;

  @code('Who approved it: the worker number', { optional: true })
  approvedBy?: string;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}

/** Only a draft changes. Lines are replaced as a whole. */
export class PurchaseOrderChange extends changeOf(NewPurchaseOrder, ['supplier', 'deliverTo', 'neededOn', 'lines']) {}

/** Who approves, where an ERP or a document asks for approval. */
export class NewApproval {
  @code('The worker number of the approver, never a name', { example: 'W-2001' })
  approver!: string;
}

/** Why something is refused, cancelled or released. */
export class NewReason {
  @text('Reason, without any name of a person', { max: 400 })
  reason!: string;
}
