import { GroupCommit, type Database } from '@concord/database';
import type { EventLog, NewEvent, StoredEvent } from '@concord/events';
import { Problem } from '@concord/canonical';
import { sql } from 'kysely';
import type { ExceptionRow, LedgerTables, RunRow, RunStatus } from './ledger-tables.js';

/** A run as it is read. */
export interface Run extends Omit<RunRow, 'event_data' | 'nodes' | 'corrections' | 'created_at' | 'updated_at'> {
  event_data: unknown;
  nodes: RunRow['nodes']['__select__'];
  corrections: RunRow['corrections']['__select__'];
  created_at: Date;
  updated_at: Date;
}

export type OpenException = Omit<
  ExceptionRow,
  'context' | 'at_stake' | 'created_at' | 'resolved_at' | 'resolved_by' | 'note' | 'status'
> & {
  context: Readonly<Record<string, string>>;
  at_stake: ExceptionRow['at_stake'] extends infer _ ? { amount: string; currency: string } | undefined : never;
};

/** What a pass changes of its run, in one go. */
export interface Progress {
  readonly run: Run;
  readonly status: RunStatus;
  readonly passPosition: number;
  readonly handledPosition: number;
  readonly nodes: Run['nodes'];
  readonly businessNumbers: readonly string[];
  readonly waitingFor: string | undefined;
  readonly dueAt: Date | undefined;
  readonly attempts: number;
  readonly completedAt: Date | undefined;
  readonly events: readonly NewEvent[];
  readonly exceptions: readonly OpenException[];
  /** Whether the exceptions named are all there are: others that are open are closed. */
  readonly final: boolean;
}

/**
 * The run ledger in Postgres: one row for each workflow and business key. It is the record; the engine that moves runs
 * may lose everything it has.
 */
export class Ledger {
  private readonly saves: GroupCommit<Progress, boolean>;
  private readonly loads: GroupCommit<string, Run | undefined>;

  constructor(
    private readonly database: Database,
    private readonly events: EventLog,
  ) {
    const refuse = () => new Problem('upstream-unavailable', 'The run ledger has too much to do');
    this.saves = new GroupCommit((items) => this.saveAll(items), { group: 100, waiting: 10_000, refuse });
    this.loads = new GroupCommit((ids) => this.loadAll(ids), { group: 100, waiting: 10_000, refuse });
  }

  /** Takes events over as work to be done: a new run for a new key, a newer event for a known one. */
  async enqueue(tx: Database, workflow: string, keyed: readonly { key: string; event: StoredEvent }[]): Promise<void> {
    const newest = new Map(keyed.map(({ key, event }) => [key, event]));
    const rows = [...newest].map(([key, event]) => ({
      id: runIdOf(workflow, key),
      workflow,
      key,
      status: 'queued' as const,
      event_id: event.id,
      event_type: event.type,
      event_position: event.position,
      event_data: JSON.stringify(event.data),
      correlation_id: event.correlationId,
      nodes: '{}',
      corrections: '[]',
      business_numbers: [key],
      attempts: 0,
      version: 0,
      pass_position: 0,
      handled_position: 0,
    }));
    await tx
      .$extendTables<LedgerTables>()
      .insertInto('workflow.run')
      .values(rows)
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((row) => ({
          event_id: row.ref('excluded.event_id'),
          event_type: row.ref('excluded.event_type'),
          event_position: row.ref('excluded.event_position'),
          event_data: row.ref('excluded.event_data'),
          correlation_id: row.ref('excluded.correlation_id'),
        })),
      )
      .execute();
  }

  load(id: string): Promise<Run | undefined> {
    return this.loads.add(id);
  }

  /** Makes progress durable; false when another worker was faster, whose progress then counts. */
  save(progress: Progress): Promise<boolean> {
    return this.saves.add(progress);
  }

  private async loadAll(ids: readonly string[]): Promise<(Run | undefined)[]> {
    const rows = await this.tables()
      .selectFrom('workflow.run')
      .selectAll()
      .where('id', 'in', [...new Set(ids)])
      .execute();
    const byId = new Map(rows.map((row) => [row.id, row as Run]));
    return ids.map((id) => byId.get(id));
  }

  private async saveAll(items: readonly Progress[]): Promise<boolean[]> {
    const saved = await this.database.transaction().execute(async (tx) => {
      const ids = await updateRuns(tx, items);
      const won = items.filter((item) => ids.has(item.run.id));
      await saveExceptions(tx, won);
      const events = won.flatMap((item) => item.events);
      if (events.length) await this.events.appendIn(tx, events, []);
      return ids;
    });
    if (items.some((item) => item.events.length)) this.events.announce();
    return items.map((item) => saved.has(item.run.id));
  }

  private tables() {
    return this.database.$extendTables<LedgerTables>();
  }
}

