import type { Database } from '@concord/database';
import { sql, type RawBuilder } from 'kysely';
import type { BulkFault } from './bulk-job.js';

export interface JobRow {
  readonly id: string;
  readonly resource: string;
  readonly client: string;
  readonly correlation_id: string;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly created_at: Date;
  readonly changed_at: Date;
  readonly started_at: Date | null;
  readonly cancelled_at: Date | null;
  readonly ended_at: Date | null;
  readonly leased_until: Date | null;
  /** The clock of the database, by which the times above were taken. */
  readonly now: Date;
}

export interface NewJob {
  readonly id: string;
  readonly resource: string;
  readonly client: string;
  readonly businessKey: string;
  readonly correlationId: string;
  readonly entries: readonly Buffer[];
}

export interface WaitingItem {
  readonly line: number;
  readonly attempts: number;
  readonly entry: Buffer;
}

/** How an entry came out; one that is to be tried again stays waiting. */
export interface Outcome {
  readonly line: number;
  readonly state: 'done' | 'failed' | 'waiting';
  readonly fault?: Omit<BulkFault, 'line'>;
}

/** A page of jobs, the newest first. */
export interface JobsAsked {
  readonly client: string;
  readonly resource?: string;
  readonly changedSince?: string;
  readonly before?: string;
  readonly limit: number;
}

/** Where an entry is stored; a sealed one opens nowhere else. */
export const placeOf = (job: string, line: number): string => `job/${job}/${line}`;

const ENDED_KEPT_DAYS = 30;
/** Even a job that nobody works at any more, for example of a resource that is gone. */
const KEPT_DAYS = 60;

/** The jobs of one API in Postgres: what was taken in, by whom, and how far it is. Times are those of the database. */
export class JobStore {
  constructor(
    private readonly database: Database,
    private readonly api: string,
  ) {}

  /** Takes a job in with all its entries, or gives the id of the one that the business key names already. */
  async add({ id, resource, client, businessKey, correlationId, entries }: NewJob): Promise<string> {
    return this.database.transaction().execute(async (tx) => {
      const { rows } = await sql`
        insert into api.job (id, api, resource, client, business_key, correlation_id, total)
        values (${id}, ${this.api}, ${resource}, ${client}, ${businessKey}, ${correlationId}, ${entries.length})
        on conflict (api, resource, business_key) do nothing returning id`.execute(tx);
      if (!rows.length) return this.idOf(resource, businessKey);
      await sql`
        insert into api.job_item (job, line, entry)
        select ${id}, line, entry from unnest(${entries}::bytea[]) with ordinality as sent (entry, line)`.execute(tx);
      return id;
    });
  }

  private async idOf(resource: string, businessKey: string): Promise<string> {
    const { rows } = await sql<{ id: string }>`
      select id from api.job
      where api = ${this.api} and resource = ${resource} and business_key = ${businessKey}`.execute(this.database);
    return rows[0]!.id;
  }

  async read(id: string, client: string): Promise<JobRow | undefined> {
    const { rows } = await this.jobs(sql`client = ${client} and id = ${id}`, 1);
    return rows[0];
  }

  async list({ client, resource, changedSince, before, limit }: JobsAsked): Promise<JobRow[]> {
    const asked = [
      sql`client = ${client}`,
      ...(resource === undefined ? [] : [sql`resource = ${resource}`]),
      ...(changedSince === undefined ? [] : [sql`changed_at >= ${changedSince}`]),
      ...(before === undefined ? [] : [sql`id < ${before}`]),
    ];
    return (await this.jobs(sql.join(asked, sql` and `), limit)).rows;
  }

  private jobs(asked: RawBuilder<unknown>, limit: number) {
    return sql<JobRow>`
      select *, now() as now from api.job where api = ${this.api} and ${asked}
      order by id desc limit ${limit}`.execute(this.database);
  }

  async unfinishedOf(client: string): Promise<number> {
    const { rows } = await sql<{ jobs: number }>`
      select count(*) as jobs from api.job
      where api = ${this.api} and client = ${client} and ended_at is null`.execute(this.database);
    return rows[0]!.jobs;
  }

