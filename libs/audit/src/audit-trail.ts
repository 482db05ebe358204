import { Problem } from '@concord/canonical';
import { GroupCommit, type Database } from '@concord/database';
import { sql } from 'kysely';

/** One line of the audit trail: who did what to what, and how it ended. It names no patient. */
export interface AuditEntry {
  /** Layer and name of the API: `system/erp`. */
  readonly api: string;
  readonly operation: string;
  readonly action: 'read' | 'execute';
  /** `success`, or the slug of the problem. */
  readonly outcome: string;
  /** The client of the access token. */
  readonly client: string;
  readonly correlationId: string;
  /** Identifier of what it was done to. */
  readonly resource?: string;
}

/** Any number that no other advisory lock of ours uses. */
const CHAIN_LOCK = 7_262_664;

/** The chain is grown inside Postgres: one round trip for a whole group of entries, and one writer at a time. */
export const auditMigrations = {
  '001-entry': `
    create schema audit;
    create table audit.entry (
      position bigint primary key,
      at timestamptz not null,
      entry text not null,
      hash text not null
    );
    create function audit.refuse_change() returns trigger language plpgsql as
      $$ begin raise exception 'the audit trail is append-only'; end $$;
    create trigger entry_is_append_only before update or delete or truncate on audit.entry
      for each statement execute function audit.refuse_change();
    create function audit.append(at timestamptz, entries text[]) returns void language plpgsql as $$
    declare
      stamp text := to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
      last audit.entry;
      line text;
    begin
      perform pg_advisory_xact_lock(${CHAIN_LOCK});
      select * into last from audit.entry order by position desc limit 1;
      last.position := coalesce(last.position, 0);
      last.hash := coalesce(last.hash, repeat('0', 64));
      foreach line in array entries loop
        last.position := last.position + 1;
        last.hash := encode(sha256(convert_to(concat_ws(e'\\n', last.hash, last.position, stamp, line), 'UTF8')), 'hex');
        insert into audit.entry values (last.position, at, line, last.hash);
      end loop;
    end $$;`,
};

/**
 * The audit trail: append-only, each entry hashed together with the hash before it, so that a changed, missing or
 * inserted entry breaks the chain at its place. Entries of the same moment share a transaction.
 */
export class AuditTrail {
  private readonly commits: GroupCommit<AuditEntry>;

  constructor(
    private readonly database: Database,
    private readonly clock: () => Date,
  ) {
    const refuse = () => new Problem('upstream-unavailable', 'The audit trail is not accepting entries');
    this.commits = new GroupCommit((entries) => this.append(entries), {
      group: 500,
      waiting: 20_000,
      refuse,
      paceMs: 12,
    });
  }

  /** Resolves when the entry is durable. */
  async record(entry: AuditEntry): Promise<void> {
    await this.commits.add(entry);
  }

  /** Resolves when all entries so far are durable. */
  async flush(): Promise<void> {
    await this.commits.idle();
  }

  private async append(entries: readonly AuditEntry[]): Promise<void[]> {
    // As one text, which needs no escaping on its way as an array does: JSON has no line breaks of its own.
    const lines = entries.map((entry) => JSON.stringify(entry)).join('\n');
    await sql`select audit.append(${this.clock()}, string_to_array(${lines}, e'\\n'))`.execute(this.database);
    return entries.map(() => undefined);
  }
}
