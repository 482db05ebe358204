/**
 * What callers do while a capability does not answer: wait in a queue, go on with an estimate, accrue and settle later,
 * or refuse.
 */
export const FALLBACKS = ['queue', 'estimate', 'accrue', 'refuse'] as const;
export type Fallback = (typeof FALLBACKS)[number];
