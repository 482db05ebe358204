import { log } from '@concord/observability';
import type { ReadyRun, ReadyRuns } from './ready-runs.js';

interface Parts {
  readonly workflow: string;
  readonly ready: ReadyRuns;
  readonly submit: (run: { runId: string; key: string }, attempt: string) => Promise<void>;
  readonly submitTogether: (runIds: readonly string[]) => Promise<void>;
  /** APIs that do not answer now; runs that wait for one are not tried, but for a probe. */
  readonly silentApis: () => readonly string[];
}

/**
 * Runs in motion at most, and while events flood in; the rest waits in the ledger, in the order of its events. Groups that
 * are written together are the larger, and each run the cheaper, the more there are; no API of ours lets more callers wait.
 */
const WINDOW = 256;
const FLOODED_WINDOW = 128;
/** A flood: more runs are ready than the window takes, and events go on arriving faster than so many in the time below. */
const ARRIVALS = 20;
const ARRIVALS_MS = 200;
/** After so long without any it is over. */
const SILENCE_MS = 250;
/** For so long acknowledging goes before working, but for a trickle; then both have their turn for as long. */
const FLOOD_MS = 30_000;
const TRICKLE_MS = 1000;
/** More than a few runs at a time travel together, so many at most. */
const FEW = 4;
const TOGETHER = 16;
const POLL_MS = 500;
const PROBE_MS = 1000;
/** A run that was handed over and has not begun after so long is handed over again. */
const STALE_MS = 5000;

/**
 * Hands runs over to Restate: those with a newer event, those whose waiting is over, and those whose worker went away.
 * It reads all of that from the ledger, so it may be killed at any time, and Restate may lose all it has. To hand a run
 * over twice does no harm: the second turn finds nothing to do.
 */
export class Dispatcher {
  /** Runs in motion, and since when they were not heard of; those that have begun here are in sight until they end. */
  private readonly inFlight = new Map<string, number>();
  private readonly probedAt = new Map<string, number>();
  /** In the present span of time, and in the one before. */
  private arrivals = { since: 0, last: 0, count: 0, before: 0 };
  /** More runs were ready than could be handed over. */
  private behind = false;
  private floodedSince = 0;
  private trickledAt = 0;
  private stopped = false;
  private filling: Promise<void> | undefined;
  private again = false;
  private overdueToo = true;
  private timer: NodeJS.Timeout | undefined;
  private afterFlood: NodeJS.Timeout | undefined;

  constructor(private readonly parts: Parts) {}

  start(): void {
    this.timer = setInterval(() => this.lookEverywhere(), POLL_MS);
    this.lookEverywhere();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.filling;
    clearTimeout(this.afterFlood);
  }

  /**
   * So many events arrived. While a flood lasts, acknowledging goes before working: what is acknowledged waits safely in
   * the ledger, a sender does not wait.
   */
  arrived(events: number): void {
    const now = Date.now();
    const { since, count, before } = this.arrivals;
    const isNew = now - since > ARRIVALS_MS;
    this.arrivals = isNew
      ? { since: now, last: now, count: events, before: count }
      : { since, last: now, count: count + events, before };
    this.notice();
  }

