import {
  ChangesQuery,
  choice,
  code,
  day,
  decimal,
  formatted,
  instant,
  PageQuery,
  PURCHASE_ORDER_STATUSES,
  REQUISITION_STATUSES,
  MATCH_STATUSES,
  ITEM_KINDS,
  text,
  type ErpItem,
  type FiscalPeriod,
  type PurchaseOrderStatus,
  type Requisition,
  type InvoiceMatch,
} from '@concord/canonical';

/** What the lists of this API can be asked for; a filter that is left out lets everything pass. */
export class LegalEntityQuery extends ChangesQuery {}

export class AccountQuery extends ChangesQuery {
  @choice('Kind', ['asset', 'liability', 'equity', 'revenue', 'expense'], { optional: true })
  kind?: 'asset' | 'liability' | 'equity' | 'revenue' | 'expense';
}

export class CostCenterQuery extends ChangesQuery {
  @code('Facility', { optional: true, example: 'CLINIC-NORTH' })
  facility?: string;

  @code('Service line', { optional: true, example: 'PRIMARY-CARE' })
  service_line?: string;

  @code('Legal entity that owns it', { optional: true, example: 'LSH' })
  legal_entity?: string;
}

export class CostCenterGroupQuery extends PageQuery {
  @code('The group above', { optional: true, example: 'LSH' })
  parent?: string;
}

/** On which day a cost center is to take a posting. */
export class CostCenterValidationQuery {
  @day('The day; today where nothing is said', { optional: true, example: '2026-11-21' })
  date?: string;
}

export class FiscalPeriodQuery extends ChangesQuery {
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

export class PostingStatusQuery extends PageQuery {
  @code('The business document behind the entries', { example: 'PO-000001' })
  reference!: string;
}

export class SupplierQuery extends ChangesQuery {
  @text('Part of the name, in any case', { optional: true, max: 80 })
  name?: string;

  @formatted('Employer Identification Number', /^[0-9]{2}-[0-9]{7}$/, { optional: true })
  tax_id?: string;

  @choice('Whether it is still bought from', ['true', 'false'], { optional: true })
  active?: 'true' | 'false';
}

export class ErpItemQuery extends ChangesQuery {
  @text('Part of the name, in any case', { optional: true, max: 80 })
  name?: string;

  @choice('Kind', ITEM_KINDS, { optional: true })
  kind?: ErpItem['kind'];

  @code('Supplier it is usually bought from', { optional: true })
  supplier?: string;
}

export class BudgetQuery extends ChangesQuery {
  @code('Cost center', { optional: true })
  cost_center?: string;

  @code('Account', { optional: true })
  account?: string;

  @formatted('Fiscal year', /^[0-9]{4}$/, { optional: true, example: '2026' })
  fiscal_year?: string;
}

/** Whether an amount may be spent. */
export class BudgetValidationQuery {
  @code('Cost center', { example: 'CC-NORTH-SURGERY' })
  cost_center!: string;

  @code('Account', { example: '5100' })
  account!: string;

  @decimal('Amount, in the currency of the books', { example: '1200.00' })
  amount!: string;

  @day('The day on which it would be spent', { example: '2026-11-21' })
  date!: string;
}

export class ProjectQuery extends ChangesQuery {
  @choice('Project or grant', ['project', 'grant'], { optional: true })
  kind?: 'project' | 'grant';

  @code('Legal entity', { optional: true })
  legal_entity?: string;

  @day('A day of the period of performance', { optional: true })
  date?: string;
}

export class RequisitionQuery extends ChangesQuery {
  @choice('Status', REQUISITION_STATUSES, { optional: true })
  status?: Requisition['status'];

  @code('Who asks', { optional: true })
  requester?: string;

  @code('Legal entity', { optional: true })
  legal_entity?: string;
}

export class PurchaseOrderQuery extends ChangesQuery {
  @choice('Status', PURCHASE_ORDER_STATUSES, { optional: true })
  status?: PurchaseOrderStatus;

  @code('Supplier', { optional: true })
  supplier?: string;

  @code('Legal entity', { optional: true })
  legal_entity?: string;
}

/** Without an amount, all levels; with one, those that have to approve it. */
export class ApprovalLevelQuery extends ChangesQuery {
  @code('Cost center', { optional: true })
  cost_center?: string;

  @decimal('Amount, in the currency of the books', { optional: true, example: '12000.00' })
  amount?: string;
}

export class GoodsReceiptQuery extends ChangesQuery {
  @code('Purchase order', { optional: true })
  purchase_order?: string;
}

export class ReservationQuery extends ChangesQuery {
  @code('Item', { optional: true })
  item?: string;

  @code('Stock location', { optional: true })
  location?: string;

  @code('What it is set aside for', { optional: true })
  reference?: string;

  @choice('Status', ['reserved', 'released', 'fulfilled'], { optional: true })
  status?: 'reserved' | 'released' | 'fulfilled';
}

export class InventoryValuationQuery extends ChangesQuery {
  @code('Item', { optional: true })
  item?: string;

  @code('Stock location', { optional: true })
  location?: string;
}

export class SupplierInvoiceQuery extends ChangesQuery {
  @code('Supplier', { optional: true })
  supplier?: string;

  @code('Number that the supplier gave it', { optional: true })
  number?: string;

  @code('Purchase order', { optional: true })
  purchase_order?: string;

  @choice('How it matches', MATCH_STATUSES, { optional: true })
  match?: InvoiceMatch['status'];
}

export class CostAllocationQuery extends ChangesQuery {
  @code('The business document behind it', { optional: true })
  reference?: string;

  @code('Legal entity', { optional: true })
  legal_entity?: string;
}

export class IntercompanyQuery extends ChangesQuery {
  @code('The business document behind it', { optional: true })
  reference?: string;

  @code('Legal entity on either side', { optional: true })
  legal_entity?: string;
}

export class FixedAssetQuery extends ChangesQuery {
  @code('Cost center', { optional: true })
  cost_center?: string;

  @code('Legal entity', { optional: true })
  legal_entity?: string;
}
