/** What was applied to this database, by whom and in which words: the table `concord_migrations.applied`. */
import { sql } from 'kysely';
import pg from 'pg';
import type { Database } from './database.js';

type HistoryTables = {
  'concord_migrations.applied': { component: string; name: string; fingerprint: string };
};

const UNDEFINED_TABLE = '42P01';

/** The component's applied migrations, name to fingerprint; none where the table is not there yet. */
export async function appliedOf(db: Database, component: string): Promise<Map<string, string>> {
  const rows = await db
    .$extendTables<HistoryTables>()
    .selectFrom('concord_migrations.applied')
    .select(['name', 'fingerprint'])
    .where('component', '=', component)
    .execute()
    .catch(noneWhereThereIsNoTable);
  return new Map(rows.map((row) => [row.name, row.fingerprint]));
}

/** Notes a migration as applied, in the transaction that applies it. */
export async function remember(tx: Database, component: string, name: string, fingerprint: string): Promise<void> {
  const tables = tx.$extendTables<HistoryTables>();
  await tables.insertInto('concord_migrations.applied').values({ component, name, fingerprint }).execute();
}

function noneWhereThereIsNoTable(error: unknown): [] {
  if (error instanceof pg.DatabaseError && error.code === UNDEFINED_TABLE) return [];
  throw error;
}

/** Makes the table if it is not there; the caller holds the migration lock, as two at once would collide. */
export async function createHistory(tx: Database): Promise<void> {
  await sql`
    create schema if not exists concord_migrations;
    create table if not exists concord_migrations.applied (
      component text not null,
      name text not null,
      fingerprint text not null,
      applied_at timestamptz not null default now(),
      primary key (component, name)
    )`.execute(tx);
}
