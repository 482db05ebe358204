import {
  isMoment,
  isText,
  DEFAULT_PAGE_SIZE,
  Problem,
  PROBLEMS,
  pagePosition,
  toPage,
  type Page,
  type Run,
  type RunException,
  type RunStep,
} from '@concord/canonical';
import type { Database } from '@concord/database';
import { sql, type Selectable } from 'kysely';
import { asRead, type Run as LedgerRun } from './ledger-entries.js';
import type { ExceptionRow, LedgerTables, NodeState, RunRow } from './ledger-tables.js';
import { documentsOf, fallbackOf } from './numbered.js';
import { countOpenExceptions, type OpenExceptions } from './open-exceptions.js';

export interface RunFilter {
  readonly status?: string;
  readonly workflow?: string;
  /** Any business number: encounter, claim, journal entry. */
  readonly number?: string;
  readonly page_size?: number;
  readonly page_token?: string;
}

export interface ExceptionFilter {
  readonly status?: string;
  readonly owner?: string;
  readonly run?: string;
  readonly page_size?: number;
  readonly page_token?: string;
}

/** Looks runs and exceptions up in the ledger. */
export class RunRegister {
  constructor(private readonly database: Database) {}

  async run(id: string): Promise<Run> {
    const row = await this.tables().selectFrom('workflow.run').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) throw new Problem('not-found', 'There is no such run');
    return runOf(asRead(row));
  }

  /** Newest first. */
  async runs(filter: RunFilter): Promise<Page<Run>> {
    const size = filter.page_size ?? DEFAULT_PAGE_SIZE;
    const from = pagePosition<[string, string]>(filter.page_token, isMomentAndId);
    let query = this.tables().selectFrom('workflow.run').selectAll();
    if (filter.status) query = query.where('status', '=', filter.status as RunRow['status']);
    // Said in so many words, the index of those that are not completed is known to hold them.
    if (filter.status && filter.status !== 'completed') query = query.where(sql<boolean>`status <> 'completed'`);
    if (filter.workflow) query = query.where('workflow', '=', filter.workflow);
    if (filter.number) query = query.where(sql<boolean>`business_numbers @> array[${filter.number}]`);
    if (from) {
      const [at, id] = from;
      query = query.where((row) =>
        row.or([
          row('created_at', '<', new Date(at)),
          row.and([row('created_at', '=', new Date(at)), row('id', '<', id)]),
        ]),
      );
    }
    const rows = await query
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(size + 1)
      .execute();
    return toPage(
      rows,
      size,
      (row) => [row.created_at.toISOString(), row.id],
      (row) => runOf(asRead(row)),
    );
  }

  async exception(id: string): Promise<RunException> {
    const query = this.tables().selectFrom('workflow.exception').selectAll().where('id', '=', id);
    const row = await query.executeTakeFirst();
    if (!row) throw new Problem('not-found', 'There is no such exception');
    return exceptionOf(row);
  }

  /** Those due soonest first; open ones where nothing is said. */
  async exceptions(filter: ExceptionFilter): Promise<Page<RunException>> {
    const size = filter.page_size ?? DEFAULT_PAGE_SIZE;
    const from = pagePosition<[string, string]>(filter.page_token, isMomentAndId);
    let query = this.tables().selectFrom('workflow.exception').selectAll();
    query = filter.status
      ? query.where('status', '=', filter.status as ExceptionRow['status'])
      : query.where('status', '<>', 'resolved');
    if (filter.owner) query = query.where('owner', '=', filter.owner as ExceptionRow['owner']);
    if (filter.run) query = query.where('run_id', '=', filter.run);
    if (from) {
      const [at, id] = from;
      query = query.where((row) =>
        row.or([row('due_at', '>', new Date(at)), row.and([row('due_at', '=', new Date(at)), row('id', '>', id)])]),
      );
    }
    const rows = await query
      .orderBy('due_at')
      .orderBy('id')
      .limit(size + 1)
      .execute();
    return toPage(rows, size, (row) => [row.due_at.toISOString(), row.id], exceptionOf);
  }

  /**
   * How many runs stand where, by status. Nearly all are completed: those are what remains of all, so that both counts come
   * from an index and the rows of years are not read.
   */
  async counts(): Promise<Record<string, number>> {
    const { rows } = await sql<{ status: string | null; count: number }>`
      select status, count(*)::int as count from workflow.run where status <> 'completed' group by status
      union all
      select null, count(*)::int from workflow.run`.execute(this.database);
    const counts: Record<string, number> = {};
    let completed = 0;
    for (const { status, count } of rows) {
      completed += status === null ? count : -count;
      if (status !== null) counts[status] = count;
    }
    return completed ? { ...counts, completed } : counts;
  }

  /** What waits for whom. */
  openExceptions(): Promise<OpenExceptions> {
    return countOpenExceptions(this.database);
  }

  private tables() {
    return this.database.$extendTables<LedgerTables>();
  }
}

/** A page ends at a moment and, among those of the same moment, at an identifier. */
const isMomentAndId = (position: unknown): boolean =>
  Array.isArray(position) && position.length === 2 && isMoment(position[0]) && isText(position[1]);

function runOf(row: LedgerRun): Run {
  return {
    id: row.id,
    workflow: row.workflow,
    key: row.key,
    status: row.status,
    correlationId: row.correlation_id,
    businessNumbers: row.business_numbers,
    waitingFor: row.waiting_for ?? undefined,
    dueAt: row.due_at?.toISOString(),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    completedAt: row.completed_at?.toISOString(),
    steps: Object.entries(row.nodes).map(([name, state]) => stepOf(name, state)),
  };
}

function stepOf(name: string, { status, attempts, problem, value, at }: NodeState): RunStep {
  return {
    name,
    status,
    attempts,
    problem,
    fallback: takenBy(status, problem, value),
    documents: documentsOf(value),
    at,
  };
}

/** A step that waits for a system is in its queue; one that did not wait says what it went on with. */
function takenBy(status: NodeState['status'], problem: NodeState['problem'], kept: unknown): RunStep['fallback'] {
  if (status === 'waiting') return problem && PROBLEMS[problem].cause === 'transport' ? 'queue' : undefined;
  return fallbackOf(kept);
}

function exceptionOf(row: Selectable<ExceptionRow>): RunException {
  return {
    id: row.id,
    runId: row.run_id,
    workflow: row.workflow,
    key: row.key,
    step: row.step,
    kind: row.kind,
    status: row.status,
    owner: row.owner,
    cause: row.cause,
    problem: row.problem,
    detail: row.detail,
    context: row.context,
    atStake: row.at_stake ?? undefined,
    dueAt: row.due_at.toISOString(),
    createdAt: row.created_at.toISOString(),
    resolvedAt: row.resolved_at?.toISOString(),
    resolvedBy: row.resolved_by ?? undefined,
    note: row.note ?? undefined,
  };
}
