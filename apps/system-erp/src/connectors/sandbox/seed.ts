/** The structure of the synthetic health system's books. Every name in it is invented. */
import type { Account, CostCenter, LegalEntity } from '@concord/canonical';

export const LEGAL_ENTITIES: readonly LegalEntity[] = [
  { code: 'LSH', name: 'Lakeshore Health System', currency: 'USD' },
  { code: 'LSP', name: 'Lakeshore Physicians', currency: 'USD' },
];

export const ACCOUNTS: readonly Account[] = [
  { code: '1010', name: 'Cash', kind: 'asset' },
  { code: '1200', name: 'Patient accounts receivable', kind: 'asset' },
  { code: '1290', name: 'Allowance for uncollectible accounts', kind: 'asset' },
  { code: '1400', name: 'Inventory', kind: 'asset' },
  { code: '1500', name: 'Property and equipment', kind: 'asset' },
  { code: '1510', name: 'Accumulated depreciation', kind: 'asset' }, // a contra account: credits lower the assets
  { code: '1900', name: 'Due from related entities', kind: 'asset' },
  { code: '2100', name: 'Accounts payable', kind: 'liability' },
  { code: '2150', name: 'Goods received, not invoiced', kind: 'liability' },
  { code: '2200', name: 'Accrued payroll', kind: 'liability' },
  { code: '2300', name: 'Labor clearing', kind: 'liability' },
  { code: '2900', name: 'Due to related entities', kind: 'liability' },
  { code: '3000', name: 'Equity', kind: 'equity' },
  { code: '4000', name: 'Patient service revenue', kind: 'revenue' },
  { code: '4900', name: 'Contractual allowances', kind: 'revenue' }, // a contra account: debits lower the revenue
  { code: '4950', name: 'Implicit price concessions', kind: 'revenue' }, // contra as well
  { code: '5100', name: 'Supplies expense', kind: 'expense' },
  { code: '5150', name: 'Inventory count differences', kind: 'expense' },
  { code: '5160', name: 'Purchase price variance', kind: 'expense' },
  { code: '5200', name: 'Clinical labor expense', kind: 'expense' },
  { code: '5300', name: 'Depreciation expense', kind: 'expense' },
  { code: '6000', name: 'Administrative expense', kind: 'expense' },
  { code: '6100', name: 'Purchased services', kind: 'expense' },
];

const FACILITIES = [
  {
    facility: 'CLINIC-NORTH',
    word: 'North',
    legalEntity: 'LSH',
    region: 'NORTHSHORE',
    physicianGroup: 'PG-NORTHSHORE',
  },
  { facility: 'CLINIC-EAST', word: 'East', legalEntity: 'LSP', region: 'NORTHSHORE', physicianGroup: 'PG-NORTHSHORE' },
  {
    facility: 'CLINIC-SOUTH',
    word: 'South',
    legalEntity: 'LSH',
    region: 'SOUTHSHORE',
    physicianGroup: 'PG-SOUTHSHORE',
  },
  { facility: 'CLINIC-WEST', word: 'West', legalEntity: 'LSP', region: 'SOUTHSHORE', physicianGroup: 'PG-SOUTHSHORE' },
];

const SERVICE_LINES = [
  { serviceLine: 'PRIMARY-CARE', name: 'primary care' },
  { serviceLine: 'EMERGENCY', name: 'emergency' },
  { serviceLine: 'SURGERY', name: 'surgery' },
  { serviceLine: 'IMAGING', name: 'imaging' },
  { serviceLine: 'WOMENS-HEALTH', name: "women's health" },
  { serviceLine: 'BEHAVIORAL-HEALTH', name: 'behavioral health' },
  { serviceLine: 'LABORATORY', name: 'laboratory' },
  { serviceLine: 'PREVENTIVE', name: 'preventive care' },
  { serviceLine: 'INPATIENT', name: 'inpatient care' },
];

/** One for each facility and service line: `CC-NORTH-PRIMARY-CARE`. */
export const COST_CENTERS: readonly CostCenter[] = FACILITIES.flatMap(({ word, ...facility }) =>
  SERVICE_LINES.map(({ serviceLine, name }) => ({
    code: `CC-${word.toUpperCase()}-${serviceLine}`,
    name: `${word} clinic, ${name}`,
    serviceLine,
    ...facility,
  })),
);
