import { Problem, type CostCenter, type Encounter } from '@concord/canonical';
import type { Reference } from '../reference/reference.js';
import { accountingDate } from './accounting-date.js';

/** Whose books, which cost centers and which day the encounter goes to. */
export interface Placement {
  readonly facility: string;
  readonly region: string;
  readonly legalEntity: string;
  readonly payer: string;
  readonly accountingDate: string;
  /** Cost center of each service line of the facility. */
  readonly costCenters: Readonly<Record<string, string>>;
}

/** Places an encounter by its facility and payer; refuses one whose facility, cost center or payer is not known. */
export function placeEncounter(encounter: Encounter, reference: Reference, serviceDate: string): Placement {
  const { facility, costCenters, payer } = reference;
  const [first] = costCenters;
  if (!facility || !first) {
    const { system, value } = encounter.serviceProvider;
    const context = { crosswalk: 'facility', system, code: value };
    throw new Problem('unknown-code', 'The facility of the encounter is not known', { context });
  }
  if (!payer) {
    const context = { crosswalk: 'payer', system: PAYER_NAMES, code: encounter.payer ?? 'none' };
    throw new Problem('unknown-code', 'The payer of the encounter is not known', { context });
  }
  return {
    facility,
    region: first.region,
    legalEntity: first.legalEntity,
    payer: payer.code,
    accountingDate: accountingDate(serviceDate, reference),
    costCenters: Object.fromEntries(costCenters.map(({ serviceLine, code }) => [serviceLine, code])),
  };
}

/** The code system of payer names, which the EHR writes as words. */
export const PAYER_NAMES = 'urn:concord:payer-name';

/** The cost center of a service line; refuses a service line that the facility does not have. */
export function costCenterOf(
  placement: Pick<Placement, 'costCenters' | 'facility'>,
  serviceLine: string,
): CostCenter['code'] {
  const code = placement.costCenters[serviceLine];
  if (code) return code;
  const context = { facility: placement.facility, serviceLine };
  throw new Problem('unknown-code', 'The facility has no cost center for the service line', { context });
}
