import { Coding } from './coding.js';
import { choice, code, codes, count, day, decimal, formatted, instant, list, nested, text } from './field.js';
import { Money } from './money.js';
import { OtherPayerDecision } from './other-payer-decision.js';
import { financeContract } from './phi.js';
import { changedAt } from './revision.js';

/** An entry of the charge master (charge description master). */
export class ChargeItem {
  @code('Charge code', { example: 'CH-VISIT-CHECKUP' })
  code!: string;

  @text('What is charged')
  description!: string;

  @nested('Price of one', () => Money)
  price!: Money;

  @code('Service line that earns it', { example: 'PRIMARY-CARE' })
  serviceLine!: string;

  @formatted('HCPCS level II code', /^[A-Z][0-9]{4}$/, { optional: true })
  hcpcs?: string;

  @formatted('Revenue code of the institutional claim (UB-04 form locator 42)', /^[0-9]{4}$/, {
    optional: true,
    example: '0510',
  })
  revenueCode?: string;

  @changedAt()
  changedAt!: string;
}

/** Who pays, and what share of the gross charge the contract lets us expect. */
export class Payer {
  @code('Code', { example: 'PRIVATE' })
  code!: string;

  @text('Name')
  name!: string;

  @choice('Kind', ['commercial', 'medicare', 'medicaid', 'self-pay'])
  kind!: 'commercial' | 'medicare' | 'medicaid' | 'self-pay';

  @decimal('Expected share of the gross charge, 0 to 1', { example: '0.72' })
  expectedShare!: string;

  @changedAt()
  changedAt!: string;
}

export const CLAIM_KINDS = ['professional', 'institutional'] as const;

/** What a payer asks of a claim; the contract's own conditions, not its prices. */
export class PayerRule {
  @code('Payer')
  payer!: string;

  @choice('Kind of claim it takes from our facilities', CLAIM_KINDS)
  claimKind!: (typeof CLAIM_KINDS)[number];

  @code('Its identifier in electronic claims (X12 NM109 of the payer)', { example: '00831' })
  electronicId!: string;

  @count('Days from the service within which a claim must arrive', { example: 365 })
  timelyFilingDays!: number;

  @count('Lines that one claim may have', { example: 99 })
  mostLines!: number;

  @codes('Charge codes that need an authorization')
  authorizationNeeded!: string[];

  @changedAt()
  changedAt!: string;
}

export class ClaimLine {
  @code('Charge code')
  chargeCode!: string;

  @nested('The clinical code that was charged', () => Coding)
  service!: Coding;

  @decimal('Units', { example: '1' })
  quantity!: string;

  @nested('Charge of the line', () => Money)
  charge!: Money;
}

/** Who treated: on a professional claim the rendering provider, on an institutional one the attending. */
export class ClaimProvider {
  @formatted('National Provider Identifier', /^[0-9]{10}$/, { example: '1999999984' })
  npi!: string;

  @text('Family name of the clinician', { max: 60 })
  familyName!: string;

  @text('Given name of the clinician', { max: 35, optional: true })
  givenName?: string;
}

/** A claim to be raised. It carries the encounter, never the patient: billing knows whom the encounter belongs to. */
export class NewClaim {
  @code('Encounter')
  encounterId!: string;

  @code('Facility')
  facility!: string;

  @code('Payer')
  payer!: string;

  @day('Day of service')
  serviceDate!: string;

  @list('Lines', () => ClaimLine, { min: 1, max: 400 })
  lines!: ClaimLine[];

  @choice('Kind of claim; what the rules of the payer say where it is left out', CLAIM_KINDS, { optional: true })
  kind?: (typeof CLAIM_KINDS)[number];

  @nested('Who treated', () => ClaimProvider, { optional: true })
  provider?: ClaimProvider;

  @list('What payers that come before this one decided of it', () => OtherPayerDecision, { optional: true, max: 10 })
  otherDecisions?: OtherPayerDecision[];

  @list('Diagnoses in ICD-10-CM, the principal one first', () => Coding, {
    optional: true,
    max: 12,
    dataClass: 'clinical',
  })
  diagnoses?: Coding[];
}

export const CLAIM_STATUS = [
  'ready', // raised, not yet sent
  'submitted', // on its way to the payer
  'accepted', // the payer has taken it in
  'rejected', // refused before it was adjudicated; corrected, it may be raised again
  'paid', // settled with a payment, in full or in part
  'denied', // settled without one
  'void', // taken back
] as const;

/** A claim of the revenue cycle platform. */
@financeContract
export class Claim extends NewClaim {
  @code('Identifier')
  id!: string;

  @code('Claim number', { example: 'CLM-000123' })
  number!: string;

  @choice('Status', CLAIM_STATUS)
  status!: (typeof CLAIM_STATUS)[number];

  @nested('Sum of the lines', () => Money)
  charge!: Money;

  @nested('What the payer contract lets us expect', () => Money)
  expected!: Money;

  @instant('When it was raised')
  createdAt!: string;

  @changedAt()
  changedAt!: string;
}

/** One thing that was said of a claim. */
export class ClaimStatusEntry {
  @choice('What the claim became', CLAIM_STATUS)
  status!: (typeof CLAIM_STATUS)[number];

  @instant('When we learned of it')
  at!: string;

  @choice('Who said so', ['concord', 'acknowledgment', 'payer', 'remittance'])
  source!: 'concord' | 'acknowledgment' | 'payer' | 'remittance';

  @codes('Codes given for it, such as claim status category and claim status codes (X12 507, 508)', { max: 20 })
  codes!: string[];

  @text('What a biller has to know of it, without any name of a person', { optional: true, max: 400 })
  detail?: string;
}

/** Where a claim stands and how it came there, oldest first. */
@financeContract
export class ClaimStatus {
  @code('Claim')
  claimId!: string;

  @choice('Status now', CLAIM_STATUS)
  status!: (typeof CLAIM_STATUS)[number];

  @code('Number that the payer gave it', { optional: true })
  payerClaimNumber?: string;

  @list('What was said of it', () => ClaimStatusEntry)
  history!: ClaimStatusEntry[];
}

/** Why a claim is voided. */
export class ClaimVoid {
  @text('Reason, without any name of a person', { example: 'Encounter corrected' })
  reason!: string;
}
