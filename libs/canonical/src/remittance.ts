import { choice, code, codes, count, day, decimal, flag, formatted, instant, list, nested, text } from './field.js';
import { Money } from './money.js';
import { financeContract } from './phi.js';
import { changedAt } from './revision.js';

/** Who bears what a payer did not pay (X12 1033): contract, patient, payer, other, correction. */
export const ADJUSTMENT_GROUPS = ['CO', 'PR', 'PI', 'OA', 'CR'] as const;

/** Why a charge was not paid in full: a group and a claim adjustment reason code (CARC). */
export class RemittanceAdjustment {
  @choice('Group: CO contract, PR patient, PI payer, OA other, CR correction', ADJUSTMENT_GROUPS)
  group!: (typeof ADJUSTMENT_GROUPS)[number];

  @formatted('Claim adjustment reason code', /^[A-Z0-9]{1,5}$/, { example: '45' })
  reason!: string;

  @nested('What was taken off the charge; negative where it was added', () => Money)
  amount!: Money;

  @decimal('Units', { optional: true })
  quantity?: string;
}

/** What became of one line of a claim. */
export class RemittanceLine {
  @count('Line of the claim, from 1', { min: 1, max: 9999 })
  line!: number;

  @code('Procedure or revenue code', { optional: true })
  service?: string;

  @nested('Charge', () => Money)
  charge!: Money;

  @nested('Payment', () => Money)
  paid!: Money;

  @list('Why the two differ', () => RemittanceAdjustment, { max: 99 })
  adjustments!: RemittanceAdjustment[];

  @codes('Remark codes (RARC)', { max: 99 })
  remarks!: string[];
}

/** What a payer says of one claim. It names no patient: the claim number leads to the encounter. */
export class NewRemittanceClaim {
  @code('Claim number as we sent it')
  claimNumber!: string;

  @formatted('Claim status code of the payer (X12 1029), for example 1 processed as primary, 4 denied', /^[0-9]{1,2}$/)
  statusCode!: string;

  @code('Number that the payer gave the claim', { optional: true })
  payerClaimNumber?: string;

  @nested('Charge', () => Money)
  charge!: Money;

  @nested('Payment', () => Money)
  paid!: Money;

  @nested('What the patient has to pay', () => Money)
  patientResponsibility!: Money;

  @list('Adjustments of the claim as a whole', () => RemittanceAdjustment, { max: 99 })
  adjustments!: RemittanceAdjustment[];

  @list('Lines', () => RemittanceLine)
  lines!: RemittanceLine[];
}

/** What became of one claim. */
export class RemittanceClaim extends NewRemittanceClaim {
  @flag('Whether we know the claim')
  matched!: boolean;

  @code('Encounter of the claim', { optional: true })
  encounterId?: string;
}

/** What a payer added to or kept back from a payment, apart from any claim (X12 PLB). */
export class ProviderAdjustment {
  @code('Reason (X12 426), for example WO overpayment recovery', { example: 'WO' })
  reason!: string;

  @code('Reference', { optional: true })
  reference?: string;

  @nested('Amount; positive reduces the payment', () => Money)
  amount!: Money;
}

/**
 * A payment of a payer and what it is for (X12 835). It balances where the payments of the claims less the provider
 * adjustments are the amount paid, and each charge less its adjustments is its payment; else it is `held` for a person.
 */
export class NewRemittance {
  @code('Payer as it names itself', { optional: true })
  payer?: string;

  @code('Number of the check or transfer')
  traceNumber!: string;

  @day('Day of payment')
  paidOn!: string;

  @nested('Amount paid', () => Money)
  amount!: Money;

  @list('Claims', () => NewRemittanceClaim, { max: 10_000 })
  claims!: NewRemittanceClaim[];

  @list('Provider adjustments', () => ProviderAdjustment)
  providerAdjustments!: ProviderAdjustment[];
}

/** A remittance as it was worked in. */
@financeContract
export class Remittance extends NewRemittance {
  @code('Identifier', { example: 'ERA-000001' })
  id!: string;

  @choice('Whether it could be worked in', ['posted', 'held'])
  status!: 'posted' | 'held';

  @text('Why it is held', { optional: true, max: 400 })
  heldBecause?: string;

  @list('Claims', () => RemittanceClaim, { max: 10_000 })
  declare claims: RemittanceClaim[];

  @instant('When it came')
  receivedAt!: string;

  @changedAt()
  changedAt!: string;
}

/** A claim in a remittance that is none of ours: money that somebody has to find the owner of. */
@financeContract
export class UnmatchedPayment {
  @code('Identifier')
  id!: string;

  @code('Remittance')
  remittanceId!: string;

  @code('Claim number as the payer gives it')
  claimNumber!: string;

  @nested('Charge', () => Money)
  charge!: Money;

  @nested('Payment', () => Money)
  paid!: Money;

  @instant('When it came')
  receivedAt!: string;

  @changedAt()
  changedAt!: string;
}

/** A claim, or a line of one, for which a payer refused to pay. */
@financeContract
export class Denial {
  @code('Identifier', { example: 'DEN-000001' })
  id!: string;

  @code('Claim')
  claimId!: string;

  @code('Encounter')
  encounterId!: string;

  @code('Payer')
  payer!: string;

  @code('Remittance that said so')
  remittanceId!: string;

  @count('Line of the claim, from 1; the whole claim where it is left out', { optional: true, min: 1, max: 9999 })
  line?: number;

  @choice('Group', ADJUSTMENT_GROUPS)
  group!: (typeof ADJUSTMENT_GROUPS)[number];

  @formatted('Claim adjustment reason code', /^[A-Z0-9]{1,5}$/, { example: '197' })
  reason!: string;

  @codes('Remark codes (RARC)', { max: 99 })
  remarks!: string[];

  @nested('What was not paid', () => Money)
  amount!: Money;

  @instant('When it came')
  receivedAt!: string;

  @changedAt()
  changedAt!: string;
}