export const runIdOf = (workflow: string, key: string): string => `${workflow}:${key}`;

/** Updates the runs whose version is still the one that was loaded; returns their ids. */
async function updateRuns(tx: Database, items: readonly Progress[]): Promise<Set<string>> {
  const changes = items.map((item) => ({
    id: item.run.id,
    version: item.run.version,
    status: item.status,
    pass_position: item.passPosition,
    handled_position: item.handledPosition,
    nodes: item.nodes,
    business_numbers: item.businessNumbers,
    waiting_for: item.waitingFor ?? null,
    due_at: item.dueAt ?? null,
    attempts: item.attempts,
    completed_at: item.completedAt ?? null,
  }));
  const { rows } = await sql<{ id: string }>`
    update workflow.run r set
      version = r.version + 1, status = c.status, pass_position = c.pass_position, handled_position = c.handled_position,
      nodes = c.nodes, business_numbers = array(select jsonb_array_elements_text(c.business_numbers)),
      waiting_for = c.waiting_for, due_at = c.due_at, attempts = c.attempts, completed_at = c.completed_at,
      updated_at = now()
    from jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) as c(id text, version int, status text, pass_position bigint,
      handled_position bigint, nodes jsonb, business_numbers jsonb, waiting_for text, due_at timestamptz, attempts int,
      completed_at timestamptz)
    where r.id = c.id and r.version = c.version
    returning r.id`.execute(tx);
  return new Set(rows.map((row) => row.id));
}

async function saveExceptions(tx: Database, items: readonly Progress[]): Promise<void> {
  const tables = tx.$extendTables<LedgerTables>();
  const open = items.flatMap((item) => item.exceptions);
  if (open.length) {
    const rows = open.map((exception) => ({
      ...exception,
      status: 'open' as const,
      context: JSON.stringify(exception.context),
      at_stake: exception.at_stake ? JSON.stringify(exception.at_stake) : null,
    }));
    await tables
      .insertInto('workflow.exception')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['run_id', 'step']).doUpdateSet((row) => ({
          status: row.ref('excluded.status'),
          kind: row.ref('excluded.kind'),
          owner: row.ref('excluded.owner'),
          cause: row.ref('excluded.cause'),
          problem: row.ref('excluded.problem'),
          detail: row.ref('excluded.detail'),
          context: row.ref('excluded.context'),
          at_stake: row.ref('excluded.at_stake'),
          resolved_at: null,
        })),
      )
      .execute();
  }
  const closing = items.filter((item) => item.final && hadException(item.run));
  for (const item of closing) {
    const still = item.exceptions.map((exception) => exception.step);
    await tables
      .updateTable('workflow.exception')
      .set({ status: 'resolved', resolved_at: new Date() })
      .where('run_id', '=', item.run.id)
      .where('status', '<>', 'resolved')
      .$if(still.length > 0, (query) => query.where('step', 'not in', still))
      .execute();
  }
}

const hadException = (run: Run): boolean => Object.values(run.nodes).some((node) => node.status === 'parked');
