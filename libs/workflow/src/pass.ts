import { createHash } from 'node:crypto';
import { asProblem, canonicalJson, Problem, type Money } from '@concord/canonical';
import { withContext } from '@concord/observability';
import type {
  ApprovalNode,
  Effect,
  Node,
  Owner,
  RuleNode,
  StepNode,
  TimerNode,
  WorkflowDefinition,
} from './definition.js';
import type { Correction, NodeState, NodeStates } from './ledger-tables.js';
import { PassView } from './view.js';

/** What a pass knows when it begins. */
export interface PassInput {
  readonly definition: WorkflowDefinition;
  readonly services: object;
  readonly runId: string;
  readonly correlationId: string;
  readonly event: unknown;
  /** Whether the figures are to be computed anew: the event is a newer one than that of the figures. */
  readonly anew: boolean;
  readonly nodes: NodeStates;
  readonly corrections: readonly Correction[];
  readonly now: () => Date;
  /** Carries out an effect; a preview notes it instead. */
  readonly send: (effect: Effect<unknown>, purpose: Purpose) => Promise<unknown>;
  /** An effect from its stored write, to learn whether it took place. */
  readonly resend: (write: Effect<unknown>['write']) => Effect<unknown>;
  /** Makes the figures durable before the first effect: from then on a pass that begins again uses the same ones. */
  readonly beforeEffects: (nodes: NodeStates) => Promise<void>;
}

/** Which step an effect belongs to, in which direction, and the key that makes it safe to repeat. */
export interface Purpose {
  readonly step: string;
  readonly action: 'do' | 'undo';
  readonly idempotencyKey: string;
}

/** A node that needs a person. */
export interface Parked {
  readonly node: Node;
  readonly kind: 'exception' | 'approval';
  readonly owner: Owner;
  readonly problem: Problem | undefined;
  readonly detail: string;
  readonly amount?: Money;
}

/** A node that waits for a system or for a moment. */
export interface Waiting {
  readonly node: Node;
  /** The API that does not answer; undefined for a timer. */
  readonly api?: string;
  readonly until?: Date;
}

export interface PassResult {
  readonly nodes: NodeStates;
  readonly parked: readonly Parked[];
  readonly waiting: readonly Waiting[];
  /** Nodes that wait for a parked or waiting one. */
  readonly blocked: readonly string[];
  /** Whether any effect took place: done, undone or done anew. */
  readonly changed: boolean;
  readonly view: PassView;
}

/** Our own faults may pass; after so many they go to a person. Systems that do not answer are waited for. */
const INTERNAL_ATTEMPTS = 5;
const TRANSPORT_ATTEMPTS = 2000;

/**
 * One pass over the nodes of a run: fetches, computes, does what is not done. A node that cannot be done stops only
 * those that depend on it. Every effect carries the idempotency key `run/step/revision`, so a pass may be cut off
 * anywhere and begun again.
 */
export class Pass {
  private nodes: Record<string, NodeState>;
  private readonly view: PassView;
  private readonly parked: Parked[] = [];
  private readonly waiting: Waiting[] = [];
  private readonly blocked: string[] = [];
  private changed = false;
  private durable = false;

  constructor(private readonly input: PassInput) {
    this.nodes = { ...input.nodes };
    if (input.anew) this.forgetFigures();
    const { services, event, corrections, definition } = input;
    const state = (name: string) => this.nodes[name];
    this.view = new PassView({ services, event, corrections, nodes: definition.nodes, state });
  }

  async run(): Promise<PassResult> {
    for (const node of this.input.definition.nodes) {
      if (node.kind === 'read') continue;
      await withContext({ correlationId: this.input.correlationId, runId: this.input.runId, step: node.name }, () =>
        this.advance(node),
      );
    }
    const { nodes, parked, waiting, blocked, changed, view } = this;
    return { nodes, parked, waiting, blocked, changed, view };
  }

