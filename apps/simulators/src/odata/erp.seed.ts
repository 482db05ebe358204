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
  seedControlling(store, now);
}

const USD = { Currency: 'USD' };

// Number, what it may spend a year on an account.
// prettier-ignore
const BUDGETED = [['5100', '240000.00'], ['1400', '360000.00'], ['6000', '36000.00'], ['6100', '90000.00']] as const;

// From which amount on, up to which, and who.
const LEVELS = [
  ['0.00', '5000.00', 'W-2001', 'Department manager'],
  ['5000.00', '50000.00', 'W-2002', 'Facility director'],
  ['50000.00', undefined, 'W-2003', 'Chief financial officer'],
] as const;

// Number, name, company, cost center, day, months of use, cost, depreciation to date.
// prettier-ignore
const ASSETS = [
  ['FA-0001', 'CT scanner, 128 slices', 'LSH', 'CC-SOUTH-IMAGING', -5, 84, '742000.00', '494666.67'],
  ['FA-0002', 'Ultrasound system', 'LSP', 'CC-EAST-IMAGING', -3, 84, '96500.00', '36761.90'],
  ['FA-0006', 'Vaccine refrigerator', 'LSH', 'CC-NORTH-PREVENTIVE', -1, 96, '8640.00', '1530.00'],
] as const;

/** What the ERP keeps and only shows; of budgets it counts what is committed and posted. */
function seedControlling(store: EntityStore, now: Date): void {
  const year = now.getUTCFullYear();
  for (const { CostCenter, CompanyCode } of store.all('CostCenters') as Record<string, string>[]) {
    for (const [GLAccount, BudgetAmount] of BUDGETED) {
      const BudgetID = `${year}.${CostCenter}.${GLAccount}`;
      const about = { BudgetID, CompanyCode, CostCenter, GLAccount, FiscalYear: String(year), ...USD };
      store.insert('Budgets', { ...about, BudgetAmount, CommittedAmount: '0.00', ActualAmount: '0.00' });
    }
    for (const [index, [FromAmount, ToAmount, ApproverID, ApproverRole]] of LEVELS.entries()) {
      const ApprovalStep = index + 1;
      const about = { ApprovalLevelID: `${CostCenter}.${ApprovalStep}`, CostCenter, ApprovalStep, ...USD };
      store.insert('ApprovalLevels', { ...about, ApproverID, ApproverRole, FromAmount, ToAmount });
    }
  }
  for (const [AssetID, AssetName, CompanyCode, CostCenter, years, UsefulLifeMonths, ...worth] of ASSETS) {
    const [AcquisitionValue, AccumulatedDepreciation] = worth;
    const about = { AssetID, AssetName, CompanyCode, CostCenter, UsefulLifeMonths, SerialNumber: `SN-${AssetID}` };
    const values = { ...USD, AcquisitionValue, AccumulatedDepreciation, AssetStatus: 'A' };
    store.insert('FixedAssets', { ...about, CapitalizedOn: `${year + years}-03-15`, ...values });
  }
  store.insert('Projects', {
    ...USD,
    ProjectID: 'GRANT-RURAL-CARE',
    ProjectName: 'Rural primary care access',
    ProjectKind: 'GRNT',
    CompanyCode: 'LSH',
    CostCenter: 'CC-NORTH-PRIMARY-CARE',
    Sponsor: 'Example Health Foundation',
    AwardNumber: 'EHF-20417',
    StartDate: `${year - 1}-07-01`,
    EndDate: `${year + 1}-06-30`,
    BudgetAmount: '480000.00',
    CommittedAmount: '12400.00',
    ActualAmount: '171250.40',
    ProjectStatus: 'O',
  });
  for (const [word, CompanyCode] of FACILITIES) {
    for (const [ItemID, StockValue] of [
      ['SUTURE-KIT', '3540.00'],
      ['SPLINT', '1356.00'],
    ]) {
      const StockLocation = `STOCK-${word}`;
      const about = { ValuationID: `${StockLocation}.${ItemID}`, ItemID, StockLocation, CompanyCode, BaseUnit: 'each' };
      store.insert('InventoryValuations', {
        ...about,
        ...USD,
        Quantity: ItemID === 'SPLINT' ? '120' : '240',
        StockValue,
      });
    }
  }
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
