import type { Database } from '@concord/database';
import { Problem } from '@concord/canonical';
import { sql, type Generated } from 'kysely';
import { followSeed, seedMigration, tellDifferences, type SeedRow } from './crosswalk-seed.js';

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
  '002-seed': seedMigration,
};

const BEGINNING = '0001-01-01';
const LOOK_AGAIN_MS = 1000;
/** Any number that no other advisory lock of ours uses. */
const WRITE_LOCK = 7_262_667;

interface Translation {
  readonly target: string;
  readonly validFrom: string;
}

/**
 * Translations of foreign codes, effective-dated. They are few enough to be held in memory; what another process added
 * is seen within a second. Writers take turns, so the order of positions is the order of commits, and whoever has read
 * up to a position has missed nothing before it.
 */
export class Crosswalks {
  private readonly entries = new Map<string, Translation[]>();
  private position = 0;
  /** Start of the last look, and of our own last change, on the monotonic clock. */
  private lookedAt = -Infinity;
  private changedAt = -Infinity;
  private looking: Promise<void> | undefined;

  constructor(private readonly database: Database) {}

  /**
   * Puts in what the repository carries as data, and corrects what an earlier version of it said; what a person added or
   * changed stays, and the log tells where it differs. Of two that say different things of one day, the first counts.
   */
  async seed(entries: readonly CrosswalkEntry[]): Promise<void> {
    if (!entries.length) return;
    const rows = new Map<string, SeedRow>();
    for (const row of entries.map(rowOf)) {
      const key = `${keyOf(row.crosswalk, row.system, row.code)}\n${row.valid_from}`;
      if (!rows.has(key)) rows.set(key, row);
    }
    tellDifferences(await this.write((tx) => followSeed(tx, [...rows.values()])));
  }

  /**
   * Adds a translation, which the next `refresh` here brings into force; added again, it is the same one. `conflict`
   * where the code already has another target from the same day.
   */
  async add(entry: CrosswalkEntry, by: string): Promise<void> {
    const row = { ...rowOf(entry), added_by: by };
    const kept = await this.write(async (tx) => {
      const tables = this.tables(tx);
      await tables
        .insertInto('master_data.crosswalk_entry')
        .values(row)
        .onConflict((conflict) => conflict.columns(['crosswalk', 'system', 'code', 'valid_from']).doNothing())
        .execute();
      return tables
        .selectFrom('master_data.crosswalk_entry')
        .select('target')
        .where('crosswalk', '=', row.crosswalk)
        .where('system', '=', row.system)
        .where('code', '=', row.code)
        .where('valid_from', '=', row.valid_from)
        .executeTakeFirstOrThrow();
    });
    if (kept.target === entry.target) return;
    const detail = 'This code has another translation from the same day; give a later day';
    throw new Problem('conflict', detail, { context: { crosswalk: entry.crosswalk, code: entry.code } });
  }

  /** Looks whether there are new entries, at most once a second but after a change of our own; call it before translating. */
  async refresh(): Promise<void> {
    const notBefore = Math.max(this.changedAt, performance.now() - LOOK_AGAIN_MS);
    while (this.lookedAt < notBefore) {
      this.looking ??= this.look().finally(() => (this.looking = undefined));
      await this.looking;
    }
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

  private async write<T>(change: (tx: Database) => Promise<T>): Promise<T> {
    const changed = await this.database.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(${sql.lit(WRITE_LOCK)})`.execute(tx);
      return change(tx);
    });
    this.changedAt = performance.now();
    return changed;
  }

  private tables(database = this.database) {
    return database.$extendTables<EntryTables>();
  }
}

const keyOf = (crosswalk: string, system: string, code: string): string => `${crosswalk}\n${system}\n${code}`;

const rowOf = (entry: CrosswalkEntry): SeedRow => ({
  crosswalk: entry.crosswalk,
  system: entry.system,
  code: entry.code,
  target: entry.target,
  valid_from: entry.validFrom ?? BEGINNING,
  display: entry.display ?? null,
});
