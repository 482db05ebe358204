import { choice, code, codes, count, instant } from './field.js';

export const ACCOUNT_STATE = ['due', 'active', 'inactive', 'refused'] as const;

/** What the identity provider holds of a worker, as far as we brought it there. */
export class IdentityAccount {
  @code('Worker')
  workerId!: string;

  @code('User at the identity provider; absent until there is one', { optional: true })
  userId?: string;

  @choice(
    '`due`: a change of the worker waits to be brought there; `refused`: it was refused, and a person has to look',
    ACCOUNT_STATE,
  )
  state!: (typeof ACCOUNT_STATE)[number];

  @count('Attempts that failed since it is due')
  attempts!: number;

  @code('Why the last attempt failed', { optional: true })
  problem?: string;

  @instant('When it was last brought there', { optional: true })
  syncedAt?: string;

  @instant('When this last changed')
  changedAt!: string;
}

export const DRIFT_KIND = ['missing', 'differs', 'orphan'] as const;

/** Where the identity provider and the workforce do not agree. It names attributes, never their values. */
export class IdentityDrift {
  @choice('`missing`: a worker without user; `orphan`: an active user without a worker of ours', DRIFT_KIND)
  kind!: (typeof DRIFT_KIND)[number];

  @code('Worker, where there is one', { optional: true })
  workerId?: string;

  @code('User, where there is one', { optional: true })
  userId?: string;

  @codes('Attributes that differ (RFC 7643)', { max: 50 })
  attributes!: string[];
}
