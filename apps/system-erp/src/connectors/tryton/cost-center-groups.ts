import type { CostCenter, CostCenterGroup, LegalEntity } from '@concord/canonical';

/** A legal entity sums up its regions, a region its facilities, a facility its cost centers: as their notes say. */
export function groupsOf(entities: readonly LegalEntity[], centers: readonly CostCenter[]): CostCenterGroup[] {
  const groups = new Map<string, CostCenterGroup>();
  for (const { code, name } of entities) groups.set(code, { code, name, kind: 'legal-entity', costCenters: [] });
  for (const { code, legalEntity, region, facility } of centers) {
    const parent = `${legalEntity}.${region}`;
    const name = `${region} of ${legalEntity}`;
    if (!groups.has(parent))
      groups.set(parent, { code: parent, name, kind: 'region', parent: legalEntity, costCenters: [] });
    const group = groups.get(facility) ?? { code: facility, name: facility, kind: 'facility', parent, costCenters: [] };
    groups.set(facility, { ...group, costCenters: [...group.costCenters, code] });
  }
  return [...groups.values()];
}
