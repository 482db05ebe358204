import { Problem, times, total, type Encounter, type LaborCost, type Money } from '@concord/canonical';
import { Decimal } from 'decimal.js';
import type { Reference } from '../reference/reference.js';
import { costCenterOf, type Placement } from './placement.js';

/** Clinician time of an encounter, laid on the service line of the visit. */
export interface Labor {
  readonly lines: readonly LaborCost[];
  readonly cost: Money;
  /** Accrued at the rates known last, because nobody takes hours now; settled when somebody does. */
  readonly fallback?: 'accrue';
  readonly asOf?: string;
}

const MINUTES_AN_HOUR = 60;

/** Hours of each role at the role's rate. Hours have two decimals, and no time given is less than a hundredth. */
export function laborOf(encounter: Encounter, reference: Reference, placement: Placement, serviceLine: string): Labor {
  const minutes = new Map<string, number>();
  for (const { role, minutes: some } of encounter.clinicians) minutes.set(role, (minutes.get(role) ?? 0) + some);
  const costCenter = costCenterOf(placement, serviceLine);
  const lines = [...minutes]
    .filter(([, some]) => some > 0)
    .map(([role, some]) => {
      const rate = reference.rates.find((one) => one.role === role);
      if (!rate) throw new Problem('unknown-code', 'A role has no labor rate', { context: { role } });
      const hours = Decimal.max(new Decimal(some).div(MINUTES_AN_HOUR), '0.01').toFixed(2);
      return { role, serviceLine, costCenter, hours, cost: times(rate.hourlyCost, hours) };
    });
  const cost = total(lines.map((line) => line.cost));
  const { ratesAsOf: asOf } = reference;
  return asOf === undefined ? { lines, cost } : { lines, cost, fallback: 'accrue', asOf };
}
