import { randomUUID } from 'node:crypto';
import type { Database } from '@concord/database';
import { log } from '@concord/observability';
import { sql } from 'kysely';

const BEAT_MS = 1000;
/** A process that was not heard of for so long is taken to be gone. By the clock of Postgres, which all of them share. */
const GONE_SECONDS = 5;
/** And it stops writing itself, well before others may take it for gone. */
const SURE_MS = 3500;

/**
 * Says once a second that this process is there. Whoever moves a run on is named in its row of the ledger, and as long as
 * that one is heard of nobody else takes the run up: so a key has one writer among all processes. A process that cannot
 * make itself heard must not write any more, because others may have taken over.
 */
export class Presence {
  readonly id = randomUUID();
  private heardAt = -Infinity;
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<void> | undefined;

  constructor(private readonly database: Database) {}

  /** Whether this process may write: others know that it is there. */
  get isSure(): boolean {
    return performance.now() - this.heardAt < SURE_MS;
  }

  async start(): Promise<void> {
    await this.beat();
    this.timer = setInterval(() => {
      this.beating ??= this.beat()
        .catch((error: unknown) => log.warn('presence.not-heard', { error }))
        .finally(() => (this.beating = undefined));
    }, BEAT_MS);
  }

  /** From here on others may take up what was in motion here. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.beating;
    this.heardAt = -Infinity;
    await sql`delete from workflow.presence where id = ${this.id}`
      .execute(this.database)
      .catch((error: unknown) => log.warn('presence.not-heard', { error }));
  }

  private async beat(): Promise<void> {
    const now = performance.now(); // before it is heard: this process must not believe longer in itself than others do
    await sql`
      with gone as (delete from workflow.presence where seen_at < clock_timestamp() - interval '1 hour')
      insert into workflow.presence (id, seen_at) values (${this.id}, clock_timestamp())
      on conflict (id) do update set seen_at = clock_timestamp()`.execute(this.database);
    this.heardAt = now;
  }
}

/** In SQL over a row `run` of the ledger: another process moves it, and that one is there. */
export const isHeldByAnother = (
  own: string,
) => sql<boolean>`(run.status = 'running' and run.worker <> ${own} and exists (
  select from workflow.presence other
  where other.id = run.worker and other.seen_at > clock_timestamp() - make_interval(secs => ${sql.lit(GONE_SECONDS)})))`;
