import type { Money } from '@concord/canonical';
import type { Effect, EventClass, Node, Owner, View, WorkflowDefinition } from './definition.js';

interface NodeOptions {
  /** Who gets the exception when it is refused; `integration` where nothing is said. */
  readonly owner?: Owner;
}

interface StepOptions<Values, T, Kept> extends NodeOptions {
  /** The business inverse: a reversal, a void, a release. */
  readonly undo: (values: Values, kept: Kept) => Effect<unknown>;
  /** What is stored of the answer: references and amounts. Identifier and number where nothing is said. */
  readonly keep?: (answer: T) => Kept;
  /** Steps that must be done before, though nothing of theirs is used. */
  readonly after?: readonly (keyof Values & string)[];
}

interface Numbered {
  readonly id: string;
  readonly number: string;
}

interface WorkflowOptions<E, C> {
  readonly summary: string;
  /** The business key: one run for each, one writer at a time. */
  readonly key: (event: E) => string;
  readonly cancelledBy?: EventClass<C>;
}

/**
 * Builds a workflow as a typed chain of named nodes; each may take what the ones before it gave by its name.
 *
 * ```ts
 * workflow<Services>()('encounter-to-finance', EncounterCompleted, { key: (event) => event.encounterId, summary: '…' })
 *   .read('encounter', ({ ehr, event }) => ehr.readEncounter(event.encounterId))
 *   .rule('charges', ({ encounter, reference }) => price(encounter, reference))
 *   .step('claim', ({ revenueCycle, charges }) => revenueCycle.createClaim(claimFor(charges)), { undo: … })
 *   .announce(EncounterFinanced, ({ charges, event }) => …);
 * ```
 */
export const workflow =
  <Services extends object>() =>
  <E, C extends E = E>(
    name: string,
    event: EventClass<E>,
    options: WorkflowOptions<E, C>,
  ): WorkflowBuilder<Services & { event: E }> => {
    const { key, cancelledBy, summary } = options;
    return new WorkflowBuilder({
      name,
      summary,
      startedBy: event.type,
      cancelledBy: cancelledBy?.type,
      keyOf: (data) => key(data as E),
      nodes: [],
      references: numbersOf,
    });
  };

export class WorkflowBuilder<Values extends object> {
  constructor(readonly definition: WorkflowDefinition) {}

  read<N extends string, T>(name: N, read: (values: Values) => PromiseLike<T> | T, options: NodeOptions = {}) {
    return this.with<Values & Record<N, T>>({ kind: 'read', ...named(name, read, options), read: read as never });
  }

  rule<N extends string, T>(name: N, rule: (values: Values) => T, options: NodeOptions = {}) {
    return this.with<Values & Record<N, T>>({ kind: 'rule', ...named(name, rule, options), rule: rule as never });
  }

  step<N extends string, T, Kept = Numbered>(
    name: N,
    effect: (values: Values) => Effect<T> | undefined,
    options: StepOptions<Values, T, Kept>,
  ) {
    const { undo, keep = numbered, after = [] } = options;
    const node = { kind: 'step', effect, undo, keep, after, ...named(name, effect, options, after) };
    return this.with<Values & Record<N, Kept | undefined>>(node as unknown as Node);
  }

  approval<N extends string>(
    name: N,
    question: (values: Values) => { reason: string; amount?: Money } | undefined,
    options: NodeOptions = {},
  ) {
    const node = { kind: 'approval', question, ...named(name, question, options) };
    return this.with<Values & Record<N, { approvedBy: string } | undefined>>(node as unknown as Node);
  }

  timer<N extends string>(name: N, until: (values: Values) => Date | undefined, options: NodeOptions = {}) {
    return this.with<Values & Record<N, true>>({
      kind: 'timer',
      ...named(name, until, options),
      until: until as (view: View) => Date | undefined,
    });
  }

  /** The money that waits while a run stands still. It must do with what is known: nodes not yet done are undefined. */
  atStake(stake: (values: Partial<Values>) => Money | undefined) {
    return new WorkflowBuilder<Values>({ ...this.definition, atStake: stake as (view: View) => Money | undefined });
  }

  announce<A>(event: EventClass<A>, data: (values: Values) => A) {
    const announce = { type: event.type, data: data as (view: View) => unknown };
    return new WorkflowBuilder<Values>({ ...this.definition, announce });
  }

  announceUndone<A>(event: EventClass<A>, data: (values: Values) => A) {
    const announceUndone = { type: event.type, data: data as (view: View) => unknown };
    return new WorkflowBuilder<Values>({ ...this.definition, announceUndone });
  }

  private with<Next extends object>(node: Node): WorkflowBuilder<Next> {
    const { nodes, name } = this.definition;
    if (nodes.some((other) => other.name === node.name)) throw new Error(`${name} has two nodes named ${node.name}`);
    return new WorkflowBuilder<Next>({ ...this.definition, nodes: [...nodes, node] });
  }
}

const named = (
  name: string,
  fn: (...args: never[]) => unknown,
  options: NodeOptions,
  after: readonly string[] = [],
) => ({
  name,
  owner: options.owner ?? ('integration' as const),
  needs: [...new Set([...takenBy(fn), ...after])],
});

const numbered = (answer: unknown): Numbered => {
  const { id, number } = answer as Numbered;
  return { id, number };
};

const numbersOf = (kept: Readonly<Record<string, unknown>>): string[] =>
  Object.values(kept).flatMap((value) => {
    const { id, number } = (value ?? {}) as Partial<Numbered>;
    return [id, number].filter((text): text is string => typeof text === 'string');
  });

/** The names that a function destructures from its first parameter; only drawings depend on it. */
function takenBy(fn: (...args: never[]) => unknown): string[] {
  const parameter = /^(?:async\s*)?\(?\s*\{([^}]*)\}/.exec(fn.toString().replace(/^function\s*\w*/, ''))?.[1] ?? '';
  return parameter
    .split(',')
    .map((name) => name.split(':')[0]!.trim())
    .filter(Boolean);
}
