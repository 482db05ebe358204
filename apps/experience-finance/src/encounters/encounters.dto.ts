import { choice, code, day, Freshness, instant, nested, pageOf, PageQuery } from '@concord/canonical';
import { Figures } from '../figures.js';

/** What one encounter earned and cost: a line of a list. */
export class FinancedEncounter extends Figures {
  @code('Encounter')
  encounterId!: string;

  @choice('Financed, or taken back because the encounter was cancelled', ['financed', 'withdrawn'])
  status!: 'financed' | 'withdrawn';

  @code('Facility', { example: 'CLINIC-NORTH' })
  facility!: string;

  @code('Region')
  region!: string;

  @code('Legal entity', { example: 'LSH' })
  legalEntity!: string;

  @code('Service line of the visit', { example: 'PRIMARY-CARE' })
  serviceLine!: string;

  @code('Payer', { example: 'PRIVATE' })
  payer!: string;

  @day('Day of service')
  serviceDate!: string;

  @day('Accounting date')
  accountingDate!: string;

  @instant('When all its documents were in the systems')
  financedAt!: string;

  @instant('When they were taken back', { optional: true })
  withdrawnAt?: string;
}

export class FinancedEncounterPage extends pageOf(FinancedEncounter) {
  @nested('How fresh and complete the list is', () => Freshness)
  freshness!: Freshness;
}

/** What the list can be asked for; a filter that is left out lets everything pass. */
export class FinancedEncounterQuery extends PageQuery {
  @code('Legal entity', { optional: true, example: 'LSH' })
  legal_entity?: string;

  @code('Facility', { optional: true, example: 'CLINIC-NORTH' })
  facility?: string;

  @code('Service line of the visit', { optional: true, example: 'PRIMARY-CARE' })
  service_line?: string;

  @code('Payer', { optional: true, example: 'PRIVATE' })
  payer?: string;

  @day('First day of service', { optional: true })
  from?: string;

  @day('Last day of service', { optional: true })
  to?: string;
}
