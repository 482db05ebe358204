import type { CrosswalkEntry } from '@concord/master-data';
import { PAYER_NAMES } from '../rules/placement.js';
import { UNITS } from '../rules/supplied-items.js';
import { readTable } from './tables.js';

/** Which table is which crosswalk, and which of its columns hold code and target. */
const TABLES = [
  { table: 'service-codes', crosswalk: 'service-code', code: 'code', target: 'charge_code', system: undefined },
  { table: 'supply-codes', crosswalk: 'supply-code', code: 'code', target: 'item_id', system: undefined },
  { table: 'facilities', crosswalk: 'facility', code: 'value', target: 'facility', system: undefined },
  { table: 'payers', crosswalk: 'payer', code: 'name', target: 'payer', system: PAYER_NAMES },
  { table: 'units', crosswalk: 'unit', code: 'unit', target: 'canonical', system: UNITS },
] as const;

export const CROSSWALKS = TABLES.map(({ crosswalk }) => crosswalk);

/** The translations that the repository carries as data. */
export const seedEntries = (): CrosswalkEntry[] =>
  TABLES.flatMap(({ table, crosswalk, code, target, system }) =>
    readTable(table).map((row) => ({
      crosswalk,
      system: system ?? row['system']!,
      code: row[code]!,
      target: row[target]!,
      validFrom: row['from'] || undefined,
      display: row['display'] || undefined,
    })),
  );
