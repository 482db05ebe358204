import { Coding } from './coding.js';
import { choice, code, day, decimal, formatted, instant, list, nested, text } from './field.js';
import { Money } from './money.js';
import { financeContract } from './phi.js';
import { changedAt } from './revision.js';

/** A service that is charged to the account of an encounter, before any claim. */
export class NewAccountCharge {
  @code('Encounter')
  encounterId!: string;

  @code('Facility')
  facility!: string;

  @code('Charge code')
  chargeCode!: string;

  @nested('The clinical code that is charged', () => Coding)
  service!: Coding;

  @decimal('Units', { example: '1' })
  quantity!: string;

  @day('Day of service')
  serviceDate!: string;
}

@financeContract
export class AccountCharge extends NewAccountCharge {
  @code('Identifier', { example: 'CHG-000001' })
  id!: string;

  @nested('Price of the charge master times units', () => Money)
  amount!: Money;

  @choice('Status', ['posted', 'credited'])
  status!: 'posted' | 'credited';

  @instant('When it was posted')
  postedAt!: string;

  @changedAt()
  changedAt!: string;
}

export const ADJUSTMENT_KINDS = ['write-off', 'courtesy', 'contractual', 'correction', 'patient-payment'] as const;

/** A change of what is owed on a claim that no payer made. */
export class NewClaimAdjustment {
  @code('Claim number', { example: 'CLM-000123' })
  claimNumber!: string;

  @choice('Kind', ADJUSTMENT_KINDS)
  kind!: (typeof ADJUSTMENT_KINDS)[number];

  @nested('What is taken off the balance; negative where it is added', () => Money)
  amount!: Money;

  @day('Day on which it counts')
  effectiveOn!: string;

  @text('Reason, without any name of a person', { max: 200 })
  reason!: string;
}

@financeContract
export class ClaimAdjustment extends NewClaimAdjustment {
  @code('Identifier', { example: 'ADJ-000001' })
  id!: string;

  @instant('When it was entered')
  enteredAt!: string;

  @changedAt()
  changedAt!: string;
}

/** What a file of adjustments is: its lines, and in its trailer what they must come to. */
export class AdjustmentBatch {
  @code('Number of the batch, once for each sender', { example: 'WO-2026-11-20' })
  batch!: string;

  @list('Adjustments', () => NewClaimAdjustment, { min: 1, max: 1000 })
  adjustments!: NewClaimAdjustment[];

  @nested('Total that the sender has', () => Money)
  total!: Money;
}

/** What became of one line of a batch. */
export class AdjustmentLineOutcome {
  @formatted('JSON pointer of the line', /^\/adjustments\/[0-9]+$/)
  pointer!: string;

  @choice('Outcome', ['entered', 'refused'])
  outcome!: 'entered' | 'refused';

  @code('Adjustment', { optional: true })
  adjustmentId?: string;

  @text('Why it was refused', { optional: true, max: 300 })
  reason?: string;
}

@financeContract
export class AdjustmentBatchReport {
  @code('Number of the batch')
  batch!: string;

  @choice('Whether it was taken at all; refused as a whole where its total is not that of its lines', [
    'taken',
    'refused',
  ])
  status!: 'taken' | 'refused';

  @text('Why it was refused as a whole', { optional: true, max: 300 })
  reason?: string;

  @nested('What was entered', () => Money)
  entered!: Money;

  @nested('What was refused', () => Money)
  refused!: Money;

  @list('Line by line', () => AdjustmentLineOutcome)
  lines!: AdjustmentLineOutcome[];

  @instant('When it was worked in')
  at!: string;
}

/** What is owed on the account of an encounter, and who owes it. It names no patient. */
@financeContract
export class PatientBalance {
  @code('Encounter')
  encounterId!: string;

  @nested('Charged on claims that are not void', () => Money)
  charged!: Money;

  @nested('Paid by payers', () => Money)
  paidByPayers!: Money;

  @nested('Taken off by payers and by us, patient payments aside', () => Money)
  adjusted!: Money;

  @nested('Paid by the patient', () => Money)
  paidByPatient!: Money;

  @nested('What payers say that the patient owes', () => Money)
  patientResponsibility!: Money;

  @nested('What the patient still owes: the responsibility less what was paid', () => Money)
  patientOwes!: Money;

  @nested('What is still open: charged less paid and adjusted', () => Money)
  open!: Money;
}
