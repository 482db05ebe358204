import type { Money } from '@concord/canonical';
import {
  ANNOUNCEMENT,
  type Effect,
  type EventClass,
  type Node,
  type Owner,
  type View,
  type WorkflowDefinition,
} from './definition.js';
import { namesTakenBy } from './needs.js';
import { numbered, numbersOf, type Numbered } from './numbered.js';

interface NodeOptions {
  /** Who gets the exception when it is refused; `integration` where nothing is said. */
  readonly owner?: Owner;
}

interface StepOptions<Figures, T, Kept> extends NodeOptions {
  /** The business inverse: a reversal, a void, a release. */
  readonly undo: (figures: Figures, kept: Kept) => Effect<unknown>;
  /** What is stored of the answer: references and amounts. Identifier and number where nothing is said. */
  readonly keep?: (answer: T) => Kept;
  /** Steps that must be done before, though nothing of theirs is used. */
  readonly after?: readonly (keyof Figures & string)[];
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

/**
 * `Values` is all that a rule may name. `Figures` is that without the reads: what leaves the run – an effect, a question,
 * an announcement – is written from figures, so that it is the same when it is sent again, and holds nothing that is
 * not stored.
 */
export class WorkflowBuilder<Values extends { event: unknown }, Figures extends { event: unknown } = Values> {
  constructor(readonly definition: WorkflowDefinition) {}

  read<N extends string, T>(name: N, read: (values: Values) => PromiseLike<T> | T, options: NodeOptions = {}) {
    return this.with<Values & Record<N, T>, Figures>({
      kind: 'read',
      ...named(name, read, options),
      read: read as never,
    });
  }

  rule<N extends string, T>(name: N, rule: (values: Values) => T, options: NodeOptions = {}) {
    const node = { kind: 'rule' as const, ...named(name, rule, options), rule: rule as never };
    return this.with<Values & Record<N, T>, Figures & Record<N, T>>(node);
  }

  step<N extends string, T, Kept = Numbered>(
    name: N,
    effect: (figures: Figures) => Effect<T> | undefined,
    options: StepOptions<Figures, T, Kept>,
  ) {
    const { undo, keep = numbered, after = [] } = options;
    const node = { kind: 'step', effect, undo, keep, after, ...named(name, effect, options, after) };
    return this.withGiven<N, Kept | undefined>(node as unknown as Node);
  }

  /** Asks a person; nobody is asked where there is no question. Another question needs another approval. */
  approval<N extends string>(
    name: N,
    question: (figures: Figures) => { reason: string; amount?: Money } | undefined,
    options: NodeOptions = {},
  ) {
    const node = { kind: 'approval', question, ...named(name, question, options) };
    return this.withGiven<N, { approvedBy: string } | undefined>(node as unknown as Node);
  }

  timer<N extends string>(name: N, until: (figures: Figures) => Date | undefined, options: NodeOptions = {}) {
    const node = { kind: 'timer', until, ...named(name, until, options) };
    return this.withGiven<N, true>(node as unknown as Node);
  }

  /** The money that waits while a run stands still. It must do with what is known: nodes not yet done are undefined. */
  atStake(stake: (values: Partial<Values>) => Money | undefined) {
    return this.saying({ atStake: stake as (view: View) => Money | undefined });
  }

  /** What is said each time the run has been completed or changed. */
  announce<A>(event: EventClass<A>, data: (figures: Figures) => A) {
    return this.saying({ announce: { type: event.type, data: data as unknown as (view: View) => unknown } });
  }

  /** What is said when all that the run had done was undone. */
  announceUndone<A>(event: EventClass<A>, data: (values: Pick<Figures, 'event'>) => A) {
    return this.saying({ announceUndone: { type: event.type, data: data as unknown as (view: View) => unknown } });
  }

  private saying(change: Partial<WorkflowDefinition>) {
    return new WorkflowBuilder<Values, Figures>({ ...this.definition, ...change });
  }

  private withGiven<N extends string, T>(node: Node) {
    return this.with<Values & Record<N, T>, Figures & Record<N, T>>(node);
  }

  private with<V extends { event: unknown }, F extends { event: unknown }>(node: Node): WorkflowBuilder<V, F> {
    const { nodes, name } = this.definition;
    if (nodes.some((other) => other.name === node.name)) throw new Error(`${name} has two nodes named ${node.name}`);
    if (RESERVED.includes(node.name))
      throw new Error(`${name} has a node named ${node.name}, which means another thing`);
    return new WorkflowBuilder<V, F>({ ...this.definition, nodes: [...nodes, node] });
  }
}

const RESERVED = ['event', ANNOUNCEMENT];

const named = (
  name: string,
  fn: (...args: never[]) => unknown,
  options: NodeOptions,
  after: readonly string[] = [],
) => ({
  name,
  owner: options.owner ?? ('integration' as const),
  needs: [...new Set([...namesTakenBy(fn), ...after])],
});
