import { choice, code, day, formatted, nested } from './field.js';
import { Money } from './money.js';
import { changedAt, revision } from './revision.js';

/** What a cost center may spend on an account in a fiscal year, and what of it is left. */
export class Budget {
  @code('Identifier')
  id!: string;

  @code('Legal entity')
  legalEntity!: string;

  @code('Cost center')
  costCenter!: string;

  @code('Account', { example: '5100' })
  account!: string;

  @formatted('Fiscal year', /^[0-9]{4}$/, { example: '2026' })
  fiscalYear!: string;

  @nested('What may be spent', () => Money)
  amount!: Money;

  @nested('Ordered and approved, but not received yet', () => Money)
  committed!: Money;

  @nested('Posted to the books', () => Money)
  actual!: Money;

  @nested('What is left: amount less committed less actual; negative where more was spent', () => Money)
  available!: Money;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}

export const BUDGET_VERDICTS = ['within-budget', 'exceeded', 'no-budget'] as const;

/** Whether an amount can still be spent, with the figures that the verdict comes from. */
export class BudgetValidation {
  @code('Cost center')
  costCenter!: string;

  @code('Account')
  account!: string;

  @day('The day on which it would be spent')
  date!: string;

  @nested('What was asked for', () => Money)
  requested!: Money;

  @nested('Budget of the fiscal year; zero where there is none', () => Money)
  budgeted!: Money;

  @nested('Ordered and approved, but not received yet', () => Money)
  committed!: Money;

  @nested('Posted to the books', () => Money)
  actual!: Money;

  @nested('What is left before this request', () => Money)
  available!: Money;

  @choice('Verdict', BUDGET_VERDICTS)
  verdict!: (typeof BUDGET_VERDICTS)[number];
}
