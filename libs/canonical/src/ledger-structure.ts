import { choice, code, day, formatted, text } from './field.js';

/** A company with books of its own. */
export class LegalEntity {
  @code('Code', { example: 'LSH' })
  code!: string;

  @text('Name', { example: 'Lakeshore Health System' })
  name!: string;

  @formatted('Currency of its books, ISO 4217', /^[A-Z]{3}$/)
  currency!: string;
}

/** Where cost and revenue are collected: one for each facility and service line. */
export class CostCenter {
  @code('Code', { example: 'CC-NORTH-PRIMARY' })
  code!: string;

  @text('Name')
  name!: string;

  @code('Legal entity that owns it')
  legalEntity!: string;

  @code('Facility', { example: 'CLINIC-NORTH' })
  facility!: string;

  @code('Region of the facility', { example: 'NORTHSHORE' })
  region!: string;

  @code('Service line', { example: 'PRIMARY-CARE' })
  serviceLine!: string;

  @code('Physician group that staffs it', { optional: true })
  physicianGroup?: string;
}

/** An account of the chart of accounts. */
export class Account {
  @code('Number', { example: '4000' })
  code!: string;

  @text('Name', { example: 'Patient service revenue' })
  name!: string;

  @choice('Kind', ['asset', 'liability', 'equity', 'revenue', 'expense'])
  kind!: 'asset' | 'liability' | 'equity' | 'revenue' | 'expense';
}

/** A month of a legal entity's books. Postings to a closed period are refused. */
export class FiscalPeriod {
  @code('Code', { example: '2026-11' })
  code!: string;

  @code('Legal entity')
  legalEntity!: string;

  @day('First day')
  startsOn!: string;

  @day('Last day')
  endsOn!: string;

  @choice('Open or closed', ['open', 'closed'])
  status!: 'open' | 'closed';
}
