import { sql } from 'kysely';
import { inForceOn } from '../record/in-force.js';
import { ASSIGNMENT, WORKER } from '../record/kind.js';
import type { Desk } from './desk.js';
import { endDueTerminations } from './rules/lifecycle.rules.js';
import { place } from './rules/placing.js';

/** A sandbox that was off for longer has its moves late. */
const DAYS_BACK = 90;

/** What was dated ahead and is due today: moves take place, and who had his last day has left. */
export async function takeEffect(desk: Desk): Promise<void> {
  await endDueTerminations(desk);
  const from = new Date(desk.now.getTime() - DAYS_BACK * 86_400_000).toISOString().slice(0, 10);
  const begun = sql`${inForceOn(desk.today)} and body->>'startsOn' >= ${from}`;
  for (const assignment of (await desk.find(ASSIGNMENT, {}, begun)).items) {
    const worker = await desk.read(WORKER, assignment.workerId);
    if (worker && worker.status !== 'terminated') await place(worker, assignment, desk);
  }
}
