import { putChanged, type Database } from '@concord/database';
import { sql } from 'kysely';

/** What an owner said, and when. */
export interface Told<T> {
  readonly value: T;
  readonly at: Date;
}

export const lastToldMigrations = {
  '001-last-told': `
    create schema patient_to_billing;
    create table patient_to_billing.last_told (
      kind text not null,
      key text not null,
      value jsonb not null,
      changed_at timestamptz not null,
      primary key (kind, key)
    );`,
};

/**
 * The costs that were told last, so that they are known after a restart, too. One is written when it is first told and when
 * it says something else; how long it has been so is then known, not when it was told once more.
 */
export class LastTold {
  constructor(
    private readonly database: Database,
    private readonly clock: () => Date,
  ) {}

  async keep(kind: string, key: string, value: object): Promise<void> {
    await putChanged(
      this.database,
      'patient_to_billing.last_told',
      ['kind', 'key'],
      [{ kind, key, value }],
      this.clock(),
    );
  }

  async recall<T>(kind: string, key: string): Promise<Told<T> | undefined> {
    const { rows } = await sql<{ value: T; at: Date }>`
      select value, changed_at as at from patient_to_billing.last_told where kind = ${kind} and key = ${key}`.execute(
      this.database,
    );
    return rows[0];
  }
}
