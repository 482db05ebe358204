import type { Claim, NewCoverage } from '@concord/canonical';

/** What an 837 is made of; `purpose` says whether it raises the claim or takes it back. */
export interface Billed {
  readonly claim: Omit<Claim, 'id' | 'status' | 'expected' | 'createdAt' | 'changedAt'>;
  readonly coverage: NewCoverage;
  /** Other payers that insure the same patient. */
  readonly others: readonly NewCoverage[];
  readonly purpose: 'original' | 'void';
  /** The payer's number of the claim, where it is taken back. */
  readonly payerClaimNumber?: string;
}
