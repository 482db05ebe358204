import { setTimeout as pause } from 'node:timers/promises';
import { sendAlong, type Database } from '@concord/database';
import { log } from '@concord/observability';
import { sql } from 'kysely';
import type { EventLog, StoredEvent } from './event-log.js';
import type { EventTables } from './event-tables.js';

export interface Subscriber {
  /** Names the cursor; a renamed subscriber begins anew. */
  readonly name: string;
  readonly types: readonly string[];
  /** Takes the events over inside the transaction that moves the cursor: both happen, or neither. It may send along. */
  readonly take: (events: readonly StoredEvent[], tx: Database) => Promise<void>;
  /** Called after the commit. */
  readonly taken?: (events: readonly StoredEvent[]) => void;
}

const BATCH = 200;
/** In milliseconds: how soon it sees what another process appended, and tries again what could not be taken. */
const WAITS = { pollMs: 1000, retryMs: 1000 };
/** A cursor that finds nothing for it is moved over so many events. */
const FAR_BEHIND = 500;
/** Under load a batch begins so long after the one before; the more there was in that, the longer, up to a limit. */
const PACE_MS_AN_EVENT = 2;
const LONGEST_PACE_MS = 100;

/**
 * Brings the events of some types to one subscriber, in order and without a gap, from where its cursor stands. Two
 * processes with the same subscriber take turns by the row lock of the cursor.
 */
export class Subscription {
  private readonly stopping = new AbortController();
  private wake: (() => void) | undefined;
  private pending = true;
  private unsubscribe: (() => void) | undefined;
  private worked: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly events: EventLog,
    private readonly subscriber: Subscriber,
    private readonly waits = WAITS,
  ) {}

  start(): void {
    this.unsubscribe = this.events.onAppend(() => this.notice());
    this.worked = this.work();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.unsubscribe?.();
    this.notice();
    await this.worked;
  }

  /** Moves the cursor, so that everything after the position is taken again. Waits for a batch that is being taken. */
  async replayFrom(position: number): Promise<void> {
    await this.tables(this.database)
      .insertInto('events.cursor')
      .values({ subscriber: this.subscriber.name, position })
      .onConflict((conflict) => conflict.column('subscriber').doUpdateSet({ position }))
      .execute();
    this.notice();
  }

  private get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private notice(): void {
    this.pending = true;
    this.wake?.();
  }

  private async work(): Promise<void> {
    while (!this.stopped) {
      this.pending = false;
      try {
        let taken = BATCH;
        while (!this.stopped && taken === BATCH) taken = await this.takeBatch();
        // Under load more events may join the next batch; a lone one, as at low load, has not to wait.
        if (taken > 1) await pause(Math.min(LONGEST_PACE_MS, taken * PACE_MS_AN_EVENT));
      } catch (error) {
        log.error('subscription.failed', { name: this.subscriber.name, error });
        // No news wakes it: what cannot be taken is not tried more often the more there is of it.
        await pause(this.waits.retryMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
        continue;
      }
      if (!this.pending && !this.stopped) await this.sleep();
    }
  }

  private sleep(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.waits.pollMs);
      this.wake = () => {
        clearTimeout(timer);
        this.wake = undefined;
        resolve();
      };
    });
  }

  private async takeBatch(): Promise<number> {
    const { name, types } = this.subscriber;
    const events = await this.database.transaction().execute(async (tx) => {
      const { cursor, head } = await this.lockedCursor(tx);
      const batch = await this.events.after(cursor, BATCH, types, tx);
      if (batch.length) await this.subscriber.take(batch, tx);
      const last = batch.at(-1)?.position ?? cursor;
      // What is of no interest to it, it does not look through again and again.
      const position = batch.length === BATCH ? last : Math.max(head, last);
      if (!batch.length && position - cursor < FAR_BEHIND) return batch;
      await sendAlong(
        tx,
        this.tables(tx).updateTable('events.cursor').set({ position }).where('subscriber', '=', name),
      );
      return batch;
    });
    if (events.length) this.subscriber.taken?.(events);
    return events.length;
  }

  /** Where it stands, and the newest event of the log at this moment: what is read afterwards holds all up to that one. */
  private async lockedCursor(tx: Database): Promise<{ cursor: number; head: number }> {
    const { name } = this.subscriber;
    const read = () =>
      this.tables(tx)
        .selectFrom('events.cursor')
        .select(['position as cursor', sql<number>`(select coalesce(max(position), 0) from events.event)`.as('head')])
        .where('subscriber', '=', name)
        .forUpdate()
        .executeTakeFirst();
    const found = await read();
    if (found) return found;
    await this.tables(tx)
      .insertInto('events.cursor')
      .values({ subscriber: name, position: 0 })
      .onConflict((conflict) => conflict.column('subscriber').doNothing())
      .execute();
    return (await read()) ?? { cursor: 0, head: 0 };
  }

  private tables(database: Database) {
    return database.$extendTables<EventTables>();
  }
}
