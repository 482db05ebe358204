import type { Database } from '@concord/database';
import { log } from '@concord/observability';
import { sql } from 'kysely';
import type { LedgerTables } from './ledger-tables.js';
import { nextMoment, type Rhythm } from './rhythm.js';

/** @param due the moment at which it should have been done; the oldest, where there are several */
export type ScheduledWork = (due: Date) => Promise<void>;

interface Schedule {
  readonly name: string;
  readonly rhythm: Rhythm;
  readonly work: ScheduledWork;
  /** Before this there is nothing to look for. */
  notBefore: number;
  working: Promise<void> | undefined;
}

const LOOK_MS = 500;
/** After work that failed, or that another process is at. */
const AGAIN_MS = 60_000;
/** Any number that no other advisory lock of ours uses. */
const SCHEDULE_LOCK = 7_262_670;

/**
 * Work that is to be done again and again. When it was last done is kept in Postgres: it is done by one process at a
 * time, and once after a time in which there was none. Work that fails is tried again after a minute. It may be done
 * twice where a process dies at its end, so it has to bear that.
 */
export class Schedules {
  private readonly schedules = new Map<string, Schedule>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly clock: () => Date,
  ) {}

  /** The first time is a whole round from now. Throws where the rhythm is none. */
  schedule(name: string, rhythm: Rhythm, work: ScheduledWork): void {
    if (this.schedules.has(name)) throw new Error(`There is a schedule named ${name} already`);
    nextMoment(rhythm, this.clock());
    this.schedules.set(name, { name, rhythm, work, notBefore: 0, working: undefined });
  }

  start(): void {
    this.timer = setInterval(() => this.look(), LOOK_MS);
    this.look();
  }

  /** Waits for the work under way. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all([...this.schedules.values()].map(async ({ working }) => working));
  }

  private look(): void {
    const now = this.clock();
    for (const schedule of this.schedules.values()) {
      if (schedule.working || schedule.notBefore > now.getTime()) continue;
      schedule.notBefore = now.getTime() + AGAIN_MS;
      schedule.working = this.doIfDue(schedule, now)
        .catch((error: unknown) => log.error('schedule.failed', { name: schedule.name, error }))
        .finally(() => (schedule.working = undefined));
    }
  }

  /** The lock is one of the connection, which goes with the process: nobody has to clean up after a crash. */
  private doIfDue(schedule: Schedule, now: Date): Promise<void> {
    return this.database.connection().execute(async (connection) => {
      const lock = sql`${sql.lit(SCHEDULE_LOCK)}, hashtext(${schedule.name})`;
      const { rows } = await sql<{ ours: boolean }>`select pg_try_advisory_lock(${lock}) as ours`.execute(connection);
      if (!rows[0]?.ours) return;
      try {
        await this.doOnce(schedule, connection, now);
      } finally {
        await sql`select pg_advisory_unlock(${lock})`.execute(connection);
      }
    });
  }

  private async doOnce(schedule: Schedule, connection: Database, now: Date): Promise<void> {
    const { name, rhythm, work } = schedule;
    const done = connection.$extendTables<LedgerTables>();
    const before = await done.selectFrom('workflow.schedule').selectAll().where('name', '=', name).executeTakeFirst();
    const due = before && nextMoment(rhythm, before.last_done_at);
    if (due && due > now) {
      schedule.notBefore = due.getTime();
      return;
    }
    if (due) await work(due);
    await done
      .insertInto('workflow.schedule')
      .values({ name, last_done_at: now })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ last_done_at: now }))
      .execute();
    schedule.notBefore = nextMoment(rhythm, now).getTime();
  }
}
