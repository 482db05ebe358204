import { choice, code, PageQuery, type Claim } from '@concord/canonical';

/** What the lists of this API can be asked for; a filter that is left out lets everything pass. */
export class ChargeItemQuery extends PageQuery {
  @code('Service line that earns it', { optional: true, example: 'PRIMARY-CARE' })
  service_line?: string;
}

export class ClaimQuery extends PageQuery {
  @code('Encounter', { optional: true })
  encounter_id?: string;

  @choice('Status', ['ready', 'submitted', 'void'], { optional: true })
  status?: Claim['status'];

  @code('Payer', { optional: true, example: 'MEDICARE' })
  payer?: string;
}
