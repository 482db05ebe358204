import type { Money } from '@concord/canonical';

/** A call that changes something at a system, as it is previewed and stored. */
export interface Write {
  readonly api: string;
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/** A write that has not happened yet. Every generated client returns its calls in this form. */
export interface Effect<T> {
  readonly write: Write;
  send(options: { idempotencyKey: string; correlationId: string }): Promise<T>;
}

/** Whose work an exception is. */
export const OWNERS = ['billing', 'supply', 'finance', 'staffing', 'integration'] as const;
export type Owner = (typeof OWNERS)[number];

/** Anything a node may name: the services, the event, and what the nodes before it gave. */
export type View = Record<string, unknown>;

/** An event class as the log knows it. */
export interface EventClass<E> {
  readonly type: string;
  new (): E;
}

/** The step that an exception names when a run cannot say that it ended. */
export const ANNOUNCEMENT = 'announce';

interface Named {
  readonly name: string;
  readonly owner: Owner;
  /** Names that the function takes from the view, for drawing. */
  readonly needs: readonly string[];
}

/** Fetches; asked anew in each pass, and never stored: PHI stays with its owner. */
export interface ReadNode extends Named {
  readonly kind: 'read';
  readonly read: (view: View) => unknown;
}

/** A pure function; its figures are kept with the run, as JSON, so that a pass that begins again has the same ones. */
export interface RuleNode extends Named {
  readonly kind: 'rule';
  readonly rule: (view: View) => unknown;
}

/** An effect outside. What it gives back is reduced by `keep` before it is stored. */
export interface StepNode extends Named {
  readonly kind: 'step';
  readonly after: readonly string[];
  readonly effect: (view: View) => Effect<unknown> | undefined;
  readonly keep: (result: unknown) => unknown;
  readonly undo: (view: View, kept: unknown) => Effect<unknown>;
}

/** A person's decision, where one is needed. What was approved is the question as it was asked: another one is asked anew. */
export interface ApprovalNode extends Named {
  readonly kind: 'approval';
  readonly question: (view: View) => { readonly reason: string; readonly amount?: Money } | undefined;
}

/** Waits for a moment. */
export interface TimerNode extends Named {
  readonly kind: 'timer';
  readonly until: (view: View) => Date | undefined;
}

export type Node = ReadNode | RuleNode | StepNode | ApprovalNode | TimerNode;

export interface WorkflowDefinition {
  readonly name: string;
  readonly summary: string;
  /** The event types that start a run or bring it up to date, and how each names its business key. */
  readonly startedBy: string;
  /** The event type after which everything the run did is undone. */
  readonly cancelledBy?: string;
  readonly keyOf: (data: unknown) => string;
  readonly nodes: readonly Node[];
  /** What is said when all is done, and again when a later event changed it. */
  readonly announce?: { readonly type: string; readonly data: (view: View) => unknown };
  /** What is said when all was undone. */
  readonly announceUndone?: { readonly type: string; readonly data: (view: View) => unknown };
  /** The money that waits while the run does not end, as far as it is known. */
  readonly atStake?: (view: View) => Money | undefined;
  /** Business numbers by which the run can be found, out of what its steps kept. */
  readonly references: (kept: Readonly<Record<string, unknown>>) => readonly string[];
}
