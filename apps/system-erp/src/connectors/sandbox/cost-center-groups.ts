import type { CostCenter, CostCenterGroup } from '@concord/canonical';
import type { Structure } from './ledger-structure.store.js';

/**
 * The hierarchy of the synthetic health system: a legal entity sums up its regions, a region its facilities, a facility
 * its cost centers. By code; a region in which two legal entities have facilities is a group of each.
 */
export function groupsOf({ legalEntities, costCenters }: Structure): CostCenterGroup[] {
  const groups = new Map<string, CostCenterGroup>();
  for (const { code, name } of legalEntities.values()) {
    groups.set(code, { code, name, kind: 'legal-entity', costCenters: [] });
  }
  for (const center of costCenters.values()) {
    const region = regionOf(center);
    if (!groups.has(region.code)) groups.set(region.code, region);
    const facility = groups.get(center.facility) ?? facilityOf(center, region.code);
    groups.set(center.facility, { ...facility, costCenters: [...facility.costCenters, center.code] });
  }
  return [...groups.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}

const regionOf = ({ legalEntity, region }: CostCenter): CostCenterGroup => ({
  code: `${legalEntity}.${region}`,
  name: `${region} of ${legalEntity}`,
  kind: 'region',
  parent: legalEntity,
  costCenters: [],
});

const facilityOf = ({ facility }: CostCenter, parent: string): CostCenterGroup => ({
  code: facility,
  name: facility,
  kind: 'facility',
  parent,
  costCenters: [],
});
