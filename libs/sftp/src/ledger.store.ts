import { createHash } from 'node:crypto';
import type { Database } from '@concord/database';
import { sql } from 'kysely';

type MailboxTables = {
  'sftp.taken': { partner: string; name: string; size: number; sha256: string; taken_at: Date };
  'sftp.put': {
    partner: string;
    name: string;
    size: number;
    sha256: string;
    state: PutState;
    leased_until: Date | null;
    begun_at: Date;
  };
};

/** `begun`: the upload may have failed anywhere. `uploaded`: whole under its temporary name. `written`: renamed. */
type PutState = 'begun' | 'uploaded' | 'written';

interface Content {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

/** Longer than an upload may take. The clock of the database counts, which all writers share. */
const LEASE = sql<Date>`now() + interval '10 minutes'`;

/** Remembers which files of one partner were taken and put. */
export class Ledger {
  constructor(
    private readonly database: Database,
    private readonly partner: string,
    private readonly hashNames: boolean,
  ) {}

  /** Enters a file as taken; false where the same name and content was taken before. */
  async take(tx: Database, { name, size, sha256 }: Content, at: Date): Promise<boolean> {
    const row = await tables(tx)
      .insertInto('sftp.taken')
      .values({ partner: this.partner, name: this.kept(name), size, sha256, taken_at: at })
      .onConflict((known) => known.doNothing())
      .returning('name')
      .executeTakeFirst();
    return row !== undefined;
  }

  /** When a file was taken last. */
  async lastTakenAt(): Promise<Date | undefined> {
    const taken = tables(this.database).selectFrom('sftp.taken').select('taken_at').where('partner', '=', this.partner);
    return (await taken.orderBy('taken_at', 'desc').limit(1).executeTakeFirst())?.taken_at;
  }

  /**
   * Takes hold of a name that is to be put, and says how far it has come; `held` while somebody else puts it, `other`
   * where the name stands for another content.
   */
  async hold({ name, size, sha256 }: Content, at: Date): Promise<PutState | 'held' | 'other'> {
    await tables(this.database)
      .insertInto('sftp.put')
      .values({
        partner: this.partner,
        name: this.kept(name),
        size,
        sha256,
        state: 'begun',
        leased_until: null,
        begun_at: at,
      })
      .onConflict((known) => known.doNothing())
      .execute();
    const row = await this.rows(name).select(['sha256', 'state']).executeTakeFirstOrThrow();
    if (row.sha256 !== sha256) return 'other';
    if (row.state === 'written') return 'written';
    const held = await tables(this.database)
      .updateTable('sftp.put')
      .set({ leased_until: LEASE })
      .where('partner', '=', this.partner)
      .where('name', '=', this.kept(name))
      .where(sql<boolean>`leased_until is null or leased_until < now()`)
      .returning('state')
      .executeTakeFirst();
    return held?.state ?? 'held';
  }

  /** How far the name has come. */
  async reached(name: string, state: PutState): Promise<void> {
    await this.change(name, { state });
  }

  async letGo(name: string): Promise<void> {
    await this.change(name, { leased_until: null });
  }

  private async change(name: string, values: { state?: PutState; leased_until?: null }): Promise<void> {
    await tables(this.database)
      .updateTable('sftp.put')
      .set(values)
      .where('partner', '=', this.partner)
      .where('name', '=', this.kept(name))
      .execute();
  }

  private rows(name: string) {
    return tables(this.database)
      .selectFrom('sftp.put')
      .where('partner', '=', this.partner)
      .where('name', '=', this.kept(name));
  }

  private kept(name: string): string {
    return this.hashNames ? createHash('sha256').update(`${this.partner}/${name}`).digest('hex') : name;
  }
}

const tables = (database: Database) => database.$extendTables<MailboxTables>();
