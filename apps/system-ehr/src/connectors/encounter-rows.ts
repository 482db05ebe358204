/** The table `encounter` that every connector with a record of its own has in its own schema. */
import type { Encounter } from '@concord/canonical';
import { rowsOf, type Database, type Statement } from '@concord/database';
import { sql, type ColumnType } from 'kysely';
import type { StoredEncounter } from './record.js';
import type { EncounterState } from './revision.js';

export interface EncounterRow {
  readonly id: string;
  readonly version: number;
  readonly digest: string;
  readonly status: Encounter['status'];
  readonly body: ColumnType<StoredEncounter, string, string>;
  readonly updated_at: Date;
}

export const encounterTables = (database: Database, schema: string) =>
  database.$extendTables<{ encounter: EncounterRow }>().withSchema(schema);

type KnownRow = { readonly id: string; readonly body: StoredEncounter; readonly digest: string };

/** What is stored of encounters, by id. */
export async function readEncounters(
  tx: Database,
  schema: string,
  ids: readonly string[],
): Promise<Map<string, EncounterState>> {
  const { rows } = await selectEncounters(schema, ids).execute(tx);
  return statesOf(rows);
}

export const selectEncounters = (schema: string, ids: readonly string[]) =>
  sql<KnownRow>`select id, body, digest from ${sql.table(`${schema}.encounter`)} where id = any(${ids})`;

export const statesOf = (rows: readonly KnownRow[]): Map<string, EncounterState> =>
  new Map(rows.map(({ id, body, digest }) => [id, { encounter: body, digest }]));

const ENCOUNTER = { id: 'text', version: 'int', digest: 'text', status: 'text', body: 'jsonb' } as const;

const toRow = ({ encounter, digest }: EncounterState) => {
  const { id, version, status } = encounter;
  return { id, version, digest, status, body: encounter };
};

/** One statement, whose text is always the same, for however many. */
export function saveEncounters(schema: string, states: readonly EncounterState[], now: Date): Statement[] {
  if (states.length === 0) return [];
  const saved = sql`
    insert into ${sql.table(`${schema}.encounter`)} (id, version, digest, status, body, updated_at)
    select id, version, digest, status, body, ${now} from ${rowsOf(ENCOUNTER, states.map(toRow))} as encounter
    on conflict (id) do update set
      version = excluded.version,
      digest = excluded.digest,
      status = excluded.status,
      body = excluded.body,
      updated_at = excluded.updated_at`;
  return [saved];
}
