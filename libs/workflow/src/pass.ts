import { Problem, type Money } from '@concord/canonical';
import { withContext } from '@concord/observability';
import type {
  ApprovalNode,
  Effect,
  Node,
  ReadNode,
  RuleNode,
  StepNode,
  TimerNode,
  WorkflowDefinition,
  Write,
} from './definition.js';
import { asStored, fingerprint } from './fingerprint.js';
import type { Correction, NodeStates } from './ledger-tables.js';
import { isUnanswered, releasedIn, statesForAnew } from './node-states.js';
import { Standing } from './standing.js';
import { lazily, Steps, type Purpose } from './steps.js';
import { PassView } from './view.js';

/** What a pass knows when it begins. */
export interface PassInput {
  readonly definition: WorkflowDefinition;
  readonly services: object;
  readonly runId: string;
  readonly correlationId: string;
  readonly event: unknown;
  /** Whether all is to be undone instead. */
  readonly undo: boolean;
  /** Whether the figures are to be computed anew: the event is a newer one than that of the figures. */
  readonly anew: boolean;
  /** Whether a pass began that is not over, because it was cut off: this one goes on with its figures. */
  readonly begun: boolean;
  /** Whether the ledger holds these figures, and this process as the one that works with them. */
  readonly durable: boolean;
  readonly nodes: NodeStates;
  readonly corrections: readonly Correction[];
  readonly now: () => Date;
  /** Asked before each node; it throws where the pass has to end here. */
  readonly goOn: () => void;
  readonly send: (effect: Effect<unknown>, purpose: Purpose, keep: StepNode['keep']) => Promise<unknown>;
  readonly resend: (write: Write) => Effect<unknown>;
  /** Makes the figures durable before a write: from then on a pass that begins again uses the same ones. */
  readonly beforeEffects: (nodes: NodeStates) => Promise<void>;
}

export interface PassResult {
  readonly standing: Standing;
  readonly view: PassView;
  /** Whether all is known that was written; else what was cut off has to be gone on with before anything newer. */
  readonly isOver: boolean;
}

type Worked = Exclude<Node, ReadNode>;

/**
 * One pass over the nodes of a run: fetches, computes, does what is not done. A node that cannot be done stops only
 * those that depend on it, and a parked one stays parked until its person or a newer event comes. It may be cut off
 * anywhere and begun again.
 */
export class Pass {
  private readonly standing: Standing;
  private readonly view: PassView;
  private readonly steps: Steps;
  private durable: boolean;

  constructor(private readonly input: PassInput) {
    const { definition, services, event, corrections, runId, send, resend, now } = input;
    const { nodes } = definition;
    const standing = new Standing(statesAtTheBeginning(input), now);
    const view = new PassView({ services, event, corrections, nodes, over: (name) => standing.over(name) });
    const beforeWrite = () => this.makeDurable();
    this.steps = new Steps({ runId, standing, view, beforeWrite, send, resend });
    this.standing = standing;
    this.view = view;
    this.durable = input.durable;
  }

  async run(): Promise<PassResult> {
    await (this.input.undo ? this.undo() : this.advanceAll());
    const { standing, view } = this;
    return { standing, view, isOver: !this.input.begun || !Object.values(standing.nodes).some(isUnanswered) };
  }

  private async advanceAll(): Promise<void> {
    for (const node of this.worked()) await this.inTurn(node, () => this.advance(node));
  }

  /** Last first; where one cannot be undone, those done before it stay. */
  private async undo(): Promise<void> {
    for (const node of this.worked().reverse()) {
      if (!this.standing.isHeldUp) await this.inTurn(node, () => this.takeBack(node));
    }
  }

  private worked(): Worked[] {
    return this.input.definition.nodes.filter((node): node is Worked => node.kind !== 'read');
  }

  private inTurn(node: Node, work: () => Promise<void> | void): Promise<void> | void {
    const { correlationId, runId, goOn } = this.input;
    goOn();
    return withContext({ correlationId, runId, step: node.name }, work);
  }

  private advance(node: Worked): Promise<void> | void {
    const parked = this.standing.of(node.name)?.status === 'parked';
    if (parked && !(this.input.anew && node.kind === 'approval')) return this.standing.leave(node);
    if (node.kind === 'approval') return this.ask(node);
    if (node.kind === 'rule') return this.compute(node);
    if (node.kind === 'step') return this.bring(node);
    return this.pause(node);
  }

  private takeBack(node: Worked): Promise<void> | void {
    const { name, kind } = node;
    const status = this.standing.of(name)?.status;
    if (kind !== 'step') return kind === 'rule' && status === 'done' ? undefined : this.standing.forget(name);
    return status === 'parked' ? this.standing.leave(node) : this.steps.takeBack(node);
  }

  private async compute(node: RuleNode): Promise<void> {
    const { standing } = this;
    if (standing.over(node.name)) return;
    const evaluated = await this.view.evaluate(node.rule);
    if ('blockedBy' in evaluated) return standing.block(node);
    if ('problem' in evaluated) return standing.fail(node, evaluated.problem);
    const value = asStored(evaluated.value);
    const before = this.input.nodes[node.name];
    standing.changed ||= !before || fingerprint(before.value) !== fingerprint(value);
    standing.set(node.name, { status: 'done', value });
    this.durable = false;
  }

  private async bring(node: StepNode): Promise<void> {
    if (node.after.some((name) => !this.standing.over(name))) return this.standing.block(node);
    const evaluated = await this.view.evaluate(lazily(node.effect));
    if ('blockedBy' in evaluated) return this.standing.block(node);
    if ('problem' in evaluated) return this.standing.fail(node, evaluated.problem);
    await this.steps.bring(node, (evaluated.value as { effect: Effect<unknown> | undefined }).effect);
  }

  private async ask(node: ApprovalNode): Promise<void> {
    const { standing } = this;
    const evaluated = await this.view.evaluate(node.question);
    if ('blockedBy' in evaluated) return standing.block(node);
    if ('problem' in evaluated) return standing.fail(node, evaluated.problem);
    const question = evaluated.value as { reason: string; amount?: Money } | undefined;
    if (!question) return standing.set(node.name, { status: 'skipped' });
    const asked = fingerprint(question);
    const state = standing.of(node.name);
    if (state?.effect !== asked) return standing.ask(node, asked, question);
    if (state.status === 'done') return;
    if (state.status === 'parked') return standing.leave(node);
    if (state.problem === 'approval-rejected') return standing.fail(node, new Problem(state.problem, question.reason));
    standing.ask(node, asked, question);
  }

  private async pause(node: TimerNode): Promise<void> {
    const { standing } = this;
    if (standing.over(node.name)) return;
    const evaluated = await this.view.evaluate(node.until);
    if ('blockedBy' in evaluated) return standing.block(node);
    if ('problem' in evaluated) return standing.fail(node, evaluated.problem);
    const until = evaluated.value as Date | undefined;
    if (until && until > this.input.now()) return standing.pause(node, until);
    standing.set(node.name, { status: 'done', value: true });
  }

  private async makeDurable(): Promise<void> {
    if (this.durable) return;
    await this.input.beforeEffects(this.standing.nodes);
    this.durable = true;
  }
}

/** The figures that were done by are kept for undoing. */
function statesAtTheBeginning({ anew, undo, nodes, definition }: PassInput): NodeStates {
  if (!anew) return nodes;
  return undo ? releasedIn(nodes) : statesForAnew(nodes, definition.nodes);
}
