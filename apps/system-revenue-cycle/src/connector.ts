import type { ChargeItem, Claim, ClaimVoid, NewClaim, Page, PageQuery, Payer } from '@concord/canonical';
import type { ChargeItemQuery, ClaimQuery } from './queries.js';

/**
 * What Concord asks of a revenue cycle platform, in canonical words. Every method may also fail with
 * `upstream-unavailable` or `upstream-timeout`; after either, a write is repeated with the same business key. A business
 * key names one call of one operation: the same key may name a claim and, apart from it, its voiding.
 */
export abstract class RevenueCycleConnector {
  /** One entry of the charge master. Throws `not-found`. */
  abstract readChargeItem(code: string): Promise<ChargeItem>;

  /** The charge master, by code. */
  abstract listChargeItems(query: ChargeItemQuery): Promise<Page<ChargeItem>>;

  /** Throws `not-found`. */
  abstract readPayer(code: string): Promise<Payer>;

  /** By code. */
  abstract listPayers(query: PageQuery): Promise<Page<Payer>>;

  /**
   * Raises a claim: its charge is the sum of the lines, what is expected is the payer's share of it, in cents. The same
   * business key again returns the first claim. Throws `unknown-code` for a facility, payer or charge code that is not
   * known; `upstream-rejected` for a line whose charge or quantity is not above zero, or is not in the currency of the
   * charge master; `conflict` where the encounter has a claim that is not void (its context names that claim).
   */
  abstract createClaim(businessKey: string, claim: NewClaim): Promise<Claim>;

  /** Throws `not-found`. */
  abstract readClaim(id: string): Promise<Claim>;

  /** Oldest first. */
  abstract listClaims(query: ClaimQuery): Promise<Page<Claim>>;

  /**
   * Takes a claim back, after which its encounter may be claimed again. The same business key again returns the voided
   * claim. Throws `not-found`; `conflict` where another key voided it.
   */
  abstract voidClaim(businessKey: string, id: string, why: ClaimVoid): Promise<Claim>;
}
