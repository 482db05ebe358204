import {
  ChangesQuery,
  choice,
  CLAIM_STATUS,
  code,
  RECEIVED_FILE_STATUSES,
  type Claim,
  type ReceivedFile,
} from '@concord/canonical';

/** What the lists of this API can be asked for; a filter that is left out lets everything pass. */
export class ChargeItemQuery extends ChangesQuery {
  @code('Service line that earns it', { optional: true, example: 'PRIMARY-CARE' })
  service_line?: string;
}

export class PayerQuery extends ChangesQuery {}

export class PayerRuleQuery extends ChangesQuery {
  @code('Payer', { optional: true, example: 'MEDICARE' })
  payer?: string;
}

export class ClaimQuery extends ChangesQuery {
  @code('Encounter', { optional: true })
  encounter_id?: string;

  @choice('Status', CLAIM_STATUS, { optional: true })
  status?: Claim['status'];

  @code('Payer', { optional: true, example: 'MEDICARE' })
  payer?: string;
}

export class AccountChargeQuery extends ChangesQuery {
  @code('Encounter', { optional: true })
  encounter_id?: string;

  @choice('Status', ['posted', 'credited'], { optional: true })
  status?: 'posted' | 'credited';
}

export class CoverageQuery extends ChangesQuery {
  @code('Encounter', { optional: true })
  encounter_id?: string;

  @code('Payer', { optional: true })
  payer?: string;
}

export class RemittanceQuery extends ChangesQuery {
  @choice('Whether it could be worked in', ['posted', 'held'], { optional: true })
  status?: 'posted' | 'held';
}

export class UnmatchedPaymentQuery extends ChangesQuery {
  @code('Claim number as the payer gives it', { optional: true })
  claim?: string;
}

export class DenialQuery extends ChangesQuery {
  @code('Claim', { optional: true })
  claim?: string;

  @code('Encounter', { optional: true })
  encounter_id?: string;

  @code('Payer', { optional: true })
  payer?: string;
}

export class AdjustmentQuery extends ChangesQuery {
  @code('Claim', { optional: true })
  claim?: string;

  @code('Encounter', { optional: true })
  encounter_id?: string;
}

export class ReceivedFileQuery extends ChangesQuery {
  @choice('Status', RECEIVED_FILE_STATUSES, { optional: true })
  status?: ReceivedFile['status'];
}
