import { Problem } from '@concord/canonical';
import type { Reference } from '../reference/reference.js';

/**
 * The day an encounter is posted on: the day of service while its period is open; for a late one today, as a closed
 * period is never opened for a single encounter. The day of service stays with the claim.
 */
export function accountingDate(serviceDate: string, { periods, today }: Pick<Reference, 'periods' | 'today'>): string {
  const isOpen = (date: string) =>
    periods.some(({ status, startsOn, endsOn }) => status === 'open' && startsOn <= date && date <= endsOn);
  if (isOpen(serviceDate)) return serviceDate;
  if (isOpen(today)) return today;
  throw new Problem('period-closed', 'No fiscal period is open for the day of service or for today', {
    context: { serviceDate, today },
  });
}
