import { sql } from 'kysely';
import type { Database } from './database.js';

/**
 * Puts rows into a table, each in the place of the one with the same key. The text of the statement is the same for any
 * number of rows, so that Postgres plans it once. All rows name the same columns; what goes into a json column is given as
 * it is, not as text.
 *
 * @param newerBy a column: where the row that is there has the same or a higher value in it, that one stays
 */
export async function upsert(
  database: Database,
  table: string,
  key: string,
  rows: readonly object[],
  newerBy?: string,
): Promise<void> {
  if (!rows.length) return;
  const columns = Object.keys(rows[0]!).map((name) => sql.ref(name));
  const into = sql.table(table);
  const set = sql.join(columns.map((column) => sql`${column} = excluded.${column}`));
  const only = newerBy ? sql`where known.${sql.ref(newerBy)} < excluded.${sql.ref(newerBy)}` : sql``;
  await sql`
    insert into ${into} as known (${sql.join(columns)})
    select ${sql.join(columns)} from json_populate_recordset(null::${into}, ${JSON.stringify(rows)})
    on conflict (${sql.ref(key)}) do update set ${set} ${only}`.execute(database);
}
