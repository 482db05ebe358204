import { canonicalJson, mergePatch, Problem } from '@concord/canonical';
import { migrate, type Database } from '@concord/database';
import { sql } from 'kysely';

/** In the schema of an API. */
const migrationsOf = (api: string) => ({
  '001-change-attempt': `
    create schema if not exists ${api};
    create table ${api}.change_attempt (
      source text not null,
      key text not null,
      resource text not null,
      begun_at timestamptz not null default now(),
      primary key (source, key, resource)
    );
    create index change_attempt_age on ${api}.change_attempt (begun_at);`,
});

/** As long as receipts of effects are kept: nobody repeats a change later. */
const KEPT_DAYS = 30;
const BETWEEN_CLEARINGS = 1000;

/** A change of a resource, and how it reads now. */
export interface Attempt<T> {
  readonly make: () => Promise<T>;
  readonly read: () => Promise<T>;
  /** What of it can be asked for, where a list holds more than that: a list is replaced as a whole. */
  readonly asked?: (now: T) => object;
}

/** Which changes were begun under which business keys, so that one that is repeated is known for what it is. */
export class ChangeAttempts {
  private begun = 0;
  private readonly table;

  /**
   * @param api whose schema they are kept in, such as `hcm`
   * @param source the connector
   */
  constructor(
    private readonly database: Database,
    private readonly api: 'erp' | 'hcm',
    private readonly source: string,
  ) {
    this.table = sql.table(`${api}.change_attempt`);
  }

  async migrate(): Promise<void> {
    await migrate(this.database, `system-${this.api}-changes`, migrationsOf(this.api));
  }

  /**
   * Makes a change. One that was begun before under its key, is refused as stale, and whose content is there, is the one
   * that was done, and its reply was lost (RFC 9110, 13.1.1): then nothing is written, and what is there is the answer.
   * @param resource with its identifier: `workers/W-1`
   * @param businessKey without one, a change is what it is
   */
  async repeatable<T extends object>(
    resource: string,
    businessKey: string | undefined,
    change: object,
    { make, read, asked = (now) => now }: Attempt<T>,
  ): Promise<T> {
    const isFirst = businessKey === undefined || (await this.begin(businessKey, resource));
    try {
      return await make();
    } catch (error) {
      if (isFirst || !(error instanceof Problem) || error.slug !== 'stale') throw error;
      const now = await read();
      if (!holds(asked(now), change)) throw error;
      return now;
    }
  }

  /** Notes that a change begins; false where it was begun before. */
  private async begin(key: string, resource: string): Promise<boolean> {
    if (++this.begun % BETWEEN_CLEARINGS === 0) await this.forget();
    const { rows } = await sql`
      insert into ${this.table} (source, key, resource) values (${this.source}, ${key}, ${resource})
      on conflict do nothing returning key`.execute(this.database);
    return rows.length > 0;
  }

  private async forget(): Promise<void> {
    await sql`
      delete from ${this.table} where (source, key, resource) in (
        select source, key, resource from ${this.table}
        where begun_at < now() - make_interval(days => ${KEPT_DAYS}) limit 5000)`.execute(this.database);
  }
}

/** Whether a change would change nothing. */
const holds = (now: object, change: object): boolean => canonicalJson(mergePatch(now, change)) === canonicalJson(now);
