import { ACCOUNT_STATE, ChangesQuery, choice, PageQuery, type IdentityAccount } from '@concord/canonical';

export class IdentityAccountQuery extends ChangesQuery {
  @choice('State', ACCOUNT_STATE, { optional: true })
  state?: IdentityAccount['state'];
}

export class IdentityDriftQuery extends PageQuery {}
