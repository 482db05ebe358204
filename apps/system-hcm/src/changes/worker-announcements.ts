import { WorkerChanged, WorkerHired, WorkerTerminated, type Worker } from '@concord/canonical';
import { migrate, type Database } from '@concord/database';
import type { EventLog, NewEvent } from '@concord/events';
import { currentContext, newCorrelationId } from '@concord/observability';
import { sql } from 'kysely';

interface Known {
  readonly id: string;
  readonly status: Worker['status'];
  readonly revision: string;
  readonly changed_at: Date;
}

const migrations = {
  '001-known-worker': `
    create schema hcm;
    create table hcm.known_worker (
      source text not null,
      id text not null,
      status text not null,
      revision text not null,
      changed_at timestamptz not null,
      primary key (source, id)
    );`,
};

/**
 * Tells of workers by events, whoever noticed the change: a write of ours, a webhook, a sweep or an extract. What is
 * compared is how a worker is now against how he was told of last, so that news may come twice, late and in any order.
 */
export class WorkerAnnouncements {
  /** @param source the connector; another platform tells anew of every worker it has */
  constructor(
    private readonly events: EventLog,
    private readonly source: string,
  ) {}

  static async migrate(database: Database): Promise<void> {
    await migrate(database, 'system-hcm', migrations);
  }

  /** Appends the events inside the caller's transaction, and gives how many are new. Call `announce` after the commit. */
  async tell(tx: Database, workers: readonly Worker[]): Promise<number> {
    const known = await this.known(tx, workers);
    const news = workers.filter((worker) => isNews(worker, known.get(worker.id)));
    if (!news.length) return 0;
    const rows = news.map(({ id, status, revision, changedAt }) => ({ id, status, revision, changed_at: changedAt }));
    await sql`
      insert into hcm.known_worker (source, id, status, revision, changed_at)
      select ${this.source}, id, status, revision, changed_at
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as worker (id text, status text, revision text, changed_at timestamptz)
      on conflict (source, id) do update
      set status = excluded.status, revision = excluded.revision, changed_at = excluded.changed_at`.execute(tx);
    const told = await this.events.appendIn(
      tx,
      news.map((worker) => eventOf(this.source, worker, known.get(worker.id))),
      [],
    );
    return told.size;
  }

  announce(): void {
    this.events.announce();
  }

  private async known(tx: Database, workers: readonly Worker[]): Promise<Map<string, Known>> {
    const ids = workers.map(({ id }) => id);
    const { rows } = await sql<Known>`
      select id, status, revision, changed_at from hcm.known_worker
      where source = ${this.source} and id = any(${ids}::text[]) for update`.execute(tx);
    return new Map(rows.map((row) => [row.id, row]));
  }
}

/** What was read before the change that was told of last is no news, though it may arrive after it. */
function isNews({ revision, changedAt }: Worker, known: Known | undefined): boolean {
  if (!known) return true;
  return revision !== known.revision && Date.parse(changedAt) >= known.changed_at.getTime();
}

function eventOf(source: string, worker: Worker, known: Known | undefined): NewEvent {
  const { id, revision, changedAt } = worker;
  return {
    id: `worker:${source}:${id}:${revision}:${changedAt}`,
    type: typeOf(worker, known),
    source: '/system/hcm',
    subject: id,
    correlationId: currentContext()?.correlationId ?? newCorrelationId(),
    time: new Date(changedAt),
    data: { workerId: id, occurredAt: changedAt },
  };
}

function typeOf({ status }: Worker, known: Known | undefined): string {
  if (status === 'terminated') return known?.status === 'terminated' ? WorkerChanged.type : WorkerTerminated.type;
  return !known || known.status === 'terminated' ? WorkerHired.type : WorkerChanged.type;
}
