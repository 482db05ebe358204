import type { Database } from '@concord/database';
import { Problem } from '@concord/canonical';
import { sql, type Generated } from 'kysely';

/** One translation: a foreign code to ours, from a day on. */
export interface CrosswalkEntry {
  readonly crosswalk: string;
  readonly system: string;
  readonly code: string;
  readonly target: string;
  /** First day on which it counts, `YYYY-MM-DD`; the beginning of time where nothing is said. */
  readonly validFrom?: string;
  readonly display?: string;
}

type EntryTables = {
  'master_data.crosswalk_entry': {
    position: Generated<number>;
    crosswalk: string;
    system: string;
    code: string;
    target: string;
    valid_from: string;
    display: string | null;
    added_by: string;
  };
};

/** The tables of this library. */
export const masterDataMigrations = {
  '001-crosswalk': `
    create schema master_data;
    create table master_data.crosswalk_entry (
      position bigint generated always as identity,
      crosswalk text not null,
      system text not null,
      code text not null,
      target text not null,
      valid_from date not null,
      display text,
      added_by text not null,
      added_at timestamptz not null default now(),
      primary key (crosswalk, system, code, valid_from)
    );
    create unique index crosswalk_position on master_data.crosswalk_entry (position);`,
};

const BEGINNING = '0001-01-01';
const LOOK_AGAIN_MS = 1000;

interface Translation {
  readonly target: string;
  readonly validFrom: string;
}

/**
 * Translations of foreign codes, effective-dated. They are few enough to be held in memory; what another process added
 * is seen within a second.
 */
export class Crosswalks {
  private readonly entries = new Map<string, Translation[]>();
  private position = 0;
  private lookedAt = -Infinity;
  private looking: Promise<void> | undefined;

  constructor(private readonly database: Database) {}

  /** Puts in what the repository carries as data; an entry that a steward changed stays as it is. */
  async seed(entries: readonly CrosswalkEntry[]): Promise<void> {
    if (!entries.length) return;
    const rows = entries.map((entry) => rowOf(entry, 'seed'));
    await this.tables()
      .insertInto('master_data.crosswalk_entry')
      .values(rows)
      .onConflict((conflict) => conflict.columns(['crosswalk', 'system', 'code', 'valid_from']).doNothing())
      .execute();
    this.lookedAt = -Infinity;
  }

  /** Adds a translation; `conflict` where the same code already has another target from the same day. */
  async add(entry: CrosswalkEntry, by: string): Promise<void> {
    const row = rowOf(entry, by);
    const { rows } = await sql<{ target: string }>`
      insert into master_data.crosswalk_entry (crosswalk, system, code, target, valid_from, display, added_by)
      values (${row.crosswalk}, ${row.system}, ${row.code}, ${row.target}, ${row.valid_from}, ${row.display}, ${by})
      on conflict (crosswalk, system, code, valid_from)
        do update set target = master_data.crosswalk_entry.target
      returning target`.execute(this.database);
    const [kept] = rows;
    if (kept && kept.target !== entry.target) {
      const detail = 'This code has another translation from the same day; give a later day';
      throw new Problem('conflict', detail, { context: { crosswalk: entry.crosswalk, code: entry.code } });
    }
    this.lookedAt = -Infinity;
  }

  /** Looks whether there are new entries, at most once a second; call it before translating. */
  async refresh(): Promise<void> {
    if (performance.now() - this.lookedAt < LOOK_AGAIN_MS) return;
    this.looking ??= this.look().finally(() => (this.looking = undefined));
    await this.looking;
  }

  /** What a code means on a day, or undefined where nobody has said. */
  translate(crosswalk: string, system: string, code: string, on: string): string | undefined {
    const translations = this.entries.get(keyOf(crosswalk, system, code)) ?? [];
    return translations.find(({ validFrom }) => validFrom <= on)?.target;
  }

  private async look(): Promise<void> {
    const began = performance.now();
    const rows = await this.tables()
      .selectFrom('master_data.crosswalk_entry')
      .selectAll()
      .where('position', '>', this.position)
      .orderBy('position')
      .execute();
    for (const { crosswalk, system, code, target, valid_from: validFrom, position } of rows) {
      const key = keyOf(crosswalk, system, code);
      const known = (this.entries.get(key) ?? []).filter((one) => one.validFrom !== validFrom);
      const newestFirst = [...known, { target, validFrom }].sort((a, b) => (a.validFrom < b.validFrom ? 1 : -1));
      this.entries.set(key, newestFirst);
      this.position = position;
    }
    this.lookedAt = began;
  }

  private tables() {
    return this.database.$extendTables<EntryTables>();
  }
}

const keyOf = (crosswalk: string, system: string, code: string): string => `${crosswalk}\n${system}\n${code}`;

const rowOf = (entry: CrosswalkEntry, by: string) => ({
  crosswalk: entry.crosswalk,
  system: entry.system,
  code: entry.code,
  target: entry.target,
  valid_from: entry.validFrom ?? BEGINNING,
  display: entry.display ?? null,
  added_by: by,
});
