import { sql } from 'kysely';
import type { Database } from './database.js';

/**
 * Puts rows into a table with a column `changed_at`, each in the place of the one with the same key. One that is new, or
 * says something else than before, is changed at that moment; any other stays as it is, so that to say the same again, as
 * a seed does at every start, changes nothing.
 * @param key the columns that tell rows apart
 * @param rows by column, all with the same columns; empty writes nothing
 */
export async function putChanged<Row extends object>(
  database: Database,
  table: string,
  key: readonly (keyof Row & string)[],
  rows: readonly Row[],
  at: Date,
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const columns = Object.keys(first) as (keyof Row & string)[];
  const said = columns.filter((name) => !key.includes(name));
  const list = (names: readonly string[], of = '') => sql.join(names.map((name) => sql.ref(`${of}${name}`)));
  const set = sql.join(said.map((name) => sql`${sql.ref(name)} = excluded.${sql.ref(name)}`));
  await sql`
    insert into ${sql.table(table)} as known (${list(columns)}, changed_at)
    select ${list(columns)}, ${at}::timestamptz
    from jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::jsonb)
    on conflict (${list(key)}) do update set ${set}, changed_at = excluded.changed_at
    where (${list(said, 'known.')}) is distinct from (${list(said, 'excluded.')})`.execute(database);
}
