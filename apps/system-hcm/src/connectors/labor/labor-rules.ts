/** What is not booked, as a payroll would refuse it. Hours are decimal; money is compared to the cent. */
import { minus, Problem, times, type Money, type NewLaborAllocation, type Worker } from '@concord/canonical';
import { Decimal } from 'decimal.js';

export type Rates = ReadonlyMap<Worker['role'], Money>;

const HOURS_AT_MOST = 500;
const TOLERANCE = '0.01';

/** Throws `unknown-code` or `upstream-rejected`; the context names the line's role and what is wrong with it. */
export function refuseUnbookable(
  { facility, lines }: NewLaborAllocation,
  rates: Rates,
  facilities: ReadonlySet<string>,
): void {
  if (!facilities.has(facility)) throw new Problem('unknown-code', 'Facility is not known', { context: { facility } });
  for (const { role, serviceLine, costCenter, hours, cost } of lines) {
    const rate = rates.get(role);
    if (!rate) throw new Problem('unknown-code', 'Role has no labor rate', { context: { role } });
    if (!costCenter) throw new Problem('unknown-code', 'Cost center is missing', { context: { role, serviceLine } });
    refuseHours(role, hours);
    refuseCost(role, times(rate, hours), cost);
  }
}

function refuseHours(role: string, hours: string): void {
  const worked = new Decimal(hours);
  if (worked.gt(0) && worked.lte(HOURS_AT_MOST)) return;
  const detail = `Hours of a line must be above 0 and at most ${HOURS_AT_MOST}`;
  throw new Problem('upstream-rejected', detail, { context: { role, hours } });
}

function refuseCost(role: string, expected: Money, cost: Money): void {
  if (cost.currency === expected.currency && within(minus(cost, expected), TOLERANCE)) return;
  throw new Problem('upstream-rejected', 'Cost is not hours times the rate of the role', {
    context: { role, cost: words(cost), expected: words(expected) },
  });
}

const within = (difference: Money, tolerance: string): boolean => new Decimal(difference.amount).abs().lte(tolerance);

const words = ({ amount, currency }: Money): string => `${amount} ${currency}`;
