/** The table `encounter` that every connector with a record of its own has in its own schema. */
import type { Encounter } from '@concord/canonical';
import type { Database } from '@concord/database';
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

/** What is stored of encounters, by id. */
export async function readEncounters(
  tx: Database,
  schema: string,
  ids: readonly string[],
): Promise<Map<string, EncounterState>> {
  const { rows } = await sql<{ id: string; body: StoredEncounter; digest: string }>`
    select id, body, digest from ${sql.table(`${schema}.encounter`)} where id = any(${ids})`.execute(tx);
  return new Map(rows.map(({ id, body, digest }) => [id, { encounter: body, digest }]));
}

/** One statement, whose text is always the same, for however many. */
export async function saveEncounters(
  tx: Database,
  schema: string,
  states: readonly EncounterState[],
  now: Date,
): Promise<void> {
  if (states.length === 0) return;
  await sql`
    insert into ${sql.table(`${schema}.encounter`)} (id, version, digest, status, body, updated_at)
    select id, version, digest, status, body::jsonb, ${now} from unnest(
      ${states.map(({ encounter }) => encounter.id)}::text[],
      ${states.map(({ encounter }) => encounter.version)}::int[],
      ${states.map(({ digest }) => digest)}::text[],
      ${states.map(({ encounter }) => encounter.status)}::text[],
      ${states.map(({ encounter }) => JSON.stringify(encounter))}::text[]
    ) as encounter (id, version, digest, status, body)
    on conflict (id) do update set
      version = excluded.version,
      digest = excluded.digest,
      status = excluded.status,
      body = excluded.body,
      updated_at = excluded.updated_at`.execute(tx);
}
