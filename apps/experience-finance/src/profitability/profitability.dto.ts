import { choice, code, count, day, Freshness, list, nested } from '@concord/canonical';
import { Figures } from '../figures.js';

export const DIMENSIONS = ['facility', 'service_line', 'region'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export class ProfitabilityQuery {
  @choice('What the lines are by', DIMENSIONS)
  by!: Dimension;

  @code('Legal entity', { optional: true, example: 'LSH' })
  legal_entity?: string;

  @day('First day of service', { optional: true })
  from?: string;

  @day('Last day of service', { optional: true })
  to?: string;
}

/** All encounters of one currency. */
export class ProfitabilityTotal extends Figures {
  @count('Encounters')
  encounters!: number;
}

/** The encounters of one facility, service line or region. */
export class ProfitabilityLine extends ProfitabilityTotal {
  @code('Facility, service line or region', { example: 'CLINIC-NORTH' })
  code!: string;
}

/** What encounters earned and cost. Withdrawn ones do not count. */
export class Profitability {
  @choice('What the lines are by', DIMENSIONS)
  by!: Dimension;

  @list('By code; one line for each currency', () => ProfitabilityLine)
  lines!: ProfitabilityLine[];

  @list('The sum of the lines; one for each currency', () => ProfitabilityTotal)
  totals!: ProfitabilityTotal[];

  @nested('How fresh and complete the figures are', () => Freshness)
  freshness!: Freshness;
}
