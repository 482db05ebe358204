import { choice, code, flag, nested, text } from './field.js';
import { Money } from './money.js';
import { changedAt, revision } from './revision.js';

export const ITEM_KINDS = ['stocked', 'consumable', 'service'] as const;

/** An item as the books see it: what it costs, and which accounts its purchase and use go to. */
export class ErpItem {
  @code('Item number, the same as in supply chain', { example: 'VAC-FLU' })
  id!: string;

  @text('Name', { example: 'Influenza vaccine, 0.5 mL syringe' })
  name!: string;

  @choice('Stocked items are assets until they are used; consumables and services are expenses at once', ITEM_KINDS)
  kind!: (typeof ITEM_KINDS)[number];

  @text('Unit in which it is counted and valued', { max: 40, example: 'each' })
  unit!: string;

  @nested('Cost of one unit that the books plan with', () => Money)
  standardCost!: Money;

  @code('Account that its purchase is debited to', { example: '1400' })
  purchaseAccount!: string;

  @code('Account that its use is debited to', { example: '5100' })
  expenseAccount!: string;

  @code('Supplier it is usually bought from', { optional: true })
  supplier?: string;

  @flag('Whether it can still be ordered')
  active!: boolean;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}
