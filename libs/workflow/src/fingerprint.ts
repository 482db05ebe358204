import { createHash } from 'node:crypto';
import { canonicalJson } from '@concord/canonical';

/**
 * Names a value by its content. The order of members does not count: Postgres gives JSON back in an order of its own,
 * and what was stored has to be recognized as what it was.
 */
export const fingerprint = (value: unknown): string =>
  createHash('sha256').update(canonicalJson(value)).digest('base64url');

/** The value as JSON gives it back: with what a run stores, a later pass sees just what the first one saw. */
export const asStored = (value: unknown): unknown =>
  value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
