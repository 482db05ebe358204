import { choice, code, day, formatted, instant, PageQuery, type FiscalPeriod } from '@concord/canonical';

/** What the lists of this API can be asked for; a filter that is left out lets everything pass. */
export class CostCenterQuery extends PageQuery {
  @code('Facility', { optional: true, example: 'CLINIC-NORTH' })
  facility?: string;

  @code('Service line', { optional: true, example: 'PRIMARY-CARE' })
  service_line?: string;

  @code('Legal entity that owns it', { optional: true, example: 'LSH' })
  legal_entity?: string;
}

export class FiscalPeriodQuery extends PageQuery {
  @code('Legal entity', { optional: true, example: 'LSH' })
  legal_entity?: string;

  @choice('Open or closed', ['open', 'closed'], { optional: true })
  status?: FiscalPeriod['status'];

  @day('A day that the period holds', { optional: true, example: '2026-11-21' })
  date?: string;
}

export class JournalEntryQuery extends PageQuery {
  @code('The business document behind it, for example the encounter', { optional: true })
  reference?: string;

  @code('Legal entity', { optional: true, example: 'LSH' })
  legal_entity?: string;

  @formatted('Fiscal period', /^[0-9]{4}-(0[1-9]|1[0-2])$/, { optional: true, example: '2026-11' })
  period?: string;

  @instant('Entries that were posted or reversed at or after this time', { optional: true })
  changed_since?: string;
}
