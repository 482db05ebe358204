import type { Database } from '@concord/database';
import { log } from '@concord/observability';
import { sql } from 'kysely';
import type { LedgerTables } from './ledger-tables.js';

interface Parts {
  readonly database: Database;
  readonly workflow: string;
  readonly submit: (run: { runId: string; key: string }, attempt: string) => Promise<void>;
  /** APIs that do not answer now; runs that wait for one are not tried, but for a probe. */
  readonly silentApis: () => readonly string[];
}

interface Ready {
  id: string;
  key: string;
  event_position: number;
  attempts: number;
  version: number;
}

/** Runs in motion at most; the rest waits in the ledger, in the order of its events. */
const WINDOW = 128;
const POLL_MS = 500;
const PROBE_MS = 1000;
/** After so long without an end a run is handed over again; if it is still in motion, Restate knows it by its key. */
const STALE_MS = 15_000;

/**
 * Hands runs over to Restate: those with a newer event, those whose waiting is over, and those whose worker went away.
 * It reads all of that from the ledger, so it may be killed at any time, and Restate may lose all it has.
 */
export class Dispatcher {
  private readonly inFlight = new Map<string, number>();
  private stopped = false;
  private filling: Promise<void> | undefined;
  private again = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly probedAt = new Map<string, number>();

  constructor(private readonly parts: Parts) {}

  start(): void {
    this.timer = setInterval(() => this.notice(), POLL_MS);
    this.notice();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.filling;
  }

  /** There may be work. */
  notice(): void {
    if (this.stopped) return;
    if (this.filling) {
      this.again = true;
      return;
    }
    this.filling = this.fill()
      .catch((error: unknown) => log.error('dispatch.failed', { workflow: this.parts.workflow, error }))
      .finally(() => {
        this.filling = undefined;
        if (this.again) {
          this.again = false;
          this.notice();
        }
      });
  }

  /** A run has ended its turn. */
  ended(runId: string): void {
    this.inFlight.delete(runId);
    if (this.inFlight.size < WINDOW / 2) this.notice();
  }

  /** An API answers again: what waits for it is due now. */
  async recovered(api: string): Promise<void> {
    await this.tables()
      .updateTable('workflow.run')
      .set({ due_at: sql<Date>`now()` })
      .where('workflow', '=', this.parts.workflow)
      .where('status', '=', 'waiting')
      .where('waiting_for', '=', api)
      .execute();
    this.notice();
  }

  private async fill(): Promise<void> {
    this.forgetStale();
    const room = WINDOW - this.inFlight.size;
    if (room <= 0) return;
    const fresh = await this.newer(room);
    const overdue = fresh.length < room ? await this.overdue(room - fresh.length) : [];
    await Promise.all([...fresh, ...overdue, ...(await this.probes())].map((run) => this.handOver(run)));
  }

  private async handOver(run: Ready): Promise<void> {
    if (this.inFlight.has(run.id)) return;
    this.inFlight.set(run.id, Date.now());
    try {
      const attempt = `${run.id}:${run.event_position}:${run.version}:${run.attempts}`;
      await this.parts.submit({ runId: run.id, key: run.key }, attempt);
    } catch (error) {
      this.inFlight.delete(run.id);
      throw error;
    }
  }

  private forgetStale(): void {
    const stale = Date.now() - STALE_MS;
    for (const [runId, since] of this.inFlight) if (since < stale) this.inFlight.delete(runId);
  }

  /** Runs with an event that no pass has taken up, oldest event first. */
  private newer(limit: number): Promise<Ready[]> {
    return this.candidates()
      .whereRef('handled_position', '<', 'event_position')
      .orderBy('event_position')
      .limit(limit)
      .execute();
  }

  /** Runs whose wait is over, that were resumed by a person, or whose worker went away. */
  private overdue(limit: number): Promise<Ready[]> {
    const silent = [...this.parts.silentApis()];
    return this.candidates()
      .where('status', 'in', ['waiting', 'queued', 'running'])
      .whereRef('handled_position', '=', 'event_position')
      .where((run) =>
        run.or([
          run.and([
            run('status', '=', 'waiting'),
            run.or([run('due_at', 'is', null), run('due_at', '<=', sql<Date>`now()`)]),
            ...(silent.length ? [run.or([run('waiting_for', 'is', null), run('waiting_for', 'not in', silent)])] : []),
          ]),
          run('status', '=', 'queued'),
          run.and([run('status', '=', 'running'), run('updated_at', '<', sql<Date>`now() - interval '5 seconds'`)]),
        ]),
      )
      .orderBy('event_position')
      .limit(limit)
      .execute();
  }

  /** One run a second for each silent API, to learn whether it answers again. */
  private async probes(): Promise<Ready[]> {
    const now = Date.now();
    const due = this.parts.silentApis().filter((api) => (this.probedAt.get(api) ?? 0) <= now - PROBE_MS);
    const probes = await Promise.all(due.map((api) => this.probe(api, now)));
    return probes.flat();
  }

  private async probe(api: string, now: number): Promise<Ready[]> {
    this.probedAt.set(api, now);
    const oldest = this.candidates().where('status', '=', 'waiting').where('waiting_for', '=', api);
    const probe = await oldest.orderBy('event_position').limit(1).execute();
    const ids = probe.map((run) => run.id);
    if (ids.length) {
      const dueNow = { due_at: sql<Date>`now()` };
      await this.tables().updateTable('workflow.run').set(dueNow).where('id', 'in', ids).execute();
    }
    return probe;
  }

  private candidates() {
    const busy = [...this.inFlight.keys()];
    return this.tables()
      .selectFrom('workflow.run')
      .select(['id', 'key', 'event_position', 'attempts', 'version'])
      .where('workflow', '=', this.parts.workflow)
      .$if(busy.length > 0, (query) => query.where(sql<boolean>`id <> all(${busy})`));
  }

  private tables() {
    return this.parts.database.$extendTables<LedgerTables>();
  }
}
