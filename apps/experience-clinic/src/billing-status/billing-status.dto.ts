import { choice, code, Freshness, instant, list, nested, pageOf, PageQuery } from '@concord/canonical';

export const BILLING_STATUS = ['received', 'in-billing', 'financed', 'needs-attention', 'withdrawn'] as const;
export type BillingStatusWord = (typeof BILLING_STATUS)[number];

/** A step of billing that stands still until a person has done something. */
export class AttentionNeeded {
  @code('Step', { example: 'charges' })
  step!: string;

  @code('Whose work it is', { example: 'billing' })
  owner!: string;

  @code('Problem', { example: 'unknown-code' })
  problem!: string;

  @code('Run', { example: 'encounter-to-finance:5a018e7c-5680-4426-98a8-6ffaf4fc70a4' })
  runId!: string;

  @instant('When the step was last refused')
  at!: string;
}

/** Where an encounter stands on its way to the books. Each time is that of the last event of its kind. */
export class EncounterBilling {
  @code('Encounter')
  encounterId!: string;

  @choice('Where it stands', BILLING_STATUS)
  status!: BillingStatusWord;

  @code('Facility; absent before the encounter is financed', { optional: true, example: 'CLINIC-NORTH' })
  facility?: string;

  @list('The steps that need a person, where it needs attention', () => AttentionNeeded)
  attention!: AttentionNeeded[];

  @instant('When the encounter began', { optional: true })
  startedAt?: string;

  @instant('When it was finished, or corrected', { optional: true })
  completedAt?: string;

  @instant('When its documents were in all systems', { optional: true })
  financedAt?: string;

  @instant('When it was cancelled', { optional: true })
  cancelledAt?: string;

  @instant('When its documents were taken back', { optional: true })
  withdrawnAt?: string;

  @instant('When it last moved')
  changedAt!: string;
}

/** One encounter, with how fresh the answer is. */
export class BillingStatus extends EncounterBilling {
  @nested('How fresh and complete the answer is', () => Freshness)
  freshness!: Freshness;
}

export class BillingStatusPage extends pageOf(EncounterBilling) {
  @nested('How fresh and complete the list is', () => Freshness)
  freshness!: Freshness;
}

/** What the list can be asked for; a filter that is left out lets everything pass. */
export class BillingStatusQuery extends PageQuery {
  @choice('Where it stands', BILLING_STATUS, { optional: true })
  status?: BillingStatusWord;

  @code('Facility', { optional: true, example: 'CLINIC-NORTH' })
  facility?: string;
}
