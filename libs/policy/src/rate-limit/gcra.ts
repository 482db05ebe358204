/**
 * The generic cell rate algorithm (ITU-T I.371): one number for each caller, the time at which its credit would be full again.
 * In any window it admits at most `quota + burst` units, and it forgets nothing and sorts nothing.
 */

/** `quota` units for every `windowSeconds`. */
export interface Quota {
  readonly quota: number;
  readonly windowSeconds: number;
}

/** A quota, and how many units may be taken at once: the whole quota unless said. */
export interface Limit extends Quota {
  readonly burst?: number;
}

export interface Verdict {
  readonly admitted: boolean;
  /** Whole units that could be taken right now. */
  readonly remaining: number;
  /** Milliseconds until all units are back. */
  readonly fullInMs: number;
  /** Milliseconds until the refused request would be admitted; 0 when it was. */
  readonly retryInMs: number;
  /** The number to remember for the next request. */
  readonly fullAt: number;
}

/** One request of `cost` units at `now` (milliseconds), after which the caller's credit would be full at `fullAt`. */
export function arrive(
  { quota, windowSeconds, burst = quota }: Limit,
  cost: number,
  now: number,
  fullAt = now,
): Verdict {
  if (cost > burst) throw new RangeError(`A request of ${cost} units never fits into ${burst}`);
  const unitMs = (windowSeconds * 1000) / quota;
  const before = Math.max(fullAt, now);
  const after = before + cost * unitMs;
  const debtAllowed = burst * unitMs;
  const admitted = after - now <= debtAllowed;
  const debt = (admitted ? after : before) - now;
  return {
    admitted,
    remaining: Math.floor((debtAllowed - debt) / unitMs),
    fullInMs: debt,
    retryInMs: admitted ? 0 : after - now - debtAllowed,
    fullAt: admitted ? after : before,
  };
}
