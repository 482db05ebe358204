import { code, decimal, flag, formatted, list, nested, text } from './field.js';
import { Money } from './money.js';
import { changedAt } from './revision.js';

/** A unit in which an item is bought, used or counted, and how many stock units it holds. */
export class ItemUnit {
  @text('Unit', { max: 40, example: 'box' })
  unit!: string;

  @decimal('Stock units in one of it', { example: '10' })
  stockUnits!: string;
}

/** An item of the item master. */
export class Item {
  @code('Item number', { example: 'VAC-FLU' })
  id!: string;

  @formatted('Global Trade Item Number, 14 digits with check digit (GS1 General Specifications 3.3.2)', /^[0-9]{14}$/, {
    optional: true,
  })
  gtin?: string;

  @text('Name', { example: 'Influenza vaccine, 0.5 mL syringe' })
  name!: string;

  @text('Unit in which stock is counted', { max: 40, example: 'each' })
  stockUnit!: string;

  @list('Other units, with their size in stock units', () => ItemUnit, { max: 50 })
  units!: ItemUnit[];

  @nested('Cost of one stock unit', () => Money)
  unitCost!: Money;

  @flag('Whether lots are tracked')
  lotTracked!: boolean;

  @changedAt()
  changedAt!: string;
}
