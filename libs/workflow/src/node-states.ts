import { PROBLEMS } from '@concord/canonical';
import type { Node } from './definition.js';
import type { NodeState, NodeStates } from './ledger-tables.js';

/** The states that are others than those a pass began with; undefined where one of these is gone, so that all count. */
export function movedSince(begun: NodeStates, nodes: NodeStates): NodeStates | undefined {
  if (Object.keys(begun).some((name) => !(name in nodes))) return undefined;
  return mapStates(nodes, (name, state) => (begun[name] === state ? undefined : state));
}

/** The state of a step while what it did is there, in the system that it did it in; else undefined. */
export const liveOnly = (state: NodeState | undefined): NodeState | undefined =>
  state?.status === 'done' || state?.live ? state : undefined;

/**
 * Whether a system did not answer. A pass that goes on with one that was cut off stops here at a node that the other may
 * have got past: it may have written this one, and those that come after it. Faults of ours, which no answer would mend,
 * stopped the other pass too, unless a write was sent.
 */
export const isUnanswered = ({ inDoubt, problem }: NodeState): boolean =>
  inDoubt !== undefined || (problem !== undefined && problem !== 'internal' && PROBLEMS[problem].retryable);

/** A refused node that the next pass tries again. */
const released = ({ problem: _problem, since: _since, ...state }: NodeState): NodeState => ({
  ...state,
  status: 'waiting',
});

/**
 * The nodes with all that was refused released: one cause often stops several. A question stays asked, and a person's
 * refusal stays one, unless it is the step that is named.
 */
export const releasedIn = (nodes: NodeStates, step?: string): NodeStates =>
  mapStates(nodes, (name, state) => {
    const refused = state.status === 'parked' && state.problem !== undefined;
    return refused && (name === step || state.problem !== 'approval-rejected') ? released(state) : state;
  });

/**
 * What is left of the nodes when a newer event is to be worked in: no figures and no moments, and the refused steps
 * are tried again. A question that was asked stays asked until it turns out to be another one.
 */
export function statesForAnew(nodes: NodeStates, definitions: readonly Node[]): NodeStates {
  const kinds = new Map(definitions.map(({ name, kind }) => [name, kind]));
  return mapStates(nodes, (name, state) => {
    const kind = kinds.get(name);
    if (kind === 'rule' || kind === 'timer') return undefined;
    return kind === 'step' && state.status === 'parked' ? released(state) : state;
  });
}

const mapStates = (
  nodes: NodeStates,
  change: (name: string, state: NodeState) => NodeState | undefined,
): Record<string, NodeState> =>
  Object.fromEntries(
    Object.entries(nodes).flatMap(([name, state]) => {
      const changed = change(name, state);
      return changed ? [[name, changed]] : [];
    }),
  );
