import { sql } from 'kysely';
import type { Database } from './database.js';
import { rowsOf, type Columns } from './rows-of.js';

/**
 * Puts rows into a table, each in the place of the one with the same key. The text of the statement is the same for any
 * number of rows, so that Postgres plans it once. What goes into a json column is given as it is, not as text.
 *
 * @param newerBy a column: where the row that is there has the same or a higher value in it, that one stays
 */
export async function upsert(
  database: Database,
  table: string,
  columns: Columns,
  key: string,
  rows: readonly object[],
  newerBy?: string,
): Promise<void> {
  if (!rows.length) return;
  const names = Object.keys(columns).map((name) => sql.ref(name));
  const set = sql.join(names.map((name) => sql`${name} = excluded.${name}`));
  const only = newerBy ? sql`where known.${sql.ref(newerBy)} < excluded.${sql.ref(newerBy)}` : sql``;
  await sql`
    insert into ${sql.table(table)} as known (${sql.join(names)})
    select ${sql.join(names)} from ${rowsOf(columns, rows)} as given
    on conflict (${sql.ref(key)}) do update set ${set} ${only}`.execute(database);
}
