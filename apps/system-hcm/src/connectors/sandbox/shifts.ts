import type { NewShift } from '@concord/canonical';
import { STAFF } from './rota.js';

const DAY_MS = 86_400_000;
const DAYS_AROUND = 28;

/** The shifts of the rota from four weeks before to four weeks after a day; their identifiers sort by day. */
export function shiftsAround(today: Date): (NewShift & { id: string })[] {
  return Array.from({ length: 2 * DAYS_AROUND + 1 }, (_, i) =>
    shiftsOf(new Date(today.getTime() + (i - DAYS_AROUND) * DAY_MS)),
  ).flat();
}

function shiftsOf(day: Date): (NewShift & { id: string })[] {
  const date = day.toISOString().slice(0, 10);
  const weekday = String(day.getUTCDay() || 7);
  return STAFF.filter(({ weekdays }) => weekdays.includes(weekday)).map(({ id, clinic, hours }) => ({
    id: `${date}.${id}`,
    workerId: id,
    facility: `CLINIC-${clinic}`,
    date,
    hours,
  }));
}
