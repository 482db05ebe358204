import { choice, code, count, day, decimal, list, nested, text } from './field.js';
import { Money } from './money.js';
import { changedAt, revision } from './revision.js';

/** How much of one line of a purchase order has come. */
export class NewGoodsReceiptLine {
  @count('Line of the purchase order', { min: 1, example: 1 })
  line!: number;

  @decimal('How much has come, in the unit of the order, positive', { example: '40' })
  quantity!: string;

  @text('Lot', { optional: true, max: 40 })
  lot?: string;
}

/** What has come of a purchase order; the rest may come later. */
export class NewGoodsReceipt {
  @code('Purchase order')
  purchaseOrder!: string;

  @day('When it came; its fiscal period must be open')
  receivedOn!: string;

  @code('The delivery note or shipment behind it', { optional: true })
  deliveryNote?: string;

  @list('What has come', () => NewGoodsReceiptLine, { min: 1, max: 200 })
  lines!: NewGoodsReceiptLine[];
}

export class GoodsReceiptLine extends NewGoodsReceiptLine {
  @nested('Value at the price of the order', () => Money)
  value!: Money;
}

/** A posted goods receipt. It is never changed: a correction is a reversal and a new receipt. */
export class GoodsReceipt extends NewGoodsReceipt {
  @code('Identifier', { example: 'GR-000001' })
  id!: string;

  @code('Legal entity')
  legalEntity!: string;

  @choice('Status', ['posted', 'reversed'])
  status!: 'posted' | 'reversed';

  @list('What has come, with its value', () => GoodsReceiptLine)
  declare lines: GoodsReceiptLine[];

  @nested('Value of all lines', () => Money)
  value!: Money;

  @code('The journal entry that it posted', { optional: true })
  journalEntry?: string;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}
