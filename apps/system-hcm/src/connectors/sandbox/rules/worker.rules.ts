import type { NewWorker, Worker } from '@concord/canonical';
import { ASSIGNMENT, ORG_UNIT, POSITION, WORKER } from '../../record/kind.js';
import type { Rules } from '../sandbox.resource.js';

/** Who is to join begins before his first day, with the place that he is hired for as his first assignment. */
export const workerRules: Rules<Worker, NewWorker> = {
  kind: WORKER,
  begin: async (fresh, desk) => {
    if (fresh.orgUnit) await desk.known(ORG_UNIT, fresh.orgUnit);
    if (fresh.positionId) await desk.known(POSITION, fresh.positionId);
    if (fresh.managerId) await desk.known(WORKER, fresh.managerId);
    return { ...fresh, status: 'pre-hire' };
  },
  follow: async ({ id, startsOn, facility, orgUnit, costCenter, positionId, managerId }, before, desk) => {
    if (before || !orgUnit || !costCenter) return;
    const place = { facility, orgUnit, costCenter, positionId, managerId };
    const assignmentId = await desk.nextId(ASSIGNMENT);
    await desk.add(ASSIGNMENT, { id: assignmentId, workerId: id, startsOn, ...place, fte: '1.00', reason: 'hire' });
  },
};
