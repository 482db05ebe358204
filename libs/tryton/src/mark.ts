import { createHash } from 'node:crypto';

/**
 * What finds a call again in a text field of Tryton: a digest, since a business key may be long and hold what `like`
 * would read as a wildcard.
 */
export const markOf = (businessKey: string): string =>
  createHash('sha256').update(businessKey).digest('hex').slice(0, 32);
