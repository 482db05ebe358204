import { choice, code, count, day, decimal, instant, list, nested, text } from './field.js';
import { Money } from './money.js';
import { financeContract } from './phi.js';
import { changedAt } from './revision.js';

export const CONFIRMATION_STATUSES = ['accepted', 'changed', 'backordered', 'rejected'] as const;

export class OrderConfirmationLine {
  @count('Line of the order', { min: 1 })
  line!: number;

  @choice('What the supplier says', CONFIRMATION_STATUSES)
  status!: (typeof CONFIRMATION_STATUSES)[number];

  @decimal('How much of it, in the unit of the order')
  quantity!: string;

  @nested('Price, where it is another than was ordered', () => Money, { optional: true })
  unitPrice?: Money;

  @day('When he promises it', { optional: true })
  promisedOn?: string;
}

/** A supplier's answer to an order. */
@financeContract
export class OrderConfirmation {
  @code('Identifier')
  id!: string;

  @code('Order')
  order!: string;

  @code('Supplier')
  supplier!: string;

  @choice('His answer to the whole', ['accepted', 'accepted-with-changes', 'rejected'])
  status!: 'accepted' | 'accepted-with-changes' | 'rejected';

  @list('Line by line', () => OrderConfirmationLine)
  lines!: OrderConfirmationLine[];

  @changedAt()
  changedAt!: string;
}

export class ShipmentLine {
  @count('Line of the order', { min: 1 })
  line!: number;

  @code('Item')
  itemId!: string;

  @decimal('How much, in the unit of the order')
  quantity!: string;

  @text('Unit', { max: 40 })
  unit!: string;

  @decimal('How much of it has been received, in the unit of the order')
  received!: string;

  @text('Lot', { optional: true, max: 40 })
  lot?: string;

  @text('Serial number', { optional: true, max: 40 })
  serial?: string;

  @day('Last day on which it may be used', { optional: true })
  expiresOn?: string;
}

export const SHIPMENT_STATUSES = ['shipped', 'partially-received', 'received'] as const;

/** What a supplier has sent off. */
@financeContract
export class ShipmentNotice {
  @code('Identifier')
  id!: string;

  @text('Number of the shipment, as the supplier counts', { max: 40 })
  number!: string;

  @code('Order')
  order!: string;

  @code('Supplier')
  supplier!: string;

  @choice('How much of it has been received', SHIPMENT_STATUSES)
  status!: (typeof SHIPMENT_STATUSES)[number];

  @instant('When it was sent off')
  shippedAt!: string;

  @day('When it should arrive', { optional: true })
  expectedOn?: string;

  @text('Carrier', { optional: true, max: 80 })
  carrier?: string;

  @text('Number under which the carrier is asked', { optional: true, max: 50 })
  tracking?: string;

  @list('What is in it', () => ShipmentLine)
  lines!: ShipmentLine[];

  @changedAt()
  changedAt!: string;
}

/** What a supplier owes us of an order and cannot deliver yet. */
@financeContract
export class Backorder {
  @code('Identifier', { example: 'PO-000123:2' })
  id!: string;

  @code('Order')
  order!: string;

  @count('Line of the order', { min: 1 })
  line!: number;

  @code('Supplier')
  supplier!: string;

  @code('Item')
  itemId!: string;

  @decimal('How much, in the unit of the order')
  quantity!: string;

  @text('Unit', { max: 40 })
  unit!: string;

  @day('When he promises it', { optional: true })
  promisedOn?: string;

  @changedAt()
  changedAt!: string;
}
