import type { Shift } from '@concord/canonical';
import { ASSIGNMENTS } from './rota.js';

const DAY_MS = 86_400_000;
const DAYS_AROUND = 28;

/** The shifts of the rota from four weeks before to four weeks after a day; their identifiers sort by day. */
export function shiftsAround(today: Date): Shift[] {
  return Array.from({ length: 2 * DAYS_AROUND + 1 }, (_, i) =>
    shiftsOf(new Date(today.getTime() + (i - DAYS_AROUND) * DAY_MS)),
  ).flat();
}

function shiftsOf(day: Date): Shift[] {
  const date = day.toISOString().slice(0, 10);
  const weekday = String(day.getUTCDay() || 7);
  return ASSIGNMENTS.filter(({ weekdays }) => weekdays.includes(weekday)).map(({ worker, facility, hours }) => ({
    id: `${date}.${worker.id}`,
    workerId: worker.id,
    facility,
    date,
    hours,
  }));
}
