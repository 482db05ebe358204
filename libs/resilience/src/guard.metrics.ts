import type { Problem } from '@concord/canonical';
import { counter, gauge, histogram, log, Vocabulary } from '@concord/observability';
import type { BreakerState } from './breaker.js';
import { wasStopped } from './stopped.js';

/** How a guarded call ended, as it is counted. */
export type Outcome =
  | 'answered'
  | 'refused' // by a rule of the target, or for the caller's fault
  | 'throttled'
  | 'timeout'
  | 'failed' // on the way, in the target, or in our own code
  | 'stopped'; // on our side

const OUTCOMES: readonly Outcome[] = ['answered', 'refused', 'throttled', 'timeout', 'failed', 'stopped'];
const STATES: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };

const targets = new Vocabulary('target');
const calls = counter('concord_guarded_calls_total', 'Calls to systems behind', { target: targets, outcome: OUTCOMES });
const duration = histogram('concord_guarded_call_seconds', 'Time of a call with its repetitions', { target: targets });
const retries = counter('concord_guarded_retries_total', 'Repetitions wanted, and whether the budget had them', {
  target: targets,
  granted: ['yes', 'no'],
});
const breakers = gauge('concord_breaker_state', 'Closed 0, half open 1, open 2', { target: targets });

/** What one guard tells the outside. */
export interface GuardMetrics {
  readonly ended: (outcome: Outcome, ms: number) => void;
  readonly repetition: (granted: boolean) => void;
  readonly breaker: (state: BreakerState) => void;
}

/** Makes a target known to the metrics, with a closed breaker. */
export function guardMetrics(target: string): GuardMetrics {
  targets.declare(target);
  breakers.set({ target }, STATES.closed);
  const time = duration.of({ target });
  const ends = new Map(OUTCOMES.map((outcome) => [outcome, calls.of({ target, outcome })]));
  return {
    ended: (outcome, ms) => {
      ends.get(outcome)?.add();
      time.observe(ms / 1_000);
    },
    repetition: (granted) => retries.add({ target, granted: granted ? 'yes' : 'no' }),
    breaker: (state) => {
      breakers.set({ target }, STATES[state]);
      log.warn('breaker.changed', { target, state });
    },
  };
}

export function outcomeOf(problem: Problem): Outcome {
  if (wasStopped(problem)) return 'stopped';
  if (problem.slug === 'upstream-timeout') return 'timeout';
  return BY_CAUSE[problem.kind.cause];
}

const BY_CAUSE = {
  caller: 'refused',
  business: 'refused',
  throttled: 'throttled',
  transport: 'failed',
  internal: 'failed',
} as const satisfies Record<Problem['kind']['cause'], Outcome>;
