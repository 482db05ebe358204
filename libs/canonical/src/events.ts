import { choice, code, count, flag, formatted, instant, nested, text } from './field.js';
import { EncounterFinancials } from './financials.js';
import { Money } from './money.js';
import { SUPPLY_ORDER_STATUSES } from './supply-order.js';

/** What is said when something happened. Past tense; carries ids, codes and amounts, never a name (CloudEvents 1.0 `data`). */

/** The EHR says that an encounter began. */
export class EncounterStarted {
  static readonly type = 'org.concord.encounter.started.v1';

  @code('Encounter')
  encounterId!: string;

  @instant('When')
  occurredAt!: string;
}

/** The EHR says that an encounter is finished, or that a finished one was corrected. */
export class EncounterCompleted {
  static readonly type = 'org.concord.encounter.completed.v1';

  @code('Encounter')
  encounterId!: string;

  @instant('When')
  occurredAt!: string;
}

/** The EHR says that an encounter did not take place after all. */
export class EncounterCancelled {
  static readonly type = 'org.concord.encounter.cancelled.v1';

  @code('Encounter')
  encounterId!: string;

  @instant('When')
  occurredAt!: string;
}

/** The EHR will not have a message that was sent to it; it is not sent again by itself. */
export class MessageRefused {
  static readonly type = 'org.concord.message.refused.v1';

  @code('Control id of the message (MSH-10)')
  messageId!: string;

  @text('MSA-1 of the acknowledgement, and the conditions of its ERR segments', { example: 'AE 101', max: 200 })
  answer!: string;

  @count('How often it has been refused by now')
  refusals!: number;

  @instant('When')
  occurredAt!: string;
}

/** Charges, claim, stock, labor and posting of an encounter are all in the systems. */
export class EncounterFinanced extends EncounterFinancials {
  static readonly type = 'org.concord.encounter.financed.v1';

  @instant('When')
  occurredAt!: string;
}

/** What an encounter had become was taken back, because the EHR cancelled it. */
export class EncounterUnwound {
  static readonly type = 'org.concord.encounter.unwound.v1';

  @code('Encounter')
  encounterId!: string;

  @instant('When')
  occurredAt!: string;
}

/** A run stopped at a step and waits for a person. */
export class RunParked {
  static readonly type = 'org.concord.run.parked.v1';

  @code('Run')
  runId!: string;

  @code('Business key of the run')
  key!: string;

  @code('Workflow')
  workflow!: string;

  @code('Step')
  step!: string;

  @code('Problem')
  problem!: string;

  @choice('Whose work it is', ['billing', 'supply', 'finance', 'staffing', 'integration'])
  owner!: string;

  @instant('When')
  occurredAt!: string;
}

/** A payer said what became of a claim: it was paid, in full or in part. One for each claim of a remittance. */
export class ClaimSettled {
  static readonly type = 'org.concord.claim.settled.v1';

  @code('Claim')
  claimId!: string;

  @code('Encounter')
  encounterId!: string;

  @code('Remittance')
  remittanceId!: string;

  @code('Payer')
  payer!: string;

  @nested('Payment', () => Money)
  paid!: Money;

  @nested('What the patient has to pay', () => Money)
  patientResponsibility!: Money;

  @instant('When')
  occurredAt!: string;
}

/** A payer refused to pay for a claim, or for a line of one. */
export class ClaimDenied {
  static readonly type = 'org.concord.claim.denied.v1';

  @code('Denial')
  denialId!: string;

  @code('Claim')
  claimId!: string;

  @code('Encounter')
  encounterId!: string;

  @code('Payer')
  payer!: string;

  @formatted('Claim adjustment reason code', /^[A-Z0-9]{1,5}$/)
  reason!: string;

  @nested('What was not paid', () => Money)
  amount!: Money;

  @instant('When')
  occurredAt!: string;
}

/** A remittance that does not balance waits for a person. */
export class RemittanceHeld {
  static readonly type = 'org.concord.remittance.held.v1';

  @code('Remittance')
  remittanceId!: string;

  @nested('Amount paid', () => Money)
  amount!: Money;

  @instant('When')
  occurredAt!: string;
}

/** A supplier sent an invoice. It waits to be entered in the ERP. */
export class SupplierInvoiceReceived {
  static readonly type = 'org.concord.supplier-invoice.received.v1';

  @code('The invoice as it came')
  receivedInvoiceId!: string;

  @code('Supplier')
  supplier!: string;

  @code('Our order, where it is one of this supplier', { optional: true })
  order?: string;

  @nested('Sum that the supplier asks for', () => Money)
  total!: Money;

  @instant('When')
  occurredAt!: string;
}

/** A supplier answered an order, or his system could not read it. */
export class SupplyOrderAnswered {
  static readonly type = 'org.concord.supply-order.answered.v1';

  @code('Order')
  order!: string;

  @code('Supplier')
  supplier!: string;

  @choice('What became of the order', SUPPLY_ORDER_STATUSES)
  status!: (typeof SUPPLY_ORDER_STATUSES)[number];

  @flag('Whether the supplier owes something of it that he cannot deliver yet')
  backordered!: boolean;

  @instant('When')
  occurredAt!: string;
}
