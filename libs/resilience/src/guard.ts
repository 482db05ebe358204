import { asProblem } from '@concord/canonical';
import { Breaker, BREAKER, type BreakerPolicy, type BreakerState, type StateListener } from './breaker.js';
import { BUDGET, RetryBudget, type BudgetLimits } from './budget.js';
import { Bulkhead, BULKHEAD, type BulkheadLimits } from './bulkhead.js';
import { guardMetrics, outcomeOf } from './guard.metrics.js';
import { RETRY, withRetry, type Retrying, type RetryPolicy } from './retry.js';
import { realTime, type Time } from './time.js';
import { within } from './timeout.js';

/**
 * Stands between us and a system that may be slow, down, or flooded: retry ( breaker ( timeout ( bulkhead ( call ) ) ) ).
 * Whatever goes wrong comes out as a `Problem`: `upstream-timeout`, `upstream-unavailable` with `retryAfter`, or the one
 * that the call threw.
 */
export interface Guard {
  /** What is guarded: a target, or a target and an operation. */
  readonly name: string;
  readonly state: BreakerState;
  /** Tells of every change of the breaker's state until the returned function is called. */
  onStateChange(listener: StateListener): () => void;
  /** Calls, and calls again where that helps. The signal is also the `currentSignal()` of everything below. */
  run<T>(call: (signal: AbortSignal) => Promise<T>, options?: RunOptions): Promise<T>;
}

export interface RunOptions {
  /** Not called again, whatever happens: an effect of which nobody knows whether it was done. */
  readonly once?: boolean;
}

/** What is not said is as in `RETRY`, `BUDGET`, `BREAKER` and `BULKHEAD`. */
export interface GuardPolicy {
  /** For one attempt, the wait for a place included, in milliseconds. 5,000 where it is left out. */
  readonly timeoutMs?: number;
  /** For all attempts and the waits between them, in milliseconds. Three times `timeoutMs` where it is left out. */
  readonly deadlineMs?: number;
  /** `{ attempts: 1 }` for what must not be repeated. */
  readonly retry?: Partial<RetryPolicy>;
  readonly budget?: Partial<BudgetLimits>;
  readonly breaker?: Partial<BreakerPolicy>;
  readonly bulkhead?: Partial<BulkheadLimits>;
  readonly time?: Time;
}

/** What the operations of one target have in common; each has its own breaker. */
export interface TargetLimits {
  readonly bulkhead: Bulkhead;
  readonly budget: RetryBudget;
}

const TIMEOUT_MS = 5_000;

export function guard(name: string, policy: GuardPolicy = {}, limits = targetLimits(name, policy)): Guard {
  const { time = realTime, timeoutMs = TIMEOUT_MS, deadlineMs = 3 * timeoutMs } = policy;
  const metrics = guardMetrics(name);
  const breaker = new Breaker(name, time.now, { ...BREAKER, ...policy.breaker });
  const retrying: Retrying = {
    ...RETRY,
    ...policy.retry,
    deadlineMs,
    time,
    budget: limits.budget,
    mayRepeat: () => breaker.state === 'closed',
    onRepeat: metrics.repetition,
  };
  const once = { ...retrying, attempts: 1 };
  breaker.onStateChange(metrics.breaker);

  const attempt = <T>(call: (signal: AbortSignal) => Promise<T>, leftMs: number): Promise<T> =>
    breaker.run(() => within(Math.min(timeoutMs, leftMs), (signal) => limits.bulkhead.run(() => call(signal)), name));

  return {
    name,
    get state() {
      return breaker.state;
    },
    onStateChange: (listener) => breaker.onStateChange(listener),
    run: async (call, options) => {
      const began = time.now();
      try {
        const answer = await withRetry((leftMs) => attempt(call, leftMs), options?.once ? once : retrying);
        metrics.ended('answered', time.now() - began);
        return answer;
      } catch (error) {
        const problem = asProblem(error);
        metrics.ended(outcomeOf(problem), time.now() - began);
        throw problem;
      }
    },
  };
}

/** One bulkhead and one retry budget, to be shared by the guards of one target. */
export function targetLimits(target: string, { time = realTime, budget, bulkhead }: GuardPolicy = {}): TargetLimits {
  return {
    bulkhead: new Bulkhead(target, { ...BULKHEAD, ...bulkhead }, time),
    budget: new RetryBudget(time.now, { ...BUDGET, ...budget }),
  };
}
