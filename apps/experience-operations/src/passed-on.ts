import { createHash } from 'node:crypto';

/** Longest Idempotency-Key that an API takes. */
const LONGEST = 200;

/**
 * The caller's key as the key of the call that follows from it, so that a request that is sent again is the same request
 * all the way down. A key that would become too long is replaced by its digest.
 */
export const passedOn = (businessKey: string): { idempotencyKey: string } => ({
  idempotencyKey:
    businessKey.length <= LONGEST ? businessKey : createHash('sha256').update(businessKey).digest('base64url'),
});
