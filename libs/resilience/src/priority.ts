import { currentContext, PRIORITIES, type Priority } from '@concord/observability';

/** What nobody has classed. */
const DEFAULT: Priority = 'revenue';

/** The rank of the work at hand: 0 passes all others. */
export const currentRank = (): number => PRIORITIES.indexOf(currentContext()?.priority ?? DEFAULT);
