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

/** Clocks count in fractions, and fractions round: a thousandth of a unit is forgiven. */
const ROUNDING = 0.001;

/** One request of `cost` units at `now` (milliseconds), when the caller's credit would be full again at `fullAt`. */
export function arrive(
  { quota, windowSeconds, burst = quota }: Limit,
  cost: number,
  now: number,
  fullAt = now,
): Verdict {
  if (cost > burst) throw new RangeError(`A request of ${cost} units never fits into ${burst}`);
  const unitMs = (windowSeconds * 1000) / quota;
  const used = Math.max(0, fullAt - now) / unitMs;
  const excess = used + cost - burst;
  const admitted = excess <= ROUNDING;
  const debt = admitted ? used + cost : used;
  return {
    admitted,
    remaining: Math.floor(burst - debt + ROUNDING),
    fullInMs: debt * unitMs,
    retryInMs: admitted ? 0 : excess * unitMs,
    fullAt: now + debt * unitMs,
  };
}
