import { Problem } from '@concord/canonical';

/**
 * Some calls end on our side before the target has said anything. Such a problem carries `stoppedBy` in its context: it
 * is not repeated, since that would only add load, and says nothing about the target's health. The mark travels in the
 * answer, so that the gateway in front does not repeat it either.
 */
export type Stopper =
  | 'breaker' // open: the target has been failing
  | 'bulkhead' // as many calls under way and waiting as we allow
  | 'maintenance' // its owner has announced that it is not there
  | 'caller'; // nobody waits for the answer any more

export function stopped(by: Stopper, target: string, retryAfter?: number): Problem {
  const context = { stoppedBy: by, target };
  return by === 'caller'
    ? new Problem('request-timeout', 'The caller no longer waits for the answer', { context })
    : new Problem('upstream-unavailable', DETAIL[by], { context, retryAfter });
}

export const stoppedBy = (problem: Problem): Stopper | undefined =>
  problem.context?.['stoppedBy'] as Stopper | undefined;

export const wasStopped = (problem: Problem): boolean => stoppedBy(problem) !== undefined;

/** Whether it was stopped before a target, or one of its operations; and not before what stands behind it. */
export const isStoppedBefore = (target: string, problem: Problem): boolean => {
  const { target: at = '' } = problem.context ?? {};
  return wasStopped(problem) && (at === target || at.startsWith(`${target}.`));
};

const DETAIL = {
  breaker: 'The system behind has been failing and is given time to recover',
  maintenance: 'The system behind is in a maintenance window',
  bulkhead: 'As many calls as the system behind is given at once are under way already',
};