  /** There may be runs with newer events. */
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
        if (!this.again) return;
        this.again = false;
        this.notice();
      });
  }

  /** There may also be runs whose waiting is over. */
  lookEverywhere(): void {
    this.overdueToo = true;
    this.notice();
  }

  /** A run has its turn. */
  began(runId: string): void {
    this.inFlight.set(runId, Infinity);
  }

  /** A run has ended its turn. */
  ended(runId: string): void {
    this.inFlight.delete(runId);
    if (this.inFlight.size < WINDOW / 2) this.notice();
  }

  /** An API answers again: what waits for it goes on, in the order of its events. */
  async recovered(api: string): Promise<void> {
    try {
      await this.parts.ready.wake(api);
      this.lookEverywhere();
    } catch (error) {
      // Each run has a time by which it is tried anyway.
      log.warn('dispatch.wake-failed', { workflow: this.parts.workflow, api, error });
    }
  }

  private async fill(): Promise<void> {
    await this.forgetStale();
    const { ready: runs, silentApis } = this.parts;
    const room = this.room();
    if (room <= 0) return;
    const fresh = await runs.newer(room, this.busy());
    this.behind = fresh.length === room;
    const left = room - fresh.length;
    const overdue = this.overdueToo && left > 0 ? await runs.overdue(left, this.busy(), silentApis()) : [];
    if (left > 0) this.overdueToo = overdue.length === left; // then there may be more of them
    const ready = [...fresh, ...overdue, ...(await this.probes())].filter(({ id }) => !this.inFlight.has(id));
    const failed = (await Promise.allSettled(this.handOver(ready))).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }

  private handOver(runs: readonly ReadyRun[]): Promise<void>[] {
    if (runs.length <= FEW) return runs.map((run) => this.handOverOne(run));
    return chunksOf(TOGETHER, runs).map((chunk) => {
      const runIds = chunk.map(({ id }) => id);
      return this.sent(runIds, () => this.parts.submitTogether(runIds));
    });
  }

  /** The attempt names the run as it stands and the moment: handed over again later, it is not taken for the same. */
  private handOverOne({ id, key, event_position, version }: ReadyRun): Promise<void> {
    const attempt = `${id}:${event_position}:${version}:${Math.floor(Date.now() / STALE_MS)}`;
    return this.sent([id], () => this.parts.submit({ runId: id, key }, attempt));
  }

  private async sent(runIds: readonly string[], submit: () => Promise<void>): Promise<void> {
    const now = Date.now();
    for (const id of runIds) this.inFlight.set(id, now);
    try {
      await submit();
    } catch (error) {
      for (const id of runIds) this.inFlight.delete(id);
      throw error;
    }
  }

  /** Lets go of runs that were never begun here: lost on the way, or moved on by another process. */
  private async forgetStale(): Promise<void> {
    const now = Date.now();
    const unseen = [...this.inFlight].filter(([, since]) => since < now - POLL_MS);
    if (!unseen.length) return;
    const still = await this.parts.ready.stillReady(unseen.map(([id]) => id));
    for (const [id, since] of unseen) {
      if (this.inFlight.get(id) !== since) continue; // it has begun meanwhile
      if (since < now - STALE_MS || !still.has(id)) this.inFlight.delete(id);
    }
  }

  /** One run a second for each silent API, to learn whether it answers again. */
  private async probes(): Promise<ReadyRun[]> {
    const now = Date.now();
    const due = this.parts.silentApis().filter((api) => (this.probedAt.get(api) ?? 0) <= now - PROBE_MS);
    for (const api of due) this.probedAt.set(api, now);
    const probes = await Promise.all(due.map((api) => this.parts.ready.probe(api, this.busy())));
    return probes.flat();
  }

  /** How many runs may be handed over now. */
  private room(): number {
    const now = Date.now();
    const arriving = this.isArriving(now);
    const room = (arriving ? FLOODED_WINDOW : WINDOW) - this.inFlight.size;
    if (!this.isFlooded(now, arriving)) return room;
    this.afterFlood ??= setTimeout(() => this.lookAfterFlood(), SILENCE_MS);
    if (this.trickledAt > now - TRICKLE_MS) return 0;
    this.trickledAt = now;
    return Math.min(room, TOGETHER);
  }

  private lookAfterFlood(): void {
    this.afterFlood = undefined;
    this.notice();
  }

  private isArriving(now: number): boolean {
    const { last, count, before } = this.arrivals;
    return Math.max(count, before) > ARRIVALS && now - last <= SILENCE_MS;
  }

  private isFlooded(now: number, arriving: boolean): boolean {
    if (!arriving || !this.behind || now - this.floodedSince > 2 * FLOOD_MS) this.floodedSince = now;
    return arriving && this.behind && now - this.floodedSince <= FLOOD_MS;
  }

  private busy(): string[] {
    return [...this.inFlight.keys()];
  }
}

const chunksOf = <T>(size: number, items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
