import { choice, code, decimal, flag, instant, list, nested, text } from './field.js';
import { Money } from './money.js';
import { financeContract } from './phi.js';
import { changedAt } from './revision.js';

/** How much of one item goes from one location to another. */
export class NewStockTransferLine {
  @code('Item')
  itemId!: string;

  @decimal('Quantity that is moved, in the stock unit', { example: '10' })
  quantity!: string;

  @text('Must be the stock unit of the item', { max: 40, example: 'each' })
  unit!: string;

  @text('Lot', { optional: true, max: 40 })
  lot?: string;
}

/** Stock that is carried from one location to another. Nothing is used by it, and nothing bought. */
export class NewStockTransfer {
  @code('Stock location that it leaves', { example: 'STOCK-NORTH' })
  from!: string;

  @code('Stock location that it comes to', { example: 'STOCK-EAST' })
  to!: string;

  @code('The business document behind it, for example the requisition')
  reference!: string;

  @list('What is moved', () => NewStockTransferLine, { min: 1, max: 400 })
  lines!: NewStockTransferLine[];
}

export class StockTransferLine extends NewStockTransferLine {
  @nested('Value at unit cost', () => Money)
  value!: Money;
}

/** A booked stock transfer. It is never changed: what was carried back is a transfer of its own. */
@financeContract
export class StockTransfer {
  @code('Identifier')
  id!: string;

  @code('Number', { example: 'ST-000123' })
  number!: string;

  @code('Stock location that it left')
  from!: string;

  @code('Stock location that it came to')
  to!: string;

  @code('The business document behind it')
  reference!: string;

  @choice('Status', ['booked', 'reversed'])
  status!: 'booked' | 'reversed';

  @list('What was moved', () => StockTransferLine)
  lines!: StockTransferLine[];

  @nested('Value of all lines', () => Money)
  value!: Money;

  @code('The transfer that this one takes back', { optional: true })
  reverses?: string;

  @code('The transfer that took this one back', { optional: true })
  reversedBy?: string;

  @instant('When it was booked')
  bookedAt!: string;

  /** When it was booked, or taken back since. */
  @changedAt()
  changedAt!: string;
}

/** What is missing of an item at a location to what should be there. All quantities are in the stock unit. */
@financeContract
export class ReplenishmentNeed {
  @code('Identifier, that of the par level', { example: 'STOCK-NORTH:VAC-FLU' })
  id!: string;

  @code('Stock location')
  location!: string;

  @code('Item')
  itemId!: string;

  @text('Stock unit', { max: 40 })
  unit!: string;

  @decimal('On hand; may be negative where more was used than counted')
  onHand!: string;

  @decimal('Ordered for this location, or on its way to it')
  onOrder!: string;

  @decimal('Asked for by open requisitions and not ordered yet')
  requested!: string;

  @decimal('What should be there')
  parLevel!: string;

  @decimal('Below which quantity it is ordered anew')
  reorderPoint!: string;

  @decimal('What is missing to the par level after all that comes', { example: '36' })
  missing!: string;

  @flag('Whether what is there and comes is below the reorder point')
  due!: boolean;
}
