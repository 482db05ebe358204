/**
 * Every component owns a Postgres schema and the list of migrations that leads to it. `migrate` applies, in the order of
 * their names, those not yet applied: all of them or none, once, however many processes start at the same time.
 *
 * ```ts
 * await migrate(db, 'receipts', {
 *   '001-receipt': 'create schema receipts; create table receipts.receipt (key text primary key, …)',
 * });
 * ```
 *
 * An applied migration is history: it keeps its text, and a new one gets a later name. A migration that only the database
 * knows is left alone, as a newer version of us may be running beside.
 */
import { createHash } from 'node:crypto';
import { Problem } from '@concord/canonical';
import { sql } from 'kysely';
import type { Database } from './database.js';
import { appliedOf, createHistory, remember } from './migration-history.js';

/** SQL text, of one statement or many; or a function where SQL is not enough. Both run inside one transaction. */
export type Migration = string | ((db: Database) => Promise<void>);

/** Any number that no other advisory lock of ours uses. */
const MIGRATION_LOCK = 7_262_663;

/** The names applied by this call. Throws `conflict` where the list contradicts what was applied before. */
export async function migrate(
  db: Database,
  component: string,
  migrations: Readonly<Record<string, Migration>>,
): Promise<string[]> {
  const seen = await appliedOf(db, component);
  if (pendingOf(component, migrations, seen).length === 0) return [];
  return db.transaction().execute(async (tx) => {
    await sql`set local statement_timeout = 0`.execute(tx);
    await sql`select pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(tx);
    await createHistory(tx);
    const pending = pendingOf(component, migrations, await appliedOf(tx, component));
    for (const [name, migration] of pending) {
      await (typeof migration === 'string' ? sql.raw(migration).execute(tx) : migration(tx));
      await remember(tx, component, name, fingerprint(migration));
    }
    return pending.map(([name]) => name);
  });
}

function pendingOf(
  component: string,
  migrations: Readonly<Record<string, Migration>>,
  applied: ReadonlyMap<string, string>,
): [string, Migration][] {
  const known = Object.entries(migrations).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, migration] of known) {
    if (applied.has(name) && applied.get(name) !== fingerprint(migration)) {
      throw new Problem('conflict', `${component}: migration ${name} was changed after it was applied; add a new one`);
    }
  }
  const lastApplied = known.findLast(([name]) => applied.has(name))?.[0] ?? '';
  const pending = known.filter(([name]) => !applied.has(name));
  const late = pending.find(([name]) => name < lastApplied);
  if (late) throw new Problem('conflict', `${component}: migration ${late[0]} needs a name after ${lastApplied}`);
  return pending;
}

/** Tells whether a migration is the one that was applied. Layout does not count, so a formatter cannot stop a start. */
const fingerprint = (migration: Migration): string =>
  typeof migration === 'string'
    ? createHash('sha256').update(migration.replace(/\s+/g, ' ').trim()).digest('hex')
    : 'function';
