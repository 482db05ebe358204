import type { CauseClass, Money, ProblemSlug } from '@concord/canonical';
import type { ColumnType, Generated } from 'kysely';
import type { Owner, Write } from './definition.js';

export const RUN_STATUS = ['queued', 'running', 'waiting', 'parked', 'completed', 'undone'] as const;
export type RunStatus = (typeof RUN_STATUS)[number];

/** Whether something is done, or taken back. */
export type Direction = 'do' | 'undo';

/** Where one node of a run stands. */
export interface NodeState {
  readonly status: 'done' | 'skipped' | 'waiting' | 'parked' | 'undone';
  /** The figures of a rule, what a step kept, or who approved. */
  readonly value?: unknown;
  /** Fingerprint of the effect that was done or tried, or of the question that was asked. */
  readonly effect?: string;
  /** The effect of this step still exists, although the step is not done: it is to be undone and could not be yet. */
  readonly live?: true;
  /** A write that was sent and whose outcome is not known; it is settled before anything takes its place. */
  readonly inDoubt?: { readonly action: Direction; readonly write: Write };
  /** How often the step was undone; part of the idempotency key, so that what is done anew is not taken for a repetition. */
  readonly revision: number;
  readonly attempts: number;
  readonly problem?: ProblemSlug;
  /** When the trouble began that it is in. */
  readonly since?: string;
  readonly at: string;
}

export type NodeStates = Readonly<Record<string, NodeState>>;

/** A value that replaces one that was read, given by a person who repaired the run. */
export interface Correction {
  readonly read: string;
  readonly pointer: string;
  readonly value: string;
}

type Json<T> = ColumnType<T, string, string>;

export type RunRow = {
  id: string;
  workflow: string;
  key: string;
  status: RunStatus;
  /** The newest event for this key. */
  event_id: string;
  event_type: string;
  event_position: number;
  event_data: Json<unknown>;
  /** Who asked for everything to be undone: a person's client, or the event that cancels. Null where it is to be done. */
  undone_by: string | null;
  /** Position of the event whose figures the nodes hold; 0 where they are to be computed anew. */
  pass_position: number;
  /** Position up to which a pass has ended. */
  handled_position: number;
  /**
   * Which way the pass goes that has begun and that is not over: it is under way, was cut off, or went on with one that was
   * and does not know yet all that it wrote. Until it is over nothing newer has its turn. Null where there is none.
   */
  under_way: Direction | null;
  correlation_id: string;
  /** As they stood when all were written last. */
  nodes: Json<NodeStates>;
  /** Those that became others since. */
  moved: Json<NodeStates>;
  corrections: Json<readonly Correction[]>;
  business_numbers: string[];
  waiting_for: string | null;
  due_at: Date | null;
  attempts: number;
  version: number;
  /** The process that moves it on, while it is running. */
  worker: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  completed_at: Date | null;
};

export type ExceptionRow = {
  id: string;
  run_id: string;
  workflow: string;
  key: string;
  step: string;
  kind: 'exception' | 'approval';
  status: 'open' | 'resolving' | 'resolved';
  owner: Owner;
  cause: CauseClass;
  problem: ProblemSlug | 'approval';
  detail: string;
  context: Json<Readonly<Record<string, string>>>;
  at_stake: Json<Money> | null;
  due_at: Date;
  created_at: Generated<Date>;
  resolved_at: Date | null;
  resolved_by: string | null;
  note: string | null;
};

export type LedgerTables = {
  'workflow.run': RunRow;
  'workflow.exception': ExceptionRow;
  'workflow.schedule': { name: string; last_done_at: Date };
};

/** Times by which lists are paged have milliseconds, as a JavaScript date: a page token loses none of them. */
export const workflowMigrations = {
  '001-ledger': `
    create schema workflow;
    create table workflow.run (
      id text primary key,
      workflow text not null,
      key text not null,
      status text not null,
      event_id text not null,
      event_type text not null,
      event_position bigint not null,
      event_data jsonb not null,
      undone_by text,
      pass_position bigint not null default 0,
      handled_position bigint not null default 0,
      correlation_id text not null,
      nodes jsonb not null default '{}',
      corrections jsonb not null default '[]',
      business_numbers text[] not null default '{}',
      waiting_for text,
      due_at timestamptz,
      attempts int not null default 0,
      version int not null default 0,
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      completed_at timestamptz
    );
    create index run_ready on workflow.run (workflow, event_position) where handled_position < event_position;
    create index run_waiting on workflow.run (workflow, waiting_for, due_at) where status = 'waiting';
    create index run_open on workflow.run (workflow, event_position) where status in ('waiting', 'queued', 'running');
    create index run_newest on workflow.run (created_at desc, id desc);
    create index run_status on workflow.run (status, created_at desc) where status <> 'completed';
    create index run_numbers on workflow.run using gin (business_numbers);
    create index run_key on workflow.run (key);
    create table workflow.exception (
      id text primary key,
      run_id text not null references workflow.run,
      workflow text not null,
      key text not null,
      step text not null,
      kind text not null,
      status text not null,
      owner text not null,
      cause text not null,
      problem text not null,
      detail text not null,
      context jsonb not null,
      at_stake jsonb,
      due_at timestamptz(3) not null,
      created_at timestamptz(3) not null default now(),
      resolved_at timestamptz,
      resolved_by text,
      note text,
      unique (run_id, step)
    );
    create index exception_open on workflow.exception (due_at, id) where status <> 'resolved';`,
  '002-schedule': `
    create table workflow.schedule (
      name text primary key,
      last_done_at timestamptz(3) not null
    );`,
  '003-worker': `
    alter table workflow.run add column worker text;
    create table workflow.presence (
      id text primary key,
      seen_at timestamptz not null
    );`,
  // Kept as it was written: nothing looks into it here, and jsonb costs more to write than all the rest of a row.
  // Each run is found by its key as one of its numbers.
  '004-as-written': `
    alter table workflow.run
      alter column nodes drop default, alter column nodes type json, alter column nodes set default '{}',
      alter column corrections drop default, alter column corrections type json, alter column corrections set default '[]',
      alter column event_data type json;
    drop index workflow.run_key;`,
  // The figures are most of what a run holds, and they do not change while its steps are done.
  '005-moved-apart': `alter table workflow.run add column moved json not null default '{}';`,
  '006-under-way': `
    alter table workflow.run add column under_way text;
    update workflow.run set under_way = case when undone_by is null then 'do' else 'undo' end where status = 'running';`,
};
