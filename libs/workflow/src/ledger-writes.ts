/** The statements by which the run ledger changes; each takes many runs at once. */
import { rowsOf, type Database, type Statement } from '@concord/database';
import { sql } from 'kysely';
import type { KeyedEvent, Progress } from './ledger-entries.js';
import type { NodeStates } from './ledger-tables.js';
import { movedSince } from './node-states.js';

export const runIdOf = (workflow: string, key: string): string => `${workflow}:${key}`;

const ENQUEUED = {
  id: 'text',
  key: 'text',
  event_id: 'text',
  event_type: 'text',
  event_position: 'bigint',
  event_data: 'json',
  undone_by: 'text',
  correlation_id: 'text',
} as const;

const CHANGED = {
  id: 'text',
  version: 'int',
  status: 'text',
  pass_position: 'bigint',
  handled_position: 'bigint',
  under_way: 'text',
  nodes: 'json',
  moved: 'json',
  business_numbers: 'text[]',
  waiting_for: 'text',
  due_at: 'timestamptz',
  attempts: 'int',
  completed_at: 'timestamptz',
  at: 'timestamptz',
} as const;

/**
 * A newer event speaks for itself: what a person had corrected for the one before, or asked to be undone, is over. A pass
 * that is under way or was cut off is not disturbed, and where it waits it is tried again now.
 */
export function enqueueRuns(workflow: string, keyed: readonly KeyedEvent[]): Statement {
  const rows = keyed.map(({ key, event, cancels }) => ({
    id: runIdOf(workflow, key),
    key,
    event_id: event.id,
    event_type: event.type,
    event_position: event.position,
    event_data: event.data,
    undone_by: cancels ? event.id : null,
    correlation_id: event.correlationId,
  }));
  return sql`
    insert into workflow.run as r (id, workflow, key, status, event_id, event_type, event_position, event_data, undone_by,
      correlation_id, business_numbers)
    select id, ${workflow}, key, 'queued', event_id, event_type, event_position, event_data, undone_by, correlation_id,
      array[key]
    from ${rowsOf(ENQUEUED, inOneOrder(rows))} as e
    on conflict (id) do update set
      status = case when r.status = 'running' then 'running' else 'queued' end,
      event_id = excluded.event_id, event_type = excluded.event_type, event_position = excluded.event_position,
      event_data = excluded.event_data, undone_by = excluded.undone_by, waiting_for = null, due_at = null,
      corrections = excluded.corrections, correlation_id = excluded.correlation_id
    where excluded.event_position > r.event_position`;
}

/** Updates the runs whose version is still the one that was loaded; gives the position of the newest event of each. */
export async function updateRuns(
  database: Database,
  items: readonly Progress[],
  worker: string,
): Promise<Map<string, number>> {
  const changes = items.map((item) => ({
    id: item.run.id,
    version: item.run.version,
    status: item.status,
    pass_position: item.passPosition,
    handled_position: item.handledPosition,
    under_way: item.underWay,
    ...written(item),
    business_numbers: item.businessNumbers,
    waiting_for: item.waitingFor ?? null,
    due_at: item.dueAt ?? null,
    attempts: item.attempts,
    completed_at: item.completedAt ?? null,
    at: item.at,
  }));
  const { rows } = await sql<{ id: string; event_position: number }>`
    update workflow.run r set
      version = r.version + 1, pass_position = c.pass_position, handled_position = c.handled_position,
      under_way = c.under_way,
      status = case when c.under_way is null and c.handled_position < r.event_position then 'queued' else c.status end,
      nodes = coalesce(c.nodes, r.nodes), moved = c.moved,
      business_numbers = c.business_numbers, waiting_for = c.waiting_for, due_at = c.due_at,
      attempts = c.attempts, completed_at = c.completed_at, updated_at = c.at,
      worker = case when c.status = 'running' then ${worker} end
    from ${rowsOf(CHANGED, inOneOrder(changes))} as c
    where r.id = c.id and r.version = c.version
    returning r.id, r.event_position`.execute(database);
  return new Map(rows.map((row) => [row.id, row.event_position]));
}

/** All the nodes, or only what moved since they were written last: half of a run's writes carry no figures then. */
function written({ begun, nodes }: Progress): Pick<Partial<Progress>, 'nodes'> & { readonly moved: NodeStates } {
  const moved = begun && movedSince(begun, nodes);
  return moved ? { moved } : { nodes, moved: {} };
}

/** An exception that had been resolved is a new one; one that is open keeps the time by which it is due. */
export function openExceptions(items: readonly Progress[]): Statement[] {
  const open = items.flatMap(({ exceptions, at }) => exceptions?.open.map((one) => ({ ...one, at })) ?? []);
  if (!open.length) return [];
  const statement = sql`
    insert into workflow.exception as e (id, run_id, workflow, key, step, kind, status, owner, cause, problem, detail,
      context, at_stake, due_at, created_at)
    select id, run_id, workflow, key, step, kind, 'open', owner, cause, problem, detail, context, at_stake, due_at, at
    from jsonb_to_recordset(${JSON.stringify(inOneOrder(open))}::jsonb) as o(id text, run_id text, workflow text,
      key text, step text, kind text, owner text, cause text, problem text, detail text, context jsonb, at_stake jsonb,
      due_at timestamptz, at timestamptz)
    on conflict (run_id, step) do update set
      status = 'open', kind = excluded.kind, owner = excluded.owner, cause = excluded.cause, problem = excluded.problem,
      detail = excluded.detail, context = excluded.context, at_stake = coalesce(excluded.at_stake, e.at_stake),
      due_at = case when e.status = 'resolved' then excluded.due_at else e.due_at end,
      created_at = case when e.status = 'resolved' then excluded.created_at else e.created_at end,
      resolved_at = null, resolved_by = null, note = null`;
  return [statement];
}

/** What is not named any more was mended. A run whose first pass this is has no exception that could be closed. */
export function closeExceptions(items: readonly Progress[]): Statement[] {
  const ended = items.filter(({ exceptions, run }) => exceptions && run.handled_position > 0);
  if (!ended.length) return [];
  const runs = ended.map(({ run, at }) => ({ id: run.id, at }));
  const still = ended.flatMap(({ run, exceptions }) =>
    [...exceptions!.open.map(({ step }) => step), ...exceptions!.left].map((step) => `${run.id}:${step}`),
  );
  const statement = sql`
    update workflow.exception e set status = 'resolved', resolved_at = r.at
    from jsonb_to_recordset(${JSON.stringify(runs)}::jsonb) as r(id text, at timestamptz)
    where e.run_id = r.id and e.status <> 'resolved' and e.id <> all(${still})`;
  return [statement];
}

/** Rows are locked in one order by everybody, so that two writers wait for each other instead of each for the other. */
const inOneOrder = <T extends { readonly id: string }>(rows: readonly T[]): T[] =>
  [...rows].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
