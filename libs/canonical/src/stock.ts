import { choice, code, day, decimal, instant, list, nested, text } from './field.js';
import { Money } from './money.js';
import { financeContract } from './phi.js';
import { changedAt } from './revision.js';

/** How much of an item lies at a location. */
export class StockLevel {
  @code('Item')
  itemId!: string;

  @code('Stock location', { example: 'STOCK-NORTH' })
  location!: string;

  @decimal('On hand, in the stock unit; may be negative where more was used than counted', { example: '240' })
  onHand!: string;

  @decimal('Par level: what should be there', { example: '100' })
  parLevel!: string;

  @text('Stock unit', { max: 40 })
  unit!: string;

  @instant('When something came here or left last; a par level has a list of its own')
  changedAt!: string;
}

/** How much of one item leaves (or, negative, returns to) a location. */
export class NewStockAdjustmentLine {
  @code('Item')
  itemId!: string;

  @decimal('Quantity that leaves, in the stock unit', { example: '1' })
  quantity!: string;

  @text('Must be the stock unit of the item', { max: 40, example: 'each' })
  unit!: string;

  @text('Lot', { optional: true, max: 40 })
  lot?: string;
}

/** A decrement of stock for what was used. */
export class NewStockAdjustment {
  @code('Stock location')
  location!: string;

  @code('The business document behind it, for example the encounter')
  reference!: string;

  @choice('Why', ['consumption', 'correction'])
  reason!: 'consumption' | 'correction';

  @list('What leaves', () => NewStockAdjustmentLine, { min: 1, max: 400 })
  lines!: NewStockAdjustmentLine[];
}

export class StockAdjustmentLine extends NewStockAdjustmentLine {
  @nested('Value at unit cost', () => Money)
  value!: Money;
}

/** A booked stock adjustment. It is never changed: a correction is a reversal and a new adjustment. */
@financeContract
export class StockAdjustment {
  @code('Identifier')
  id!: string;

  @code('Number', { example: 'SA-000123' })
  number!: string;

  @code('Stock location')
  location!: string;

  @code('The business document behind it')
  reference!: string;

  @choice('Why', ['consumption', 'correction'])
  reason!: 'consumption' | 'correction';

  @choice('Status', ['booked', 'reversed'])
  status!: 'booked' | 'reversed';

  @list('What left', () => StockAdjustmentLine)
  lines!: StockAdjustmentLine[];

  @nested('Value of all lines', () => Money)
  value!: Money;

  @code('The adjustment that this one reverses', { optional: true })
  reverses?: string;

  @code('The adjustment that reversed this one', { optional: true })
  reversedBy?: string;

  @instant('When it was booked')
  bookedAt!: string;

  /** When it was booked, or reversed since. */
  @changedAt()
  changedAt!: string;
}

/** What a supplier's contract says an item costs. */
export class ContractPrice {
  @code('Contract', { example: 'CT-2026-014' })
  contract!: string;

  @code('Supplier', { example: 'SUP-MEDLINE' })
  supplier!: string;

  @code('Item')
  itemId!: string;

  @text('Unit the price is for', { max: 40 })
  unit!: string;

  @nested('Price', () => Money)
  price!: Money;

  @day('First day on which it holds', { optional: true })
  validFrom?: string;

  @day('Last day on which it holds; absent where it is open', { optional: true })
  validTo?: string;

  @changedAt()
  changedAt!: string;
}
