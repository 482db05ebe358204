import { choice, code, count, day, decimal, flag, instant, list, nested, text } from './field.js';
import { Money } from './money.js';
import { financeContract } from './phi.js';
import { changedAt } from './revision.js';

/** How much of one line of a shipment has come. */
export class NewShipmentReceiptLine {
  @count('Which line of the shipment notice, from 1', { min: 1, example: 1 })
  shipmentLine!: number;

  @decimal('How much has come, in the unit of the notice', { example: '5' })
  quantity!: string;

  @text('Lot, where the notice tells none', { optional: true, max: 40 })
  lot?: string;

  @text('Serial number, where the notice tells none', { optional: true, max: 40 })
  serial?: string;

  @day('Last day on which it may be used, where the notice tells none', { optional: true })
  expiresOn?: string;

  @flag('That more came than the supplier says he sent off, and is kept; otherwise that is refused', { optional: true })
  surplus?: boolean;
}

/** What has come of a shipment; the rest may come later. */
export class NewShipmentReceipt {
  @text('Shipment notice', { max: 200, example: 'PO-000123:shipment' })
  shipment!: string;

  @code('Stock location where it came; the one that the order names where nothing is said', {
    optional: true,
    example: 'STOCK-NORTH',
  })
  location?: string;

  @list('What has come; all that is still on its way where nothing is said', () => NewShipmentReceiptLine, {
    optional: true,
    min: 1,
    max: 400,
  })
  lines?: NewShipmentReceiptLine[];
}

/** Quantities and the value of a line that takes one back are negative. */
export class ShipmentReceiptLine {
  @count('Which line of the shipment notice, from 1', { min: 1 })
  shipmentLine!: number;

  @count('Line of the order', { min: 1 })
  orderLine!: number;

  @code('Item')
  itemId!: string;

  @decimal('How much came, in the unit of the notice', { example: '5' })
  quantity!: string;

  @text('Unit of the notice', { max: 40, example: 'case' })
  unit!: string;

  @decimal('How much that raised the stock, in the stock unit', { example: '100' })
  stockQuantity!: string;

  @text('Stock unit', { max: 40, example: 'each' })
  stockUnit!: string;

  @text('Lot', { optional: true, max: 40 })
  lot?: string;

  @text('Serial number', { optional: true, max: 40 })
  serial?: string;

  @day('Last day on which it may be used', { optional: true })
  expiresOn?: string;

  @nested('Value at unit cost', () => Money)
  value!: Money;
}

/** A booked receipt of shipped goods. It is never changed: what is taken back is a receipt of its own. It posts nothing. */
@financeContract
export class ShipmentReceipt {
  @code('Identifier')
  id!: string;

  @code('Number', { example: 'RC-000123' })
  number!: string;

  @text('Shipment notice', { max: 200 })
  shipment!: string;

  @code('Order')
  order!: string;

  @code('Supplier')
  supplier!: string;

  @code('Stock location where it came')
  location!: string;

  @choice('Status', ['booked', 'reversed'])
  status!: 'booked' | 'reversed';

  @list('What came', () => ShipmentReceiptLine)
  lines!: ShipmentReceiptLine[];

  @nested('Value of all lines', () => Money)
  value!: Money;

  @code('The receipt that this one takes back', { optional: true })
  reverses?: string;

  @code('The receipt that took this one back', { optional: true })
  reversedBy?: string;

  @instant('When it was booked')
  bookedAt!: string;

  /** When it was booked, or taken back since. */
  @changedAt()
  changedAt!: string;
}
