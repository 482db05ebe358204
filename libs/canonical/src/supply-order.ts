import { choice, code, count, day, decimal, flag, instant, list, nested, text } from './field.js';
import { changeOf } from './merge-patch.js';
import { Money } from './money.js';
import { financeContract } from './phi.js';
import { changedAt, revision } from './revision.js';

/** An item that a location asks for. */
export class SupplyRequisitionLine {
  @code('Item')
  itemId!: string;

  @decimal('How much, in the unit', { example: '40' })
  quantity!: string;

  @text('Unit: the stock unit or one of the item', { max: 40 })
  unit!: string;
}

/** What a location asks for. */
export class NewSupplyRequisition {
  @code('Stock location that asks')
  location!: string;

  @day('When it is needed')
  neededOn!: string;

  @list('What is asked for', () => SupplyRequisitionLine, { min: 1, max: 200 })
  lines!: SupplyRequisitionLine[];
}

export const SUPPLY_REQUISITION_STATUSES = ['open', 'ordered', 'cancelled'] as const;

@financeContract
export class SupplyRequisition extends NewSupplyRequisition {
  @code('Identifier', { example: 'SR-000001' })
  id!: string;

  @choice('Status', SUPPLY_REQUISITION_STATUSES)
  status!: (typeof SUPPLY_REQUISITION_STATUSES)[number];

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}

/** Only an open one changes. */
export class SupplyRequisitionChange extends changeOf(NewSupplyRequisition, ['neededOn', 'lines']) {}

/** One thing that is ordered. */
export class NewSupplyOrderLine {
  @code('Item')
  itemId!: string;

  @decimal('How much, in the unit', { example: '5' })
  quantity!: string;

  @text('Unit in which it is ordered', { max: 40, example: 'case' })
  unit!: string;

  @nested('Price of one unit', () => Money)
  unitPrice!: Money;

  @code('Contract behind the price', { optional: true })
  contract?: string;
}

/** An order to a supplier. */
export class NewSupplyOrder {
  @code('Number of the order as the supplier will see it, unique with us', { example: 'PO-000123' })
  number!: string;

  @code('Supplier')
  supplier!: string;

  @code('Stock location it is delivered to', { example: 'STOCK-NORTH' })
  deliverTo!: string;

  @day('When it should arrive')
  neededOn!: string;

  @code('Legal entity that pays; an invoice for the order names it, so that it can be entered in the ERP', {
    optional: true,
    example: 'LSH',
  })
  legalEntity?: string;

  @code('The requisition behind it', { optional: true })
  requisition?: string;

  @list('What is ordered', () => NewSupplyOrderLine, { min: 1, max: 200 })
  lines!: NewSupplyOrderLine[];
}

export class SupplyOrderLine extends NewSupplyOrderLine {
  @count('Number of the line, from 1', { min: 1 })
  line!: number;

  @decimal('What the supplier promised so far')
  confirmed!: string;

  @decimal('What is on its way or has come')
  shipped!: string;

  @decimal('What of it has been received into the stock')
  received!: string;

  @decimal('What the supplier cannot deliver yet')
  backordered!: string;

  @day('When the supplier promised the rest', { optional: true })
  promisedOn?: string;
}

/** What the supplier's system could not read in an order, and where. */
export class TransmissionFault {
  @text('Where in the file that was sent', { max: 80, example: 'segment 7 PO1, element 3' })
  position!: string;

  @text('What is wrong with it', { example: 'The code is not known' })
  reason!: string;
}

/** What became of the wish to cancel an order. */
export class OrderCancellation {
  @instant('When the supplier was asked')
  askedAt!: string;

  @choice('What he said; absent while he has not', ['accepted', 'refused'], { optional: true })
  answer?: 'accepted' | 'refused';

  @instant('When he said it', { optional: true })
  answeredAt?: string;

  @list('What his system could not read of it', () => TransmissionFault, { optional: true, max: 100 })
  unreadable?: TransmissionFault[];
}

/** A line as it is wanted now. */
export class WantedOrderLine extends NewSupplyOrderLine {
  @count('The line of the order that it is; absent for one that is added', { optional: true, min: 1 })
  line?: number;
}

/** An order as it is wanted now. */
export class WantedOrder {
  @day('When it should arrive')
  neededOn!: string;

  @list('All lines that are wanted: a line of the order that is not among them is called off', () => WantedOrderLine, {
    min: 1,
    max: 200,
  })
  lines!: WantedOrderLine[];
}

/** What was ordered of a line stays so: its item and unit do not change, nor does it fall below what was shipped. */
export class SupplyOrderChange extends changeOf(WantedOrder, ['neededOn', 'lines']) {}

/** What became of the wish to change an order. */
export class OrderChange extends WantedOrder {
  @count('Which change of the order it is, from 1', { min: 1 })
  sequence!: number;

  @instant('When the supplier was asked')
  askedAt!: string;

  @choice('What he said; absent while he has not', ['accepted', 'refused'], { optional: true })
  answer?: 'accepted' | 'refused';

  @instant('When he said it', { optional: true })
  answeredAt?: string;

  @list('What his system could not read of it', () => TransmissionFault, { optional: true, max: 100 })
  unreadable?: TransmissionFault[];
}

/**
 * `sent`: on its way to the supplier; `unreadable`: his system turned it away, it has to be repaired or cancelled;
 * `received`: his system acknowledged it; the others say what he answered.
 */
export const SUPPLY_ORDER_STATUSES = [
  'sent',
  'unreadable',
  'received',
  'confirmed',
  'partially-confirmed',
  'rejected',
  'partially-shipped',
  'shipped',
  'cancelled',
] as const;

@financeContract
export class SupplyOrder extends NewSupplyOrder {
  @code('Identifier', { example: 'PO-000123' })
  id!: string;

  @choice('Status', SUPPLY_ORDER_STATUSES)
  status!: (typeof SUPPLY_ORDER_STATUSES)[number];

  @list('What is ordered, and what became of it', () => SupplyOrderLine)
  declare lines: SupplyOrderLine[];

  @flag('Whether all that was ordered has been received into the stock; until then the rest counts as on order')
  allReceived!: boolean;

  @nested('Sum of the lines', () => Money)
  total!: Money;

  @instant('When it was sent')
  sentAt!: string;

  @instant('When the supplier acknowledged that he can read it; absent while he has not', { optional: true })
  acknowledgedAt?: string;

  @list('What his system could not read of it', () => TransmissionFault, { optional: true, max: 100 })
  unreadable?: TransmissionFault[];

  @nested('That it is not wanted any more, and what the supplier says to that', () => OrderCancellation, {
    optional: true,
  })
  cancellation?: OrderCancellation;

  @nested(
    'How it was last wished to be, and what the supplier says to that; until he agrees the lines stay',
    () => OrderChange,
    {
      optional: true,
    },
  )
  change?: OrderChange;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}
