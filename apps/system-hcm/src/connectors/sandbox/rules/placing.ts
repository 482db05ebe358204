import type { Assignment, Worker } from '@concord/canonical';
import { sql } from 'kysely';
import { ASSIGNMENT, WORKER } from '../../record/kind.js';
import type { Desk } from '../desk.js';

/** The worker is where his assignment says, if he is not there already. */
export async function place(worker: Worker, assignment: Assignment, desk: Desk): Promise<void> {
  const { facility, orgUnit, costCenter, positionId, managerId } = assignment;
  const placed = { ...worker, facility, orgUnit, costCenter, positionId, managerId };
  const members = ['facility', 'orgUnit', 'costCenter', 'positionId', 'managerId'] as const;
  if (members.some((member) => placed[member] !== worker[member])) await desk.replace(WORKER, placed);
}

/** Ends the assignment that is open, if there is one. */
export async function endOpenAssignment(workerId: string, endsOn: string, desk: Desk): Promise<void> {
  const { items } = await desk.find(ASSIGNMENT, { worker_id: workerId } as never, sql`and body->>'endsOn' is null`);
  for (const open of items) await desk.replace(ASSIGNMENT, { ...open, endsOn });
}

const DAY_MS = 86_400_000;

export const dayBefore = (day: string): string => new Date(Date.parse(day) - DAY_MS).toISOString().slice(0, 10);
