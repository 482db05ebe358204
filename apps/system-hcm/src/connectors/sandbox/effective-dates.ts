import { sql } from 'kysely';
import { inForceOn } from '../record/in-force.js';
import { ASSIGNMENT, WORKER } from '../record/kind.js';
import type { Desk } from './desk.js';
import { endDueTerminations } from './rules/lifecycle.rules.js';
import { place } from './rules/placing.js';

/** A sandbox that was off for longer has its moves late. */
const DAYS_BACK = 90;

/**
 * What was dated ahead and is due today: who had his last day has left, and moves take place. Each does a page of what is
 * not done yet and gives how many that were, so that whoever is stopped goes on with the rest.
 */
export const EFFECTS: readonly ((desk: Desk, page: number) => Promise<number>)[] = [endDueTerminations, moveTheDue];

/** Assignments that have begun, of workers who are not there yet. */
async function moveTheDue(desk: Desk, page: number): Promise<number> {
  const from = new Date(desk.now.getTime() - DAYS_BACK * 86_400_000).toISOString().slice(0, 10);
  const isElsewhere = sql`and exists (
    select from sandbox_hcm.record as worker
    where worker.kind = ${WORKER.name} and worker.id = record.body->>'workerId' and worker.body->>'status' <> 'terminated'
      and (worker.body->'facility', worker.body->'orgUnit', worker.body->'costCenter', worker.body->'positionId',
        worker.body->'managerId') is distinct from (record.body->'facility', record.body->'orgUnit',
        record.body->'costCenter', record.body->'positionId', record.body->'managerId'))`;
  const begun = sql`${inForceOn(desk.today)} and body->>'startsOn' >= ${from} ${isElsewhere}`;
  const { items } = await desk.find(ASSIGNMENT, { page_size: page }, begun);
  for (const assignment of items) {
    const worker = await desk.read(WORKER, assignment.workerId);
    if (worker) await place(worker, assignment, desk);
  }
  return items.length;
}
