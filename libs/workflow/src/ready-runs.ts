import type { Database } from '@concord/database';
import { sql } from 'kysely';
import type { LedgerTables } from './ledger-tables.js';
import { isHeldByAnother } from './presence.js';

/** A run that can be moved on. */
export interface ReadyRun {
  readonly id: string;
  readonly key: string;
  readonly event_position: number;
  readonly version: number;
}

/** A run of this process without a sign of life for so long was lost on its way back to it. */
const SILENT_MS = 5000;
/** Runs woken in one statement, so that it holds no lock for long. */
const WOKEN = 2000;

/** A pass that is not over, and that waits or is parked, comes before what is newer. */
const HAS_NEWS = sql<boolean>`(handled_position < event_position
  and (under_way is null or status in ('queued', 'running')))`;

/** Finds the runs of one workflow that can be moved on, in the order of their events. All of it is read from the ledger. */
export class ReadyRuns {
  constructor(
    private readonly database: Database,
    private readonly workflow: string,
    private readonly clock: () => Date,
    /** The process that this is. */
    private readonly worker: string,
  ) {}

  /** Runs with an event that no pass has taken up, and that a pass could take up now. */
  newer(limit: number, busy: readonly string[]): Promise<ReadyRun[]> {
    return this.candidates(busy).where(HAS_NEWS).orderBy('event_position').limit(limit).execute();
  }

  /** Runs whose wait is over, that a person let go on, or whose worker went away. Those that wait for a silent API are not. */
  overdue(limit: number, busy: readonly string[], silentApis: readonly string[]): Promise<ReadyRun[]> {
    return this.candidates(busy)
      .where('status', 'in', ['waiting', 'queued', 'running'])
      .where(sql<boolean>`not ${HAS_NEWS}`)
      .where(this.isDue())
      .where((run) =>
        run.or([
          run('status', '<>', 'waiting'),
          run('waiting_for', 'is', null),
          sql<boolean>`waiting_for <> all(${silentApis})`,
        ]),
      )
      .orderBy('event_position')
      .limit(limit)
      .execute();
  }

  /** The run that has waited longest for an API, made due, to learn whether the API answers again. */
  async probe(api: string, busy: readonly string[]): Promise<ReadyRun[]> {
    const [run] = await this.candidates(busy)
      .where('status', '=', 'waiting')
      .where('waiting_for', '=', api)
      .orderBy('due_at')
      .limit(1)
      .execute();
    if (!run) return [];
    await this.runs().updateTable('workflow.run').set({ due_at: this.clock() }).where('id', '=', run.id).execute();
    return [run];
  }

  /** An API answers again: what waits for it is due. A run that is just being moved learns of it by itself. */
  async wake(api: string): Promise<void> {
    const now = this.clock();
    for (let woken = WOKEN; woken === WOKEN;) {
      const { numAffectedRows } = await sql`
        update workflow.run set due_at = ${now}, attempts = 0 where id in (
          select id from workflow.run where workflow = ${this.workflow} and status = 'waiting'
            and waiting_for = ${api} and due_at > ${now} limit ${WOKEN} for update skip locked)`.execute(this.database);
      woken = Number(numAffectedRows);
    }
  }

  /** Which of the runs could still be moved on; the others were, by another process. */
  async stillReady(ids: readonly string[]): Promise<Set<string>> {
    const rows = await this.runs()
      .selectFrom('workflow.run')
      .select('id')
      .where(sql<boolean>`id = any(${ids})`)
      .where((run) => run.or([HAS_NEWS, run('status', '=', 'running'), this.isDue()]))
      .execute();
    return new Set(rows.map(({ id }) => id));
  }

  private isDue() {
    const now = this.clock();
    const silentSince = new Date(now.getTime() - SILENT_MS);
    return sql<boolean>`(status = 'queued' or (status = 'waiting' and due_at <= ${now})
      or (status = 'running' and (worker is distinct from ${this.worker} or updated_at < ${silentSince})))`;
  }

  private candidates(busy: readonly string[]) {
    return this.runs()
      .selectFrom('workflow.run as run')
      .select(['id', 'key', 'event_position', 'version'])
      .where('workflow', '=', this.workflow)
      .where(sql<boolean>`id <> all(${busy})`)
      .where(sql<boolean>`not ${isHeldByAnother(this.worker)}`);
  }

  private runs() {
    return this.database.$extendTables<LedgerTables>();
  }
}
