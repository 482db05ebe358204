/**
 * Looks for what changed without anybody telling: each type of resource by `_lastUpdated`, from where the last look ended.
 * What was told of already is fetched once more at most, and changes nothing then.
 */
import type { Database } from '@concord/database';
import { encounterIdOf } from '@concord/fhir';
import { carried } from './reference-id.js';
import type { FhirClient } from './fhir.client.js';
import { fetchParents, lookupIn } from './fhir.graph.js';
import { noteToFetch, remember, remembered } from './fhir.tables.js';

/** What changes an encounter when it changes. */
const SWEPT = [
  'Encounter',
  'Procedure',
  'ChargeItem',
  'Claim',
  'Condition',
  'MedicationAdministration',
  'Immunization',
  'DeviceUseStatement',
  'SupplyDelivery',
] as const;

const A_PAGE = '200';
const POSITION = 'swept:';

interface Position {
  readonly lastUpdated: string;
  /** What of that moment was seen. */
  readonly ids: readonly string[];
}

interface Sweeping {
  readonly database: Database;
  readonly ehr: FhirClient;
  readonly clock: () => Date;
  /** Where to begin where nothing was swept before. */
  readonly since: string;
}

/** Answers how many resources were new; their encounters are noted, to be fetched. */
export async function sweep({ database, ehr, clock, since }: Sweeping): Promise<number> {
  let count = 0;
  for (const type of SWEPT) {
    let position = (await remembered<Position>(database, `${POSITION}${type}`)) ?? { lastUpdated: since, ids: [] };
    for await (const { matches } of ehr.pages(type, [
      ['_lastUpdated', `ge${position.lastUpdated}`],
      ['_sort', '_lastUpdated'],
      ['_count', A_PAGE],
    ])) {
      const seen = new Set(position.ids);
      const unseen = matches.filter(({ id, meta }) => !(meta?.lastUpdated === position.lastUpdated && seen.has(id)));
      const lookup = lookupIn([...unseen, ...(await fetchParents(ehr, unseen))]);
      const encounters = unseen.flatMap((one) => carried(encounterIdOf(one, lookup)) ?? []);
      await noteToFetch(database, [...new Set(encounters)], clock());
      count += unseen.length;
      const last = matches.at(-1)?.meta?.lastUpdated;
      if (last === undefined) continue;
      const ofLast = matches.filter(({ meta }) => meta?.lastUpdated === last).map(({ id }) => id);
      const before = last === position.lastUpdated ? position.ids : [];
      position = { lastUpdated: last, ids: [...new Set([...before, ...ofLast])] };
      await remember(database, `${POSITION}${type}`, position);
    }
  }
  return count;
}
