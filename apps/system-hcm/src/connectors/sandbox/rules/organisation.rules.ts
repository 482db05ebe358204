import { Problem, type NewOrgUnit, type NewPosition, type OrgUnit, type Position } from '@concord/canonical';
import type { Desk } from '../desk.js';
import { ORG_UNIT, POSITION } from '../../record/kind.js';
import type { Rules } from '../sandbox.resource.js';

export const positionRules: Rules<Position, NewPosition> = {
  kind: POSITION,
  begin: async (fresh, desk) => {
    await desk.known(ORG_UNIT, fresh.orgUnit);
    return { ...fresh, status: 'open' };
  },
  become: async (_now, next, desk) => {
    await desk.known(ORG_UNIT, next.orgUnit);
    return next;
  },
};

export const orgUnitRules: Rules<OrgUnit, NewOrgUnit> = {
  kind: ORG_UNIT,
  begin: async (fresh, desk) => {
    if (fresh.parentId) await desk.known(ORG_UNIT, fresh.parentId);
    return { ...fresh, status: 'active' };
  },
  become: async (_now, next, desk) => {
    await refuseCircle(next, desk);
    return next;
  },
};

/** No org unit is above itself. */
async function refuseCircle({ id, parentId }: OrgUnit, desk: Desk): Promise<void> {
  for (let above = parentId; above !== undefined; above = (await desk.known(ORG_UNIT, above)).parentId) {
    if (above === id) throw new Problem('conflict', 'The org unit would be above itself', { context: { id } });
  }
}