  /** Undoes what is done, last first. */
  async undo(): Promise<PassResult> {
    for (const node of [...this.input.definition.nodes].reverse()) {
      if (node.kind !== 'step' || this.waiting.length || this.parked.length) continue;
      const state = this.nodes[node.name];
      if (state?.inDoubt && !(await this.settle(node, state))) continue;
      const settled = this.nodes[node.name];
      if (settled?.status === 'done') await this.undoStep(node, settled);
    }
    const { nodes, parked, waiting, blocked, changed, view } = this;
    return { nodes, parked, waiting, blocked, changed, view };
  }

  private forgetFigures(): void {
    for (const node of this.input.definition.nodes) if (node.kind === 'rule') delete this.nodes[node.name];
  }

  private advance(node: Exclude<Node, { kind: 'read' }>): Promise<void> {
    if (node.kind === 'rule') return this.compute(node);
    if (node.kind === 'step') return this.carryOut(node);
    if (node.kind === 'approval') return this.ask(node);
    return this.pause(node);
  }

  private async compute(node: RuleNode): Promise<void> {
    if (this.nodes[node.name]?.status === 'done') return;
    const evaluated = await this.view.evaluate(node.rule);
    if ('blockedBy' in evaluated) this.block(node);
    else if ('problem' in evaluated) this.fail(node, evaluated.problem);
    else this.set(node, { status: 'done', value: evaluated.value });
  }

  private async carryOut(node: StepNode): Promise<void> {
    if (node.after.some((name) => !this.isOver(name))) return this.block(node);
    const evaluated = await this.view.evaluate(lazily(node.effect));
    if ('blockedBy' in evaluated) return this.block(node);
    if ('problem' in evaluated) return this.fail(node, evaluated.problem);
    const effect = (evaluated.value as { effect: Effect<unknown> | undefined }).effect;
    const wanted = effect && fingerprintOf(effect);
    let state = this.nodes[node.name];
    if (state?.inDoubt && state.effect !== wanted) {
      if (!(await this.settle(node, state))) return;
      state = this.nodes[node.name];
    }
    if (state?.status === 'done' && state.effect === wanted) return;
    if (state?.status === 'done' && !(await this.undoStep(node, state))) return;
    if (!effect) return this.set(node, { status: 'skipped' });
    const revision =
      state?.status === 'done' || state?.status === 'undone' ? state.revision + 1 : (state?.revision ?? 0);
    await this.send(node, effect, wanted!, revision);
  }

  /** Repeats an effect whose outcome is not known, under its own key, to learn whether it took place. */
  private async settle(node: StepNode, state: NodeState): Promise<boolean> {
    return this.send(node, this.input.resend(state.inDoubt!), state.effect!, state.revision);
  }

  private async undoStep(node: StepNode, state: NodeState): Promise<boolean> {
    const evaluated = await this.view.evaluate(lazily((view) => node.undo(view, state.value)));
    if (!('value' in evaluated)) {
      this.failToUndo(node, state, 'problem' in evaluated ? evaluated.problem : new Problem('internal'));
      return false;
    }
    const { effect } = evaluated.value as { effect: Effect<unknown> };
    const idempotencyKey = `${this.input.runId}/${node.name}/${state.revision}/undo`;
    try {
      await this.makeDurable();
      await this.input.send(effect, { step: node.name, action: 'undo', idempotencyKey });
    } catch (error) {
      this.failToUndo(node, state, asProblem(error), effect.write.api);
      return false;
    }
    this.changed = true;
    this.nodes[node.name] = { ...state, status: 'undone', inDoubt: undefined, at: this.now() };
    return true;
  }

  private async send(node: StepNode, effect: Effect<unknown>, fingerprint: string, revision: number): Promise<boolean> {
    const idempotencyKey = `${this.input.runId}/${node.name}/${revision}`;
    try {
      await this.makeDurable();
      const answer = await this.input.send(effect, { step: node.name, action: 'do', idempotencyKey });
      this.changed = true;
      const attempts = (this.nodes[node.name]?.attempts ?? 0) + 1;
      this.nodes[node.name] = {
        status: 'done',
        value: node.keep(answer),
        effect: fingerprint,
        revision,
        attempts,
        at: this.now(),
      };
      return true;
    } catch (error) {
      const { api, operation, method, path, body } = effect.write;
      const inDoubt = { api, operation, method, path, body };
      const before = this.nodes[node.name];
      const tried = { effect: fingerprint, inDoubt, revision, attempts: before?.attempts ?? 0 };
      this.fail(node, asProblem(error), api, tried);
      return false;
    }
  }

