import type { Money, Problem } from '@concord/canonical';
import type { Node, Owner } from './definition.js';
import type { NodeState, NodeStates } from './ledger-tables.js';
import { liveOnly } from './node-states.js';

/** A node that needs a person. */
export interface Parked {
  readonly step: string;
  readonly kind: 'exception' | 'approval';
  readonly owner: Owner;
  /** What refused it; none for an approval. */
  readonly problem?: Problem;
  readonly detail: string;
  readonly amount?: Money;
}

/** A node that waits for a system or for a moment. */
export interface Waiting {
  /** The API that does not answer. */
  readonly api?: string;
  /** Seconds that it asked for. */
  readonly retryAfter?: number;
  /** The moment of a timer. */
  readonly until?: Date;
}

/** Our own faults may pass, and go to a person soon; systems that do not answer are waited for. */
const PATIENCE_MS = { internal: 60_000, others: 24 * 3_600_000 };

/**
 * Where the nodes of a run stand during a pass, and what kept those back that did not get on: a problem that time may
 * heal lets a node wait, any other parks it for a person.
 */
export class Standing {
  readonly parked: Parked[] = [];
  readonly waiting: Waiting[] = [];
  /** Nodes that were parked before, and wait for their person still. */
  readonly left: string[] = [];
  /** Nodes that wait for one that is parked, waiting or blocked itself. */
  readonly blocked: string[] = [];
  /** Whether a figure or an effect is another than before the pass. */
  changed = false;
  private readonly states: Record<string, NodeState>;

  constructor(
    states: NodeStates,
    private readonly now: () => Date,
  ) {
    this.states = { ...states };
  }

  get nodes(): NodeStates {
    return this.states;
  }

  get isHeldUp(): boolean {
    return this.parked.length + this.waiting.length + this.left.length + this.blocked.length > 0;
  }

  of(name: string): NodeState | undefined {
    return this.states[name];
  }

  /** The state of a node that others may go on from. One that is blocked may have to become another than it is. */
  over(name: string): NodeState | undefined {
    const state = this.states[name];
    const isOver = state?.status === 'done' || state?.status === 'skipped';
    return isOver && !this.blocked.includes(name) ? state : undefined;
  }

  /** What has happened counts as an attempt; what was decided or computed here does not. */
  set(
    name: string,
    state: Omit<NodeState, 'at' | 'revision' | 'attempts'> & { revision?: number },
    attempts = 0,
  ): void {
    const before = this.states[name];
    const tried = (before?.attempts ?? 0) + attempts;
    this.states[name] = { revision: before?.revision ?? 0, ...state, attempts: tried, at: this.now().toISOString() };
  }

  forget(name: string): void {
    delete this.states[name];
  }

  block(node: Node): void {
    this.blocked.push(node.name);
  }

  leave(node: Node): void {
    this.left.push(node.name);
  }

  ask(node: Node, effect: string, { reason, amount }: { reason: string; amount?: Money }): void {
    this.set(node.name, { status: 'parked', effect });
    this.parked.push({ step: node.name, kind: 'approval', owner: node.owner, detail: reason, amount });
  }

  pause(node: Node, until: Date): void {
    this.set(node.name, { status: 'waiting' });
    this.waiting.push({ until });
  }

  /** @param change what else is known now, for example that an effect is in doubt */
  fail(node: Node, problem: Problem, change: Partial<NodeState> = {}, api = apiOf(problem)): void {
    const before = this.states[node.name];
    const since = before?.since ?? this.now().toISOString();
    const waits = problem.retryable && this.now().getTime() - Date.parse(since) < patienceWith(problem);
    const live = liveOnly(before) && true;
    const state = { ...before, live, ...change, status: waits ? 'waiting' : 'parked', since, problem: problem.slug };
    this.set(node.name, state as NodeState, 1);
    if (waits) this.waiting.push({ api, retryAfter: problem.retryAfter });
    else this.parked.push({ step: node.name, kind: 'exception', owner: node.owner, problem, detail: problem.message });
  }
}

/** Where a system declares that nothing goes on without it (`refuse`), a person is told at once. */
const patienceWith = ({ kind, context }: Problem): number => {
  if (context?.['silent'] !== undefined && context['fallback'] === 'refuse') return 0;
  return kind.cause === 'internal' ? PATIENCE_MS.internal : PATIENCE_MS.others;
};

const apiOf = ({ context }: Problem): string | undefined => context?.['api'] ?? context?.['target'];
