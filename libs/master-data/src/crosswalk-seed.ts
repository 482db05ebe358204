import type { Database } from '@concord/database';
import { log } from '@concord/observability';
import { sql } from 'kysely';

/** What the repository's data say of a code from a day on, as it is stored. */
export interface SeedRow {
  readonly crosswalk: string;
  readonly system: string;
  readonly code: string;
  readonly target: string;
  readonly valid_from: string;
  readonly display: string | null;
}

/** An entry that a person added or changed, and that the data contradict. */
interface Difference {
  readonly crosswalk: string;
  readonly code: string;
  readonly target: string;
  readonly seed: string;
}

/** What an entry said before is kept; `seeded` is what the data said last, by which a change by hand is told. */
export const seedMigration = `
  alter table master_data.crosswalk_entry add column seeded text;
  update master_data.crosswalk_entry set seeded = target where added_by = 'seed';
  create table master_data.crosswalk_entry_before (
    position bigint primary key,
    crosswalk text not null,
    system text not null,
    code text not null,
    target text not null,
    valid_from date not null,
    display text,
    added_by text not null,
    added_at timestamptz not null,
    replaced_at timestamptz not null default now()
  );
  create index crosswalk_entry_before_code on master_data.crosswalk_entry_before (crosswalk, system, code);`;

/**
 * Brings the entries to what the data say, in the transaction of the caller. An entry that nobody has changed since it was
 * seeded follows, and what it said is kept; one that a person added or changed stays. Gives those that stay and differ.
 */
export async function followSeed(database: Database, rows: readonly SeedRow[]): Promise<Difference[]> {
  const seed = sql`
    jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as seed (crosswalk text, system text, code text, target text, valid_from date, display text)`;
  await sql`
    insert into master_data.crosswalk_entry (crosswalk, system, code, target, valid_from, display, added_by, seeded)
    select crosswalk, system, code, target, valid_from, display, 'seed', target from ${seed}
    on conflict (crosswalk, system, code, valid_from) do nothing`.execute(database);
  await sql`
    with changed as (
      select entry.*, seed.target as new_target, seed.display as new_display
      from master_data.crosswalk_entry entry join ${seed} using (crosswalk, system, code, valid_from)
      where entry.added_by = 'seed' and entry.target = coalesce(entry.seeded, entry.target)
        and (entry.target, entry.display) is distinct from (seed.target, seed.display)),
    kept as (
      insert into master_data.crosswalk_entry_before
        (position, crosswalk, system, code, target, valid_from, display, added_by, added_at)
      select position, crosswalk, system, code, target, valid_from, display, added_by, added_at from changed)
    update master_data.crosswalk_entry entry
    set target = new_target, seeded = new_target, display = new_display, position = default, added_at = now()
    from changed where entry.position = changed.position`.execute(database);
  const { rows: differences } = await sql<Difference>`
    select entry.crosswalk, entry.code, entry.target, seed.target as seed
    from master_data.crosswalk_entry entry join ${seed} using (crosswalk, system, code, valid_from)
    where entry.target <> seed.target order by entry.crosswalk, entry.code, entry.valid_from`.execute(database);
  return differences;
}

/** Whoever has more of them looks into the table. */
const MOST_LINES = 100;

/** Says where people and data differ: codes only, in the form that the log takes. */
export function tellDifferences(differences: readonly Difference[]): void {
  for (const { crosswalk, code, target, seed } of differences.slice(0, MOST_LINES)) {
    log.warn('crosswalk.differs-from-seed', {
      name: `${crosswalk}/${plain(code)}`,
      state: plain(target),
      reason: `seed:${plain(seed)}`,
      count: differences.length,
    });
  }
}

const plain = (code: string): string => code.replaceAll(/[^\w.:/@+*#{}$-]+/g, '-').slice(0, 90);
