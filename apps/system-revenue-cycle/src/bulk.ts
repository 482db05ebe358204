import { bulkJobs, bulkOf } from '@concord/api';
import { NewAccountCharge, NewClaim, NewClaimAdjustment } from '@concord/canonical';
import { RevenueCycleConnector } from './connector.js';

/** What is taken many at once. Coverage is not: what names a person is entered one by one. */
export const bulkControllers = bulkJobs('revenue-cycle', [
  bulkOf({
    resource: 'charges',
    takes: NewAccountCharge,
    scope: 'revenue-cycle/charge.write',
    summary: 'Post charges to accounts, many at once',
    through: RevenueCycleConnector,
    work: (revenueCycle, key, charge) => revenueCycle.createAccountCharge(key, charge),
  }),
  bulkOf({
    resource: 'claims',
    takes: NewClaim,
    scope: 'revenue-cycle/claim.write',
    summary: 'Raise claims, many at once',
    through: RevenueCycleConnector,
    work: (revenueCycle, key, claim) => revenueCycle.createClaim(key, claim),
  }),
  bulkOf({
    resource: 'adjustments',
    takes: NewClaimAdjustment,
    scope: 'revenue-cycle/adjustment.write',
    summary: 'Change what is owed on claims, many at once',
    through: RevenueCycleConnector,
    work: (revenueCycle, key, adjustment) => revenueCycle.createAdjustment(key, adjustment),
  }),
]);
