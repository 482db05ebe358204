/** The master data of the simulated ERP: the same invented health system that the sandboxes know. */
import type { EntityStore } from './store.js';

// prettier-ignore
const ACCOUNTS = [
  ['1010', 'Cash', 'A'], ['1200', 'Patient accounts receivable', 'A'], ['1290', 'Allowance for uncollectible accounts', 'A'],
  ['1400', 'Inventory', 'A'], ['1500', 'Property and equipment', 'A'], ['1900', 'Due from related entities', 'A'],
  ['2100', 'Accounts payable', 'L'], ['2150', 'Goods received, not invoiced', 'L'], ['2200', 'Accrued payroll', 'L'],
  ['2300', 'Labor clearing', 'L'], ['2900', 'Due to related entities', 'L'], ['3000', 'Equity', 'Q'],
  ['4000', 'Patient service revenue', 'R'], ['4900', 'Contractual allowances', 'R'], ['4950', 'Implicit price concessions', 'R'],
  ['5100', 'Supplies expense', 'X'], ['5150', 'Inventory count differences', 'X'], ['5160', 'Purchase price variance', 'X'],
  ['5200', 'Clinical labor expense', 'X'], ['6000', 'Administrative expense', 'X'], ['6100', 'Purchased services', 'X'],
] as const;

const FACILITIES = [
  ['NORTH', 'LSH', 'NORTHSHORE'],
  ['EAST', 'LSP', 'NORTHSHORE'],
  ['SOUTH', 'LSH', 'SOUTHSHORE'],
  ['WEST', 'LSP', 'SOUTHSHORE'],
] as const;

// prettier-ignore
const SERVICE_LINES = ['PRIMARY-CARE', 'EMERGENCY', 'SURGERY', 'IMAGING', 'WOMENS-HEALTH', 'BEHAVIORAL-HEALTH', 'LABORATORY', 'PREVENTIVE', 'INPATIENT'];

const COMPANIES = [
  ['LSH', 'Lakeshore Health System'],
  ['LSP', 'Lakeshore Physicians'],
] as const;

export function seedErp(store: EntityStore, now: Date): void {
  for (const [CompanyCode, CompanyName] of COMPANIES) {
    store.insert('Companies', { CompanyCode, CompanyName, Currency: 'USD' });
    store.insert('CostCenterNodes', {
      NodeID: CompanyCode,
      NodeName: CompanyName,
      NodeKind: 'COMPANY',
      CostCenters: '',
    });
    for (let month = -12; month < 24; month += 1) store.insert('FiscalPeriods', periodOf(CompanyCode, now, month));
  }
  for (const [GLAccount, GLAccountName, AccountClass] of ACCOUNTS) {
    store.insert('GLAccounts', { GLAccount, GLAccountName, AccountClass });
  }
  for (const [word, CompanyCode, Region] of FACILITIES) {
    const Facility = `CLINIC-${word}`;
    const centers = SERVICE_LINES.map((ServiceLine) => ({ CostCenter: `CC-${word}-${ServiceLine}`, ServiceLine }));
    for (const center of centers) {
      store.insert('CostCenters', {
        ...center,
        CostCenterName: `${Facility}, ${center.ServiceLine}`,
        CompanyCode,
        Facility,
        Region,
      });
    }
    const CostCenters = centers.map(({ CostCenter }) => CostCenter).join(',');
    store.insert('CostCenterNodes', {
      NodeID: Facility,
      NodeName: Facility,
      NodeKind: 'FACILITY',
      ParentNodeID: CompanyCode,
      CostCenters,
    });
  }
  const item = { BaseUnit: 'each', Currency: 'USD', ExpenseAccount: '5100', IsActive: true };
  store.insert('Items', {
    ...item,
    ItemID: 'SUTURE-KIT',
    ItemName: 'Suture kit, sterile',
    ItemKind: 'STOCK',
    StandardCost: '14.75',
    PurchaseAccount: '1400',
  });
  store.insert('Items', {
    ...item,
    ItemID: 'SPLINT',
    ItemName: 'Splint, padded',
    ItemKind: 'STOCK',
    StandardCost: '11.30',
    PurchaseAccount: '1400',
  });
  store.insert('Items', {
    ...item,
    ItemID: 'SVC-LINEN',
    ItemName: 'Linen service, month',
    ItemKind: 'SERVICE',
    BaseUnit: 'month',
    StandardCost: '2450.00',
    PurchaseAccount: '6100',
  });
  store.insert('Suppliers', {
    SupplierID: 'SUP-HARBOR-MEDICAL',
    SupplierName: 'Harbor Medical Supply',
    TaxNumber: '41-0000101',
    Country: 'US',
    City: 'Duluth',
    Street: '1 Example Street',
    Currency: 'USD',
    PaymentDays: 30,
    IsActive: true,
    IsBlocked: false,
    HasBankDetails: true,
  });
}

/** A month, counted from January of this year; last month, this one and the next are open. */
function periodOf(CompanyCode: string, now: Date, month: number) {
  const day = (time: number) => new Date(time).toISOString().slice(0, 10);
  const year = now.getUTCFullYear();
  const [StartDate, EndDate] = [day(Date.UTC(year, month, 1)), day(Date.UTC(year, month + 1, 0))];
  const PeriodStatus = Math.abs(month - now.getUTCMonth()) <= 1 ? 'O' : 'C';
  const Period = StartDate.slice(0, 7);
  return { PeriodID: `${CompanyCode}:${Period}`, CompanyCode, Period, StartDate, EndDate, PeriodStatus };
}
