import { Problem, type ParLevel } from '@concord/canonical';
import { Decimal } from 'decimal.js';

/** It is not ordered anew before anything is missing, nor below nothing. Throws `validation-failed`. */
export function refuseUnlessSensible({ parLevel, reorderPoint }: Pick<ParLevel, 'parLevel' | 'reorderPoint'>): void {
  const wrong = new Decimal(reorderPoint).isNegative() || new Decimal(reorderPoint).greaterThan(parLevel);
  if (!wrong) return;
  const detail = 'must be between zero and the par level';
  const errors = [{ pointer: '/reorderPoint', code: 'range', detail }];
  throw new Problem('validation-failed', `/reorderPoint ${detail}`, { errors });
}
