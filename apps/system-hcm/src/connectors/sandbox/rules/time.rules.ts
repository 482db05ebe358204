import { Problem, type NewShift, type NewTimeEntry, type Shift, type TimeEntry } from '@concord/canonical';
import { Decimal } from 'decimal.js';
import { SHIFT, TIME_ENTRY, WORKER } from '../../record/kind.js';
import { FACILITIES } from '../rota.js';
import type { Rules } from '../sandbox.resource.js';

const HOURS_A_DAY = 24;

export const shiftRules: Rules<Shift, NewShift> = {
  kind: SHIFT,
  begin: async (fresh, desk) => {
    await desk.known(WORKER, fresh.workerId);
    refuseFacility(fresh);
    // Shifts sort by day; a second one of the worker on a day has a number behind.
    const first = `${fresh.date}.${fresh.workerId}`;
    const taken = await desk.read(SHIFT, first);
    return { ...fresh, id: taken ? `${first}.${await desk.nextId(SHIFT)}` : first };
  },
  become: (_now, next) => {
    refuseFacility(next);
    return Promise.resolve(next);
  },
};

export const timeEntryRules: Rules<TimeEntry, NewTimeEntry> = {
  kind: TIME_ENTRY,
  begin: async (fresh, desk) => {
    await desk.known(WORKER, fresh.workerId);
    if (fresh.shiftId) await desk.known(SHIFT, fresh.shiftId);
    refuseHours(fresh);
    return { ...fresh, status: 'entered' };
  },
  become: (now, next) => {
    if (now.status === 'approved') throw new Problem('conflict', 'The hours are approved', { context: { id: now.id } });
    refuseHours(next);
    return Promise.resolve(next);
  },
};

function refuseFacility({ facility }: NewShift): void {
  if (!FACILITIES.has(facility)) throw new Problem('unknown-code', 'Facility is not known', { context: { facility } });
}

function refuseHours({ hours }: NewTimeEntry): void {
  const worked = new Decimal(hours);
  if (worked.gt(0) && worked.lte(HOURS_A_DAY) && worked.decimalPlaces() <= 2) return;
  const detail = `Hours must be above 0 and at most ${HOURS_A_DAY}, to the hundredth`;
  throw new Problem('upstream-rejected', detail, { context: { hours } });
}
