/** What the errors of this vendor mean, and what they tell beside it. */
import type { RefusalsProfile } from '../../profile.js';

export const refusals: RefusalsProfile = {
  meaning: {
    UNKNOWN_CODE: 'unknown-code',
    NOT_BALANCED: 'journal-unbalanced',
    PERIOD_CLOSED: 'period-closed',
    CONFLICT: 'conflict',
    WRONG_STATE: 'conflict',
    NOT_AUTHORIZED: 'approval-rejected',
    STOCK_SHORT: 'insufficient-stock',
    SAME_COMPANY: 'validation-failed',
    NOT_POSITIVE: 'validation-failed',
    PART_OF_CENT: 'validation-failed',
  },
  facts: {
    legalEntity: '@HealthERP.CompanyCode',
    account: '@HealthERP.GLAccount',
    costCenter: '@HealthERP.CostCenter',
    period: '@HealthERP.Period',
    supplier: '@HealthERP.SupplierID',
    item: '@HealthERP.ItemID',
    unit: '@HealthERP.Unit',
    project: '@HealthERP.ProjectID',
    requisition: '@HealthERP.RequisitionID',
    purchaseOrder: '@HealthERP.PurchaseOrderID',
    line: '@HealthERP.OrderItemNumber',
    ordered: '@HealthERP.OrderedQuantity',
    received: '@HealthERP.ReceivedQuantity',
    location: '@HealthERP.StockLocation',
    available: '@HealthERP.AvailableQuantity',
    approver: '@HealthERP.ApproverID',
    amount: '@HealthERP.Amount', // what was to be approved
  },
};
