import type { NewEvent, StoredEvent } from '@concord/events';
import type { Selectable } from 'kysely';
import type { Direction, ExceptionRow, NodeStates, RunRow, RunStatus } from './ledger-tables.js';

/** A run as it is read: its nodes as they stand, however the ledger keeps them. */
export type Run = Omit<Selectable<RunRow>, 'moved'>;

export const asRead = <Row extends Selectable<RunRow>>({ moved, ...row }: Row): Omit<Row, 'moved'> => ({
  ...row,
  nodes: { ...row.nodes, ...moved },
});

/** The same, and whether another process moves it on just now. */
export type LoadedRun = Run & { readonly held: boolean };

/** An exception to be opened, or to be kept open as what it has become. */
export type OpenException = Pick<
  Selectable<ExceptionRow>,
  | 'id'
  | 'run_id'
  | 'workflow'
  | 'key'
  | 'step'
  | 'kind'
  | 'owner'
  | 'cause'
  | 'problem'
  | 'detail'
  | 'context'
  | 'due_at'
> & { readonly at_stake: { readonly amount: string; readonly currency: string } | undefined };

/** What a pass changes of its run, in one go. */
export interface Progress {
  readonly run: Run;
  readonly status: RunStatus;
  readonly passPosition: number;
  readonly handledPosition: number;
  /** Which way the pass goes, while it is not over. */
  readonly underWay: Direction | null;
  readonly nodes: NodeStates;
  /** What this pass made durable of them when it began to write; the ledger holds it still. */
  readonly begun?: NodeStates | undefined;
  readonly businessNumbers: readonly string[];
  readonly waitingFor?: string | undefined;
  readonly dueAt?: Date | undefined;
  readonly attempts: number;
  readonly completedAt?: Date | undefined;
  readonly events: readonly NewEvent[];
  /** Those to open, and the steps whose exceptions are left as they are; all others of the run are closed. */
  readonly exceptions?: { readonly open: readonly OpenException[]; readonly left: readonly string[] };
  readonly at: Date;
}

/** An event and the run it belongs to. */
export interface KeyedEvent {
  readonly key: string;
  readonly event: StoredEvent;
  /** Whether everything the run did is to be undone. */
  readonly cancels?: boolean;
}
