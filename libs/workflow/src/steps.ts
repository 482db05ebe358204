import { asProblem, Problem } from '@concord/canonical';
import type { Effect, StepNode, View, Write } from './definition.js';
import { fingerprint } from './fingerprint.js';
import type { Direction, NodeState } from './ledger-tables.js';
import { liveOnly } from './node-states.js';
import type { Standing } from './standing.js';
import type { PassView } from './view.js';

/** Which step a write belongs to, in which direction, and the key that makes it safe to repeat. */
export interface Purpose {
  readonly step: string;
  readonly action: Direction;
  readonly idempotencyKey: string;
}

interface Parts {
  readonly runId: string;
  readonly standing: Standing;
  readonly view: PassView;
  /** Called before each write: until it resolves, none may leave. */
  readonly beforeWrite: () => Promise<void>;
  /** Carries a write out and gives what is kept of the answer; a preview notes it instead. */
  readonly send: (effect: Effect<unknown>, purpose: Purpose, keep: StepNode['keep']) => Promise<unknown>;
  /** An effect from its stored write. */
  readonly resend: (write: Write) => Effect<unknown>;
}

type Outcome = { readonly kept: unknown } | { readonly problem: Problem };

/**
 * Brings single steps to where they should be. A write is sent under the key `run/step/revision`, so that it may be sent
 * any number of times and happens once. A refusal leaves nothing behind; a silence may have left an effect: that write is
 * kept in doubt, and is settled, by sending just the same again, before anything takes its place.
 */
export class Steps {
  constructor(private readonly parts: Parts) {}

  /** Makes the effect be there, and no other of this step; undefined is none. What is so already is not touched. */
  async bring(node: StepNode, wanted: Effect<unknown> | undefined): Promise<void> {
    const { standing } = this.parts;
    const effect = wanted && fingerprint(wanted.write);
    if (!(await this.settle(node, effect))) return;
    const live = liveOnly(standing.of(node.name));
    if (live && live.effect === effect) {
      const { value, revision } = live;
      if (live.status !== 'done') standing.set(node.name, { status: 'done', value, effect, revision });
      return;
    }
    if (live && !(await this.undo(node, live))) return;
    if (wanted) await this.carryOut(node, wanted, effect!);
    else standing.set(node.name, { status: 'skipped' });
  }

  /** Makes nothing of the step be there any more. */
  async takeBack(node: StepNode): Promise<void> {
    const { standing } = this.parts;
    if (!(await this.settle(node, undefined))) return;
    const state = standing.of(node.name);
    const live = liveOnly(state);
    if (live) await this.undo(node, live);
    else if (state?.revision) standing.set(node.name, { ...state, status: 'undone' });
    else standing.forget(node.name);
  }

  /** Learns whether a write in doubt took place. The wanted one needs no asking: it is going to be sent anyway. */
  private async settle(node: StepNode, wanted: string | undefined): Promise<boolean> {
    const { standing, resend } = this.parts;
    const state = standing.of(node.name);
    if (!state?.inDoubt) return true;
    const { action, write } = state.inDoubt;
    if (action === 'do' && state.effect === wanted) return true;
    const outcome = await this.attempt(node, action, resend(write), state.revision);
    if ('kept' in outcome) this.happened(node, action, state, outcome.kept);
    else if (isRefused(outcome.problem)) standing.set(node.name, { ...state, inDoubt: undefined }, 1);
    else standing.fail(node, outcome.problem, {}, write.api);
    return 'kept' in outcome || isRefused(outcome.problem);
  }

  private async carryOut(node: StepNode, effect: Effect<unknown>, name: string): Promise<void> {
    const { standing } = this.parts;
    const before = standing.of(node.name);
    const outcome = await this.attempt(node, 'do', effect, before?.revision ?? 0);
    if ('kept' in outcome)
      return this.happened(node, 'do', { effect: name, revision: before?.revision ?? 0 }, outcome.kept);
    const { write } = effect;
    const inDoubt = isRefused(outcome.problem) ? undefined : { action: 'do' as const, write };
    standing.fail(node, outcome.problem, { effect: name, value: undefined, live: undefined, inDoubt }, write.api);
  }

  private async undo(node: StepNode, state: NodeState): Promise<boolean> {
    const { standing, view } = this.parts;
    const evaluated = await view.evaluate(lazily((values) => node.undo(values, state.value)));
    if (!('value' in evaluated)) {
      standing.fail(node, 'problem' in evaluated ? evaluated.problem : notKnown(evaluated.blockedBy));
      return false;
    }
    const { effect } = evaluated.value as { effect: Effect<unknown> };
    const outcome = await this.attempt(node, 'undo', effect, state.revision);
    if ('kept' in outcome) {
      this.happened(node, 'undo', state, undefined);
      return true;
    }
    const { write } = effect;
    const inDoubt = isRefused(outcome.problem) ? undefined : { action: 'undo' as const, write };
    standing.fail(node, outcome.problem, { live: true, inDoubt }, write.api);
    return false;
  }

  private happened(
    { name }: StepNode,
    action: Purpose['action'],
    { effect, value, revision }: Pick<NodeState, 'effect' | 'value' | 'revision'>,
    kept: unknown,
  ): void {
    const { standing } = this.parts;
    standing.changed = true;
    if (action === 'do') standing.set(name, { status: 'done', value: kept, effect, revision }, 1);
    else standing.set(name, { status: 'undone', value, effect, revision: revision + 1 });
  }

  private async attempt(
    { name, keep }: StepNode,
    action: Purpose['action'],
    effect: Effect<unknown>,
    revision: number,
  ): Promise<Outcome> {
    const key = `${this.parts.runId}/${name}/${revision}`;
    const idempotencyKey = encodeURI(action === 'do' ? key : `${key}/undo`);
    await this.parts.beforeWrite();
    try {
      const keeping = action === 'do' ? keep : () => undefined;
      return { kept: await this.parts.send(effect, { step: name, action, idempotencyKey }, keeping) };
    } catch (error) {
      return { problem: asProblem(error) };
    }
  }
}

/** What time cannot heal has been decided: it had no effect. */
const isRefused = (problem: Problem): boolean => !problem.retryable;

const notKnown = (name: string): Problem => new Problem('conflict', `Undoing needs ${name}, which is not known`);

/** Keeps a lazy call from being sent by the `await` that evaluates the function which made it. */
export const lazily =
  (make: (view: View) => Effect<unknown> | undefined) =>
  (view: View): { effect: Effect<unknown> | undefined } => ({ effect: make(view) });
