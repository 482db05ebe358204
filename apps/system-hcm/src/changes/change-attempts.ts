import { migrate, type Database } from '@concord/database';
import { sql } from 'kysely';

const migrations = {
  '001-change-attempt': `
    create schema if not exists hcm;
    create table hcm.change_attempt (
      source text not null,
      key text not null,
      resource text not null,
      begun_at timestamptz not null default now(),
      primary key (source, key, resource)
    );
    create index change_attempt_age on hcm.change_attempt (begun_at);`,
};

/** As long as receipts of effects are kept: nobody repeats a change later. */
const KEPT_DAYS = 30;
const BETWEEN_CLEARINGS = 1000;

/** Which changes were begun under which business keys, so that one that is repeated is known for what it is. */
export class ChangeAttempts {
  private begun = 0;

  constructor(
    private readonly database: Database,
    private readonly source: string,
  ) {}

  async migrate(): Promise<void> {
    await migrate(this.database, 'system-hcm-changes', migrations);
  }

  /** Notes that a change begins; false where it was begun before. */
  async begin(key: string, resource: string): Promise<boolean> {
    if (++this.begun % BETWEEN_CLEARINGS === 0) await this.forget();
    const { rows } = await sql`
      insert into hcm.change_attempt (source, key, resource) values (${this.source}, ${key}, ${resource})
      on conflict do nothing returning key`.execute(this.database);
    return rows.length > 0;
  }

  private async forget(): Promise<void> {
    await sql`
      delete from hcm.change_attempt where (source, key, resource) in (
        select source, key, resource from hcm.change_attempt
        where begun_at < now() - make_interval(days => ${KEPT_DAYS}) limit 5000)`.execute(this.database);
  }
}
