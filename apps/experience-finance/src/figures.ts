import { Money, money, nested } from '@concord/canonical';

/** What was earned and what it cost. */
export class Figures {
  @nested('Gross charge', () => Money)
  gross!: Money;

  @nested('Expected revenue: what the payer is expected to pay', () => Money)
  expected!: Money;

  @nested('Cost of supplies', () => Money)
  supplyCost!: Money;

  @nested('Cost of labor', () => Money)
  laborCost!: Money;

  @nested('Expected revenue less supplies and labor', () => Money)
  margin!: Money;
}

/** The figures as a row holds them: decimal strings of one currency. */
export interface FigureColumns {
  readonly currency: string;
  readonly gross: string;
  readonly expected: string;
  readonly supply_cost: string;
  readonly labor_cost: string;
  readonly margin: string;
}

export const figuresOf = ({ currency, gross, expected, supply_cost, labor_cost, margin }: FigureColumns): Figures => ({
  gross: money(gross, currency),
  expected: money(expected, currency),
  supplyCost: money(supply_cost, currency),
  laborCost: money(labor_cost, currency),
  margin: money(margin, currency),
});
