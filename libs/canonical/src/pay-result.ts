import { choice, code, day, list, nested } from './field.js';
import { Money } from './money.js';
import { changedAt, revision } from './revision.js';

export class PayLine {
  @code('Wage type', { example: 'REG' })
  code!: string;

  @choice('Kind', ['earning', 'deduction', 'tax', 'employer-cost'])
  kind!: 'earning' | 'deduction' | 'tax' | 'employer-cost';

  @nested('Amount', () => Money)
  amount!: Money;

  @code('Cost center that bears it', { optional: true })
  costCenter?: string;
}

/** What payroll made of a period of one worker. The amounts leave only for `hcm/restricted.disclose`. */
export class PayResult {
  @code('Identifier', { example: '2026-02.W-1001' })
  id!: string;

  @code('Worker')
  workerId!: string;

  @code('Pay period', { example: '2026-02' })
  period!: string;

  @day('First day of the period')
  startsOn!: string;

  @day('Last day of the period')
  endsOn!: string;

  @day('Day of payment')
  paidOn!: string;

  @nested('Gross pay', () => Money, { optional: true, dataClass: 'restricted' })
  gross?: Money;

  @nested('Net pay', () => Money, { optional: true, dataClass: 'restricted' })
  net?: Money;

  @list('Lines: earnings less deductions and taxes are the net', () => PayLine, {
    optional: true,
    max: 200,
    dataClass: 'restricted',
  })
  lines?: PayLine[];

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}
