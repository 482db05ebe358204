import { asProblem, type Problem } from '@concord/canonical';
import type { RetryBudget } from './budget.js';
import { wasStopped } from './stopped.js';
import type { Time } from './time.js';
import { currentSignal } from './timeout.js';

/**
 * Repeats a call that failed on the way (`transport`) or came too fast (`throttled`). What the caller or a rule of the
 * target has to settle is never repeated, nor what was stopped on our side. Waits grow with full jitter, and come on
 * top of `Retry-After` where the target names one.
 */
export interface RetryPolicy {
  /** Calls in all, the first one included. */
  readonly attempts: number;
  /** The longest wait before the second attempt, in milliseconds; it doubles before each further one. */
  readonly waitMs: number;
  /** No wait is longer, in milliseconds, unless `Retry-After` asks for it. */
  readonly longestWaitMs: number;
}

export const RETRY: RetryPolicy = { attempts: 3, waitMs: 100, longestWaitMs: 2_000 };

export interface Retrying extends RetryPolicy {
  /** For all attempts with their waits, in milliseconds. */
  readonly deadlineMs: number;
  readonly time: Time;
  readonly budget: RetryBudget;
  /** Asked before every repetition: false while the breaker is not closed. */
  readonly mayRepeat: () => boolean;
  /** Told of every repetition that was wanted, and whether the budget had it. */
  readonly onRepeat: (granted: boolean) => void;
}

/** An attempt with less time than that cannot but fail. */
const SHORTEST_MS = 1;

/** Calls `attempt` with the milliseconds left until the deadline. Rejects with the problem of the last attempt. */
export async function withRetry<T>(attempt: (leftMs: number) => Promise<T>, retrying: Retrying): Promise<T> {
  const { time, budget, deadlineMs } = retrying;
  const deadline = time.now() + deadlineMs;
  budget.earn();
  let left = deadlineMs;
  for (let number = 1; ; number++) {
    try {
      return await attempt(left);
    } catch (error) {
      const problem = asProblem(error);
      if (number >= retrying.attempts || !isWorthRepeating(problem) || !retrying.mayRepeat()) throw problem;
      const wait = waitAfter(problem, number, retrying);
      if (time.now() + wait > deadline - SHORTEST_MS) throw problem;
      const granted = budget.spend();
      retrying.onRepeat(granted);
      if (!granted) throw problem;
      if (!(await pause(wait, time))) throw problem;
      left = deadline - time.now();
      if (left < SHORTEST_MS) throw problem;
    }
  }
}

/** False where the caller gave up meanwhile. */
const pause = (ms: number, time: Time): Promise<boolean> =>
  time.sleep(ms, currentSignal()).then(
    () => true,
    () => false,
  );

/** What was repeated nearer to the target already is not repeated here: or each layer would multiply the load. */
const isWorthRepeating = (problem: Problem): boolean =>
  (problem.kind.cause === 'transport' || problem.kind.cause === 'throttled') &&
  !wasStopped(problem) &&
  problem.context?.['repeatedBy'] === undefined;

/** Full jitter: anything from nothing to the doubled wait, so that callers who failed together do not return together. */
function waitAfter(problem: Problem, attempts: number, { waitMs, longestWaitMs, time }: Retrying): number {
  const longest = Math.min(longestWaitMs, waitMs * 2 ** (attempts - 1));
  return (problem.retryAfter ?? 0) * 1_000 + time.random() * longest;
}
