import { choice, code, day, decimal, instant, list, nested } from './field.js';
import { PRACTITIONER_ROLE } from './encounter.js';
import { Money } from './money.js';
import { financeContract } from './phi.js';
import { changedAt } from './revision.js';

/** What an hour of a role costs, benefits included. */
export class LaborRate {
  @choice('Role', PRACTITIONER_ROLE)
  role!: (typeof PRACTITIONER_ROLE)[number];

  @nested('Cost of an hour', () => Money)
  hourlyCost!: Money;

  @changedAt()
  changedAt!: string;
}

export class NewLaborAllocationLine {
  @choice('Role', PRACTITIONER_ROLE)
  role!: (typeof PRACTITIONER_ROLE)[number];

  @code('Service line that bears the cost')
  serviceLine!: string;

  @code('Cost center that bears the cost')
  costCenter!: string;

  @decimal('Hours, two decimals', { example: '0.25' })
  hours!: string;

  @nested('Cost', () => Money)
  cost!: Money;
}

/** Hours of clinicians laid on service lines. */
export class NewLaborAllocation {
  @code('The business document behind it, for example the encounter')
  reference!: string;

  @code('Facility')
  facility!: string;

  @day('Day of service')
  date!: string;

  @list('Lines', () => NewLaborAllocationLine, { min: 1, max: 200 })
  lines!: NewLaborAllocationLine[];
}

@financeContract
export class LaborAllocation extends NewLaborAllocation {
  @code('Identifier')
  id!: string;

  @code('Number', { example: 'LA-000123' })
  number!: string;

  @choice('Status', ['booked', 'reversed'])
  status!: 'booked' | 'reversed';

  @nested('Cost of all lines', () => Money)
  cost!: Money;

  @code('The allocation that this one reverses', { optional: true })
  reverses?: string;

  @code('The allocation that reversed this one', { optional: true })
  reversedBy?: string;

  @instant('When it was booked')
  bookedAt!: string;

  /** When it was booked, or reversed since. */
  @changedAt()
  changedAt!: string;
}
