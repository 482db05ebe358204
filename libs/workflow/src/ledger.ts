import { GroupCommit, sendAlong, type Database } from '@concord/database';
import { sql } from 'kysely';
import type { EventLog, StoredEvent } from '@concord/events';
import { Problem } from '@concord/canonical';
import { asRead, type KeyedEvent, type LoadedRun, type Progress, type Run } from './ledger-entries.js';
import type { NodeStates } from './ledger-tables.js';
import { closeExceptions, enqueueRuns, openExceptions, updateRuns } from './ledger-writes.js';
import { isHeldByAnother } from './presence.js';
import type { Subject } from './progress.js';

const GROUP = { group: 100, waiting: 10_000 };

/**
 * The run ledger in Postgres: one row for each workflow and business key. It is the record; the engine that moves runs
 * may lose everything it has.
 */
export class Ledger {
  private readonly begins: GroupCommit<Progress, number | undefined>;
  private readonly saves: GroupCommit<Progress, number | undefined>;
  private readonly loads: GroupCommit<string, LoadedRun | undefined>;

  constructor(
    private readonly database: Database,
    private readonly events: EventLog,
    private readonly clock: () => Date,
    /** The process that this is, in the rows of the runs that it moves. */
    private readonly worker: string,
  ) {
    const refuse = () => new Problem('upstream-unavailable', 'The run ledger has too much to do');
    this.begins = new GroupCommit((items) => this.beginAll(items), { ...GROUP, refuse });
    this.saves = new GroupCommit((items) => this.saveAll(items), { ...GROUP, refuse });
    this.loads = new GroupCommit((ids) => this.loadAll(ids), { ...GROUP, refuse });
  }

  /** Takes events over as work to be done: a new run for a new key, a newer event for a known one. */
  async enqueue(tx: Database, workflow: string, keyed: readonly KeyedEvent[]): Promise<void> {
    const newest = new Map(keyed.map((one) => [one.key, one]));
    await sendAlong(tx, enqueueRuns(workflow, [...newest.values()]));
  }

  load(id: string): Promise<LoadedRun | undefined> {
    return this.loads.add(id);
  }

  /** The event at a position of the log, which forgets none. */
  async eventAt(position: number): Promise<StoredEvent> {
    const [event] = await this.events.after(position - 1, 1);
    if (event?.position !== position)
      throw new Problem('internal', 'The log does not hold an event that a pass began with');
    return event;
  }

  /**
   * Makes the figures of a pass durable before its first write. The run is `running` from then on: whoever takes it up
   * goes on with these. Gives what `save` gives.
   */
  begin(run: Run, { position: passPosition, undo }: Subject, nodes: NodeStates): Promise<number | undefined> {
    const { handled_position: handledPosition, business_numbers: businessNumbers, attempts } = run;
    const kept = { run, passPosition, handledPosition, businessNumbers, attempts };
    const underWay = undo ? 'undo' : 'do';
    return this.begins.add({ ...kept, status: 'running', underWay, nodes, events: [], at: this.clock() });
  }

  /**
   * Makes progress durable, with its events and exceptions. Gives the position of the newest event for the run, or
   * undefined where somebody else was faster, whose progress then counts.
   */
  save(progress: Progress): Promise<number | undefined> {
    return this.saves.add(progress);
  }

  private async loadAll(ids: readonly string[]): Promise<(LoadedRun | undefined)[]> {
    const { rows } = await sql<LoadedRun & { moved: NodeStates }>`
      select run.*, ${isHeldByAnother(this.worker)} as held from workflow.run run
      where id = any(${[...new Set(ids)]})`.execute(this.database);
    const byId = new Map(rows.map((row) => [row.id, asRead(row)]));
    return ids.map((id) => byId.get(id));
  }

  /** One statement, so one way there and back: under load a pass waits for this more than for anything else. */
  private async beginAll(items: readonly Progress[]): Promise<(number | undefined)[]> {
    const begun = await updateRuns(this.database, items, this.worker);
    return items.map((item) => begun.get(item.run.id));
  }

  private async saveAll(items: readonly Progress[]): Promise<(number | undefined)[]> {
    const saved = await this.database.transaction().execute(async (tx) => {
      const newest = await updateRuns(tx, items, this.worker);
      const won = items.filter((item) => newest.has(item.run.id));
      await sendAlong(tx, ...openExceptions(won), ...closeExceptions(won));
      const events = won.flatMap((item) => item.events);
      if (events.length) await this.events.appendLast(tx, events, []);
      return newest;
    });
    if (items.some((item) => item.events.length)) this.events.announce();
    return items.map((item) => saved.get(item.run.id));
  }
}
