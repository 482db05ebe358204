import type { Waiting } from './standing.js';

const LONGEST_MS = 60_000;
const SHORTEST_MS = 500;
/** Doubled so often, the wait is the longest. */
const DOUBLINGS = 10;

/**
 * When a run that waits is tried again: at the moment of its timer, or after a wait that doubles with each attempt up to a
 * minute, spread by chance over its second half, and not before the system wants to be asked again.
 * @param chance from 0 to 1
 */
export function nextTry(waiting: readonly Waiting[], attempts: number, now: Date, chance: number): Date {
  const ceiling = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** Math.min(attempts, DOUBLINGS));
  const wait = ceiling / 2 + (chance * ceiling) / 2;
  const moments = waiting.map(({ until, retryAfter = 0 }) =>
    until ? until.getTime() : now.getTime() + Math.max(wait, retryAfter * 1000),
  );
  return new Date(Math.min(...moments));
}