  async faults(id: string, after: number, limit: number): Promise<{ line: number; fault: Omit<BulkFault, 'line'> }[]> {
    const { rows } = await sql<{ line: number; fault: Omit<BulkFault, 'line'> }>`
      select line, fault from api.job_item where job = ${id} and state = 'failed' and line > ${after}
      order by line limit ${limit}`.execute(this.database);
    return rows;
  }

  /** From now on nothing of the job is begun; what is being worked at comes to its end. */
  async cancel(id: string): Promise<void> {
    await sql`
      update api.job set cancelled_at = now(), changed_at = now(), resume_at = null
      where id = ${id} and ended_at is null and cancelled_at is null`.execute(this.database);
  }

  /** Leases the job of these resources that has waited longest since it was last worked at. */
  async lease(resources: readonly string[], worker: string, leaseMs: number): Promise<JobRow | undefined> {
    const { rows } = await sql<JobRow>`
      update api.job set worker = ${worker}, leased_until = now() + ${leaseMs} * interval '1 ms',
        started_at = coalesce(started_at, now()), worked_at = now(),
        changed_at = case when started_at is null then now() else changed_at end
      where id = (
        select id from api.job
        where api = ${this.api} and resource = any(${resources}::text[]) and ended_at is null
          and (leased_until is null or leased_until < now()) and (resume_at is null or resume_at <= now())
        order by worked_at nulls first, id
        limit 1 for update skip locked)
      returning *, now() as now`.execute(this.database);
    return rows[0];
  }

  async renew(id: string, worker: string, leaseMs: number): Promise<void> {
    await sql`
      update api.job set leased_until = now() + ${leaseMs} * interval '1 ms'
      where id = ${id} and worker = ${worker}`.execute(this.database);
  }

  /** What waits, what was tried least first. */
  async waiting(id: string, limit: number): Promise<WaitingItem[]> {
    const { rows } = await sql<WaitingItem>`
      select line, attempts, entry from api.job_item where job = ${id} and state = 'waiting'
      order by attempts, line limit ${limit}`.execute(this.database);
    return rows;
  }

  /**
   * Keeps how a batch came out, in one transaction: what was sent is forgotten with the outcome, an outcome counts once
   * whoever reports it, and the job ends where nothing waits any more.
   * @param restMs how long the job is left alone, where something is to be tried again
   */
  async settle(id: string, worker: string, outcomes: readonly Outcome[], restMs: number): Promise<void> {
    await this.database.transaction().execute(async (tx) => {
      const { rows } = await sql<{ cancelled: boolean }>`
        select cancelled_at is not null as cancelled from api.job where id = ${id} for update`.execute(tx);
      if (!rows.length) return;
      const { rows: counted } = await sql<{ state: string }>`
        update api.job_item item
        set state = outcome.state, fault = outcome.fault,
          attempts = item.attempts + 1, entry = case when outcome.state = 'waiting' then entry end
        from jsonb_to_recordset(${JSON.stringify(outcomes)}::jsonb) as outcome (line int, state text, fault jsonb)
        where item.job = ${id} and item.line = outcome.line and item.state = 'waiting'
        returning item.state`.execute(tx);
      if (rows[0]!.cancelled) {
        await sql`
          update api.job_item set state = 'cancelled', entry = null
          where job = ${id} and state = 'waiting'`.execute(tx);
      }
      const ofState = (state: string) => counted.filter((one) => one.state === state).length;
      await sql`
        update api.job set done = done + ${ofState('done')}, failed = failed + ${ofState('failed')}, changed_at = now(),
          resume_at = case when ${restMs}::int > 0 then now() + ${restMs}::int * interval '1 ms' end,
          leased_until = case when worker = ${worker} then null else leased_until end,
          ended_at = case when not exists (
            select from api.job_item where job = ${id} and state = 'waiting') then now() end
        where id = ${id}`.execute(tx);
    });
  }
}

/** Removes jobs past their time, a bounded number a call. */
export async function forgetJobs(database: Database, limit = 5): Promise<void> {
  await sql`
    delete from api.job where id in (
      select id from api.job
      where ended_at < now() - ${ENDED_KEPT_DAYS} * interval '1 day' or created_at < now() - ${KEPT_DAYS} * interval '1 day'
      order by created_at limit ${limit})`.execute(database);
}
