import { code, decimal, nested, text } from './field.js';
import { Money } from './money.js';
import { changedAt, revision } from './revision.js';

/** What the stock of an item at a location is worth in the books, at moving average cost. */
export class InventoryValuation {
  @code('Item')
  item!: string;

  @code('Stock location', { example: 'STOCK-NORTH' })
  location!: string;

  @code('Legal entity')
  legalEntity!: string;

  @decimal('Quantity in the books', { example: '240' })
  quantity!: string;

  @text('Unit', { max: 40 })
  unit!: string;

  @nested('Value', () => Money)
  value!: Money;

  @decimal('Moving average cost of one unit: value over quantity, to six decimals', { example: '12.345678' })
  averageCost!: string;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}
