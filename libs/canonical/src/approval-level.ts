import { code, count, nested, text } from './field.js';
import { Money } from './money.js';
import { changedAt, revision } from './revision.js';

/** Who approves for a cost center, from which amount on. */
export class ApprovalLevel {
  @code('Identifier')
  id!: string;

  @code('Cost center')
  costCenter!: string;

  @count('Level, from 1; the lower approves first', { min: 1, max: 20 })
  level!: number;

  @code('The worker number of the approver, never a name', { example: 'W-2001' })
  approver!: string;

  @text('Role of the approver', { max: 80, example: 'Department manager' })
  role!: string;

  @nested('Amounts above this need the approval of this level', () => Money)
  above!: Money;

  @nested('The highest amount this level may approve as the last; absent where there is no limit', () => Money, {
    optional: true,
  })
  upTo?: Money;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}