  private async ask(node: ApprovalNode): Promise<void> {
    if (this.nodes[node.name]?.status === 'done') return;
    const evaluated = await this.view.evaluate(node.question);
    if ('blockedBy' in evaluated) return this.block(node);
    if ('problem' in evaluated) return this.fail(node, evaluated.problem);
    const question = evaluated.value as { reason: string; amount?: Money } | undefined;
    if (!question) return this.set(node, { status: 'skipped' });
    if (this.nodes[node.name]?.problem === 'approval-rejected')
      return this.fail(node, new Problem('approval-rejected', question.reason));
    this.set(node, { status: 'parked' });
    const { reason: detail, amount } = question;
    this.parked.push({ node, kind: 'approval', owner: node.owner, problem: undefined, detail, amount });
  }

  private async pause(node: TimerNode): Promise<void> {
    if (this.nodes[node.name]?.status === 'done') return;
    const evaluated = await this.view.evaluate(node.until);
    if ('blockedBy' in evaluated) return this.block(node);
    if ('problem' in evaluated) return this.fail(node, evaluated.problem);
    const until = evaluated.value as Date | undefined;
    if (!until || until <= this.input.now()) return this.set(node, { status: 'done', value: true });
    this.set(node, { status: 'waiting' });
    this.waiting.push({ node, until });
  }

  /** A problem that time may heal lets the node wait; any other parks it for a person. */
  private fail(node: Node, problem: Problem, api?: string, tried: Partial<NodeState> = {}): void {
    const before = this.nodes[node.name];
    const attempts = (tried.attempts ?? before?.attempts ?? 0) + 1;
    const cause = problem.kind.cause;
    const limit = cause === 'internal' ? INTERNAL_ATTEMPTS : TRANSPORT_ATTEMPTS;
    const waits = problem.retryable && attempts < limit;
    const refused = cause === 'business' || cause === 'caller';
    const base = {
      revision: before?.revision ?? 0,
      ...before,
      ...tried,
      attempts,
      problem: problem.slug,
      at: this.now(),
    };
    // A refusal leaves nothing behind, so nothing is in doubt; a silence may have left an effect.
    const state = refused ? { ...base, inDoubt: undefined } : base;
    this.nodes[node.name] = { ...state, status: waits ? 'waiting' : 'parked', value: undefined };
    if (waits) this.waiting.push({ node, api: api ?? problem.context?.api });
    else this.parked.push({ node, kind: 'exception', owner: node.owner, problem, detail: problem.message });
  }

  /** The step stays done, with what it kept, until its inverse has taken place. */
  private failToUndo(node: StepNode, state: NodeState, problem: Problem, api?: string): void {
    this.fail(node, problem, api);
    const { attempts } = this.nodes[node.name]!;
    this.nodes[node.name] = { ...state, attempts, problem: problem.slug };
  }

  private block(node: Node): void {
    this.blocked.push(node.name);
  }

  private isOver(name: string): boolean {
    const status = this.nodes[name]?.status;
    return status === 'done' || status === 'skipped';
  }

  private set(node: Node, state: Pick<NodeState, 'status' | 'value'>): void {
    const before = this.nodes[node.name];
    this.nodes[node.name] = {
      revision: before?.revision ?? 0,
      attempts: before?.attempts ?? 0,
      at: this.now(),
      ...state,
    };
  }

  private async makeDurable(): Promise<void> {
    if (this.durable) return;
    await this.input.beforeEffects(this.nodes);
    this.durable = true;
  }

  private now(): string {
    return this.input.now().toISOString();
  }
}

/** Keeps a lazy call from being sent by the `await` that evaluates the function which made it. */
const lazily =
  (make: (view: Record<string, unknown>) => Effect<unknown> | undefined) =>
  (view: Record<string, unknown>): { effect: Effect<unknown> | undefined } => ({ effect: make(view) });

export const fingerprintOf = ({ write }: Effect<unknown>): string =>
  createHash('sha256')
    .update(canonicalJson([write.api, write.operation, write.path, write.body]))
    .digest('base64url');
