import { createHash } from 'node:crypto';
import { canonicalJson } from '@concord/canonical';
import type { Database } from '@concord/database';
import { sql } from 'kysely';

/** Whom a line names, and what it says, as a digest; none where it cannot be used. */
export interface Naming {
  readonly line: number;
  readonly id: string;
  readonly digest: string;
  readonly hasEnded: boolean;
}

export interface Twice {
  readonly line: number;
  readonly first: number;
  /** Whether the two lines say the same. */
  readonly isSame: boolean;
}

export const digestOf = (body: object): string =>
  createHash('sha256').update(canonicalJson(body)).digest('base64url').slice(0, 22);

/**
 * Whom a file names, in a table that lives as long as the transaction: a file may name more than memory should hold. Who
 * is named twice with different words, or by a line that cannot be used, is in doubt.
 */
export class ToldStore {
  private constructor(private readonly tx: Database) {}

  static async begin(tx: Database): Promise<ToldStore> {
    await sql`drop table if exists told`.execute(tx);
    await sql`
      create temporary table told (
        id text collate "C" primary key, line int not null, digest text not null, ended boolean not null,
        doubtful boolean not null
      ) on commit drop`.execute(tx);
    return new ToldStore(tx);
  }

  /** Enters a group of lines, and gives those whose id was named before. */
  async enter(namings: readonly Naming[]): Promise<Twice[]> {
    const twice: Twice[] = [];
    const rows = new Map<string, Naming & { doubtful: boolean }>();
    for (const naming of namings) {
      const first = rows.get(naming.id);
      if (!first) {
        rows.set(naming.id, { ...naming, doubtful: naming.digest === '' });
        continue;
      }
      const isSame = first.digest === naming.digest;
      twice.push({ line: naming.line, first: first.line, isSame });
      rows.set(naming.id, { ...first, doubtful: first.doubtful || !isSame });
    }
    if (!rows.size) return twice;
    const { rows: known } = await sql<{ id: string; line: number; digest: string }>`
      insert into told (id, line, digest, ended, doubtful)
      select id, line, digest, "hasEnded", doubtful
      from jsonb_to_recordset(${JSON.stringify([...rows.values()])}::jsonb)
        as naming (id text, line int, digest text, "hasEnded" boolean, doubtful boolean)
      on conflict (id) do update set doubtful = told.doubtful or excluded.doubtful or told.digest <> excluded.digest
      returning id, line, digest`.execute(this.tx);
    for (const { id, line: first, digest } of known) {
      const { line, digest: own } = rows.get(id)!;
      if (line !== first) twice.push({ line, first, isSame: digest === own });
    }
    return twice;
  }

  /** Which of these are in doubt. */
  async doubtful(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const { rows } = await sql<{ id: string }>`
      select id from told where doubtful and id = any(${ids}::text[])`.execute(this.tx);
    return new Set(rows.map(({ id }) => id));
  }
}

/** Conditions on `record`. */
export const isNotTold = sql`and not exists (select from told where told.id = record.id)`;
export const isToldAsEnded = sql`and exists (select from told where told.id = record.id and ended and not doubtful)`;
