import { Problem, type Assignment, type ChangesQuery, type NewAssignment } from '@concord/canonical';
import type { AssignmentQuery } from '../../../queries.js';
import { inForceOn } from '../../record/in-force.js';
import { ASSIGNMENT, ORG_UNIT, POSITION, WORKER } from '../../record/kind.js';
import type { Rules } from '../sandbox.resource.js';
import { dayBefore, endOpenAssignment, place } from './placing.js';

/** History is not rewritten: a move begins after all that is known, and only what lies ahead can be changed. */
export const assignmentRules: Rules<Assignment, NewAssignment> = {
  kind: ASSIGNMENT,
  begin: async (fresh, desk) => {
    const { workerId, startsOn, orgUnit, positionId, managerId } = fresh;
    const { status } = await desk.known(WORKER, workerId);
    if (status === 'terminated') throw new Problem('conflict', 'The worker has left', { context: { workerId } });
    await desk.known(ORG_UNIT, orgUnit);
    if (positionId) await desk.known(POSITION, positionId);
    if (managerId) await desk.known(WORKER, managerId);
    const { items } = await desk.find(ASSIGNMENT, { worker_id: workerId } as ChangesQuery);
    const later = items.find((known) => known.startsOn >= startsOn);
    if (later) {
      const context = { assignment: later.id, startsOn: later.startsOn };
      throw new Problem('conflict', 'An assignment begins on that day or later', { context });
    }
    await endOpenAssignment(workerId, dayBefore(startsOn), desk);
    return fresh;
  },
  become: async (now, next, desk) => {
    if (now.startsOn <= desk.today) {
      throw new Problem('conflict', 'The assignment has begun; a move is a new one', { context: { id: now.id } });
    }
    await desk.known(ORG_UNIT, next.orgUnit);
    return next;
  },
  follow: async (assignment, _before, desk) => {
    if (assignment.startsOn > desk.today) return;
    await place(await desk.known(WORKER, assignment.workerId), assignment, desk);
  },
  filter: ({ effective_on }: AssignmentQuery) => (effective_on ? inForceOn(effective_on) : undefined),
};
