import { choice, code, codes, day, flag, formatted, instant, text } from './field.js';
import { changedAt, revision } from './revision.js';

/** A company with books of its own. */
export class LegalEntity {
  @code('Code', { example: 'LSH' })
  code!: string;

  @text('Name', { example: 'Lakeshore Health System' })
  name!: string;

  @formatted('Currency of its books, ISO 4217', /^[A-Z]{3}$/)
  currency!: string;

  @instant('When it was last changed, where the ERP knows', { optional: true })
  changedAt?: string;
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

  @day('Last day that takes postings, where it was closed', { optional: true })
  closedOn?: string;

  @instant('When it was last changed, where the ERP knows', { optional: true })
  changedAt?: string;
}

/** A node of the hierarchy of cost centers: what is summed up together. */
export class CostCenterGroup {
  @code('Code', { example: 'NORTHSHORE' })
  code!: string;

  @text('Name')
  name!: string;

  @choice('What it sums up', ['legal-entity', 'region', 'facility', 'other'])
  kind!: 'legal-entity' | 'region' | 'facility' | 'other';

  @code('The group above; absent at the top', { optional: true })
  parent?: string;

  @codes('The cost centers right below, without those of the groups below')
  costCenters!: string[];
}

/** Whether a cost center takes a posting on a day. */
export class CostCenterValidation {
  @code('Cost center')
  costCenter!: string;

  @code('Legal entity that owns it')
  legalEntity!: string;

  @day('The day')
  date!: string;

  @flag('Whether all of the below is as it should be')
  valid!: boolean;

  @flag('Whether it is not closed on that day')
  active!: boolean;

  @flag('Whether the fiscal period of the day is open')
  periodOpen!: boolean;
}

/** An account of the chart of accounts. */
export class Account {
  @code('Number', { example: '4000' })
  code!: string;

  @text('Name', { example: 'Patient service revenue' })
  name!: string;

  @choice('Kind', ['asset', 'liability', 'equity', 'revenue', 'expense'])
  kind!: 'asset' | 'liability' | 'equity' | 'revenue' | 'expense';

  @instant('When it was last changed, where the ERP knows', { optional: true })
  changedAt?: string;
}

/** A month of a legal entity's books. Postings to a closed period are refused. */
export class FiscalPeriod {
  @code('Identifier: legal entity and code', { example: 'LSH:2026-11' })
  id!: string;

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

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}

/** Why a fiscal period is opened or closed. */
export class NewPeriodStatus {
  @text('Reason, without any name of a person', { example: 'Month-end close complete' })
  reason!: string;
}
