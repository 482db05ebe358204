import { choice, code, day, decimal, list, nested, text } from './field.js';
import { changeOf } from './merge-patch.js';
import { Money } from './money.js';
import { changedAt, revision } from './revision.js';

/** One thing that is asked for: an item of the item master, or something described in words. */
export class RequisitionLine {
  @code('Item; absent where the line is described in words only', { optional: true })
  item?: string;

  @text('What is wanted', { example: 'Nitrile gloves, medium' })
  description!: string;

  @decimal('How much', { example: '20' })
  quantity!: string;

  @text('Unit', { max: 40, example: 'box' })
  unit!: string;

  @nested('What one is expected to cost', () => Money)
  unitPrice!: Money;

  @code('Account', { example: '5100' })
  account!: string;

  @code('Cost center')
  costCenter!: string;
}

/** A wish to buy. */
export class NewRequisition {
  @code('Legal entity that pays', { example: 'LSH' })
  legalEntity!: string;

  @code('Who asks: the worker number, never a name', { example: 'W-1001' })
  requester!: string;

  @day('When it is needed')
  neededOn!: string;

  @code('Supplier that is wished for', { optional: true })
  supplier?: string;

  @text('Why', { optional: true, max: 400 })
  justification?: string;

  @list('What is wanted', () => RequisitionLine, { min: 1, max: 200 })
  lines!: RequisitionLine[];
}

export const REQUISITION_STATUSES = ['draft', 'submitted', 'approved', 'rejected', 'ordered', 'cancelled'] as const;

export class Requisition extends NewRequisition {
  @code('Identifier', { example: 'REQ-000001' })
  id!: string;

  @choice('Status', REQUISITION_STATUSES)
  status!: (typeof REQUISITION_STATUSES)[number];

  @nested('Expected cost of all lines', () => Money)
  total!: Money;

  @code('The purchase order it became', { optional: true })
  purchaseOrder?: string;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}

/** Only a draft changes. */
export class RequisitionChange extends changeOf(Requisition, [
  'requester',
  'neededOn',
  'supplier',
  'justification',
  'lines',
]) {}
