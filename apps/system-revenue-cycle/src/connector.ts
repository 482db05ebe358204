import type {
  AccountCharge,
  AdjustmentBatch,
  AdjustmentBatchReport,
  ChargeItem,
  Claim,
  ClaimAdjustment,
  ClaimStatus,
  ClaimVoid,
  Coverage,
  CoverageChange,
  CoverageReference,
  Denial,
  NewAccountCharge,
  NewClaim,
  NewClaimAdjustment,
  NewCoverage,
  NewRemittance,
  Page,
  PatientBalance,
  Payer,
  PayerRule,
  ReceivedFile,
  Remittance,
  UnmatchedPayment,
} from '@concord/canonical';
import type {
  AccountChargeQuery,
  AdjustmentQuery,
  ChargeItemQuery,
  ClaimQuery,
  CoverageQuery,
  DenialQuery,
  PayerQuery,
  PayerRuleQuery,
  ReceivedFileQuery,
  RemittanceQuery,
  UnmatchedPaymentQuery,
} from './queries.js';

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
  abstract listPayers(query: PayerQuery): Promise<Page<Payer>>;

  /** What payers ask of a claim, by payer. */
  abstract listPayerRules(query: PayerRuleQuery): Promise<Page<PayerRule>>;

  /**
   * Posts a charge to the account of an encounter, at the price of the charge master. Throws `unknown-code` for a facility
   * or charge code that is not known; `upstream-rejected` for a quantity that is not above zero.
   */
  abstract createAccountCharge(businessKey: string, charge: NewAccountCharge): Promise<AccountCharge>;

  /** Throws `not-found`. */
  abstract readAccountCharge(id: string): Promise<AccountCharge>;

  /** Oldest first. */
  abstract listAccountCharges(query: AccountChargeQuery): Promise<Page<AccountCharge>>;

  /** Takes a charge back; again, it is as before. Throws `not-found`. */
  abstract creditAccountCharge(businessKey: string, id: string): Promise<AccountCharge>;

  /** Enters who insures the patient of an encounter. Throws `unknown-code` for a payer that is not known. */
  abstract createCoverage(businessKey: string, coverage: NewCoverage): Promise<CoverageReference>;

  /** Throws `not-found`. */
  abstract readCoverage(id: string): Promise<Coverage>;

  /** Oldest first. */
  abstract listCoverages(query: CoverageQuery): Promise<Page<Coverage>>;

  /** Throws `not-found`, `unknown-code`, and `stale` where it was decided on another revision. */
  abstract changeCoverage(id: string, revision: string, change: CoverageChange): Promise<CoverageReference>;

  /**
   * Raises a claim: its charge is the sum of the lines, what is expected is the payer's share of it, in cents. The same
   * business key again returns the first claim. Throws `unknown-code` for a facility, payer or charge code that is not
   * known; `upstream-rejected` for a line whose charge or quantity is not above zero, or is not in the currency of the
   * charge master; `conflict` where the encounter has a claim that is not void (its context names that claim);
   * `coding-incomplete` with every fault where what other payers decided does not come to what is charged. A connector
   * that sends claims throws the same for one that no payer would take.
   */
  abstract createClaim(businessKey: string, claim: NewClaim): Promise<Claim>;

  /** Throws `not-found`. */
  abstract readClaim(id: string): Promise<Claim>;

  /** Where a claim stands and all that was said of it, oldest first. Throws `not-found`. */
  abstract readClaimStatus(id: string): Promise<ClaimStatus>;

  /** Oldest first. */
  abstract listClaims(query: ClaimQuery): Promise<Page<Claim>>;

  /**
   * Takes a claim back, after which its encounter may be claimed again. The same business key again returns the voided
   * claim. Throws `not-found`; `conflict` where another key voided it.
   */
  abstract voidClaim(businessKey: string, id: string, why: ClaimVoid): Promise<Claim>;

  /**
   * Works a payment of a payer in. What does not balance to the cent is held: it settles nothing until it came again and
   * balances. Claims that are not ours are kept as unmatched payments. The payer's trace number names the payment: it has
   * its effect once. Throws `conflict` where that number came before with another content.
   */
  abstract createRemittance(businessKey: string, remittance: NewRemittance): Promise<Remittance>;

  /** Throws `not-found`. */
  abstract readRemittance(id: string): Promise<Remittance>;

  /** Oldest first. */
  abstract listRemittances(query: RemittanceQuery): Promise<Page<Remittance>>;

  /** Payments for claims that are none of ours, oldest first. */
  abstract listUnmatchedPayments(query: UnmatchedPaymentQuery): Promise<Page<UnmatchedPayment>>;

  /** Throws `not-found`. */
  abstract readDenial(id: string): Promise<Denial>;

  /** Oldest first. */
  abstract listDenials(query: DenialQuery): Promise<Page<Denial>>;

  /**
   * Changes what is owed on a claim. Throws `unknown-code` for a claim that is not known, `conflict` for one that is void,
   * `upstream-rejected` for an amount that is zero, of another currency, or more than is open.
   */
  abstract createAdjustment(businessKey: string, adjustment: NewClaimAdjustment): Promise<ClaimAdjustment>;

  /** Throws `not-found`. */
  abstract readAdjustment(id: string): Promise<ClaimAdjustment>;

  /** Oldest first. */
  abstract listAdjustments(query: AdjustmentQuery): Promise<Page<ClaimAdjustment>>;

  /**
   * Enters what can be entered of a batch and reports every line; refused as a whole where its total is not that of its
   * lines. The number of the batch names it: it has its effect once. Throws `conflict` where it came before with
   * another content.
   */
  abstract createAdjustmentBatch(batch: AdjustmentBatch): Promise<AdjustmentBatchReport>;

  /** Throws `not-found`. */
  abstract readAdjustmentBatch(batch: string): Promise<AdjustmentBatchReport>;

  /** What is owed for an encounter, from what is there now; all zero where nothing is. */
  abstract readPatientBalance(encounterId: string): Promise<PatientBalance>;

  /** Files of partners that could not be used, oldest first; none where no files are taken. */
  abstract listReceivedFiles(query: ReceivedFileQuery): Promise<Page<ReceivedFile>>;

  /** Throws `not-found`. */
  abstract readReceivedFile(id: string): Promise<ReceivedFile>;

  /**
   * Tries it again as a person decided: also one whose control number came before. What was used of it before has no second
   * effect. Throws `not-found`; `conflict` where it is not open.
   */
  abstract retryReceivedFile(id: string): Promise<ReceivedFile>;

  /** One that was discarded is left as it is. Throws `not-found`; `conflict` where it was worked in. */
  abstract discardReceivedFile(id: string, reason: string): Promise<ReceivedFile>;
}
