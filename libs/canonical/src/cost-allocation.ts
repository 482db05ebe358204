import { choice, code, day, decimal, list, nested, text } from './field.js';
import { Money } from './money.js';
import { changedAt, revision } from './revision.js';

/** A cost center that takes part of a cost. */
export class AllocationShare {
  @code('Cost center')
  costCenter!: string;

  @decimal('Its weight among the others: a share, a head count, an area; positive', { example: '3' })
  weight!: string;
}

/** A cost that one cost center bore and others should bear. */
export class NewCostAllocation {
  @code('Legal entity')
  legalEntity!: string;

  @day('Accounting date; its fiscal period must be open')
  accountingDate!: string;

  @code('The business document behind it')
  reference!: string;

  @text('What is allocated, without any name of a person', { example: 'Imaging equipment lease, November' })
  description!: string;

  @code('Account', { example: '6000' })
  account!: string;

  @code('Cost center that bore it')
  from!: string;

  @nested('What is allocated, positive', () => Money)
  amount!: Money;

  @list('Who bears it, by weight', () => AllocationShare, { min: 1, max: 200 })
  shares!: AllocationShare[];
}

/** What a share came to; the amounts of all add up to the cent. */
export class AllocatedShare extends AllocationShare {
  @nested('Amount', () => Money)
  amount!: Money;
}

export class CostAllocation extends NewCostAllocation {
  @code('Identifier', { example: 'CA-000001' })
  id!: string;

  @choice('Status', ['posted', 'reversed'])
  status!: 'posted' | 'reversed';

  @list('Who bears it, and how much', () => AllocatedShare)
  declare shares: AllocatedShare[];

  @code('The journal entry that it posted', { optional: true })
  journalEntry?: string;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}
