import { DEFAULT_PAGE_SIZE, toPage, type IdentityAccount, type Page } from '@concord/canonical';
import { migrate, type Database } from '@concord/database';
import { sql } from 'kysely';
import { startOfCodes } from '../page-start.js';
import type { IdentityAccountQuery } from './identity.dto.js';

interface Row {
  readonly worker_id: string;
  readonly user_id: string | null;
  readonly state: IdentityAccount['state'];
  readonly attempts: number;
  readonly problem: string | null;
  readonly synced_at: Date | null;
  readonly changed_at: Date;
  readonly generation: number;
  readonly role_group: string | null;
}

/** One that is being brought to the provider. */
export interface Claimed {
  readonly workerId: string;
  readonly userId: string | undefined;
  readonly group: string | undefined;
  readonly attempts: number;
  /** Which news it was claimed for: what comes meanwhile makes it due again. */
  readonly generation: number;
}

const migrations = {
  '001-account': `
    create schema if not exists hcm_identity;
    create table hcm_identity.account (
      worker_id text collate "C" primary key,
      user_id text,
      state text not null,
      attempts int not null default 0,
      problem text,
      synced_at timestamptz,
      changed_at timestamptz not null,
      generation bigint not null default 1,
      due_at timestamptz not null,
      urgent boolean not null default false,
      role_group text,
      waits_for text
    );
    create index account_due on hcm_identity.account (urgent desc, due_at) where state = 'due';
    create index account_waits on hcm_identity.account (waits_for) where waits_for is not null;`,
};

/**
 * What has been brought to the identity provider, and what waits to be. A claim is a lease: who dies over his work loses
 * it, and another does it again.
 */
export class AccountStore {
  constructor(private readonly database: Database) {}

  async migrate(): Promise<void> {
    await migrate(this.database, 'system-hcm-identity', migrations);
  }

  /** Workers of whom there is news. Who has left goes first. */
  async due(tx: Database, workerIds: readonly string[], urgent: ReadonlySet<string>, at: Date): Promise<void> {
    const news = [...new Set(workerIds)].map((id) => ({ id, urgent: urgent.has(id) }));
    await sql`
      insert into hcm_identity.account (worker_id, state, changed_at, due_at, urgent)
      select id, 'due', ${at}, ${at}, urgent
      from jsonb_to_recordset(${JSON.stringify(news)}::jsonb) as news (id text, urgent boolean)
      on conflict (worker_id) do update
      set state = 'due', attempts = 0, problem = null, generation = account.generation + 1,
        changed_at = excluded.changed_at, due_at = excluded.due_at,
        urgent = account.urgent and account.state = 'due' or excluded.urgent`.execute(tx);
  }

  /** The next that is due, for nobody else until the lease is over. */
  async claim(now: Date, leaseMs: number): Promise<Claimed | undefined> {
    const until = new Date(now.getTime() + leaseMs);
    const { rows } = await sql<Row>`
      update hcm_identity.account set due_at = ${until} where worker_id = (
        select worker_id from hcm_identity.account where state = 'due' and due_at <= ${now}
        order by urgent desc, due_at limit 1 for update skip locked)
      returning *`.execute(this.database);
    const [row] = rows;
    return (
      row && {
        workerId: row.worker_id,
        userId: row.user_id ?? undefined,
        group: row.role_group ?? undefined,
        attempts: row.attempts,
        generation: row.generation,
      }
    );
  }

  /** Keeps a claim, unless there is other news by now. */
  async renew({ workerId, generation }: Claimed, now: Date, leaseMs: number): Promise<void> {
    await sql`
      update hcm_identity.account set due_at = ${new Date(now.getTime() + leaseMs)}
      where worker_id = ${workerId} and state = 'due' and generation = ${generation}`.execute(this.database);
  }

  /** Brought there. Who waited for this one to have a user is due again. */
  async done(
    { workerId, generation }: Claimed,
    outcome: { userId?: string; active: boolean; group?: string; waitsFor?: string },
    at: Date,
  ): Promise<void> {
    const state = outcome.active ? 'active' : 'inactive';
    await this.database.transaction().execute(async (tx) => {
      // Who waits, and whom he waits for, may be done at the same moment: one of the two has to see the other.
      for (const id of [workerId, outcome.waitsFor ?? workerId].sort())
        await sql`select pg_advisory_xact_lock(hashtextextended(${`identity ${id}`}, 0))`.execute(tx);
      await sql`
        update hcm_identity.account set user_id = ${outcome.userId ?? null}, role_group = ${outcome.group ?? null},
          waits_for = ${outcome.waitsFor ?? null}, synced_at = ${at},
          state = case when generation = ${generation} then ${state}::text else 'due' end,
          due_at = case when generation = ${generation} then due_at else ${at}::timestamptz end,
          urgent = urgent and generation <> ${generation},
          attempts = 0, problem = null, changed_at = ${at}
        where worker_id = ${workerId}`.execute(tx);
      await sql`
        update hcm_identity.account as waiting set state = 'due', due_at = ${at}, generation = waiting.generation + 1,
          waits_for = null
        from hcm_identity.account as awaited
        where waiting.waits_for = awaited.worker_id and awaited.user_id is not null
          and ${workerId}::text in (waiting.worker_id, awaited.worker_id)`.execute(tx);
    });
  }

  /** @param again when to try again; undefined where a person has to look first */
  async failed({ workerId, generation }: Claimed, problem: string, again: Date | undefined, at: Date): Promise<void> {
    await sql`
      update hcm_identity.account set problem = ${problem}, attempts = attempts + 1, changed_at = ${at},
        state = case when generation = ${generation} and ${again === undefined}::boolean then 'refused' else 'due' end,
        due_at = case when generation = ${generation} then ${again ?? at}::timestamptz else ${at}::timestamptz end
      where worker_id = ${workerId}`.execute(this.database);
  }

  async read(workerId: string): Promise<IdentityAccount | undefined> {
    const { rows } = await sql<Row>`
      select * from hcm_identity.account where worker_id = ${workerId}`.execute(this.database);
    return rows[0] && toAccount(rows[0]);
  }

  async list({ state, changed_since, page_size, page_token }: IdentityAccountQuery): Promise<Page<IdentityAccount>> {
    const size = page_size ?? DEFAULT_PAGE_SIZE;
    const after = startOfCodes(page_token);
    const { rows } = await sql<Row>`
      select * from hcm_identity.account where true
      ${after === undefined ? sql`` : sql`and worker_id > ${after}`}
      ${state === undefined ? sql`` : sql`and state = ${state}`}
      ${changed_since === undefined ? sql`` : sql`and changed_at >= ${changed_since}`}
      order by worker_id limit ${size + 1}`.execute(this.database);
    return toPage(rows, size, (row) => row.worker_id, toAccount);
  }
}

const toAccount = (row: Row): IdentityAccount => ({
  workerId: row.worker_id,
  userId: row.user_id ?? undefined,
  state: row.state,
  attempts: row.attempts,
  problem: row.problem ?? undefined,
  syncedAt: row.synced_at?.toISOString(),
  changedAt: row.changed_at.toISOString(),
});
