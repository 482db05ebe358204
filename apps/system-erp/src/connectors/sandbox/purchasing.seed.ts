/** Suppliers, orders and budgets of the synthetic health system. Every company, number and address in it is invented. */
import { minus, money, times, total } from '@concord/canonical';
import type {
  ApprovalLevel,
  Budget,
  FixedAsset,
  Money,
  PurchaseOrder,
  Requisition,
  Supplier,
} from '@concord/canonical';
import type { KeptProject } from './budgets.js';
import { depreciationAt } from './depreciation.js';
import { ERP_ITEMS } from './items.seed.js';
import { COST_CENTERS } from './seed.js';

type Seed<T> = Omit<T, 'revision' | 'changedAt'>;

const usd = (amount: string | number): Money => money(amount, 'USD');
const DAY_MS = 86_400_000;
const dayFrom = (now: Date, days: number): string => new Date(now.getTime() + days * DAY_MS).toISOString().slice(0, 10);

// Identifier, name, tax number, city, days to pay, what is unusual.
// prettier-ignore
const SUPPLIERS_SAID: readonly (readonly [string, string, string | undefined, string, number, Partial<Supplier>?])[] = [
  ['SUP-HARBOR-MEDICAL', 'Harbor Medical Supply', '41-0000101', 'Duluth', 30],
  ['SUP-PRAIRIE-BIOLOGICS', 'Prairie Biologics', '41-0000102', 'Fargo', 45],
  ['SUP-CEDAR-SURGICAL', 'Cedar Surgical Instruments', '41-0000103', 'Madison', 30],
  ['SUP-LAKEVIEW-OFFICE', 'Lakeview Office Products', '41-0000104', 'Duluth', 15],
  ['SUP-BIRCH-FACILITIES', 'Birch Facilities Services', '41-0000105', 'Superior', 30],
  ['SUP-SUMMIT-IMAGING', 'Summit Imaging Systems', '41-0000106', 'Rochester', 60],
  ['SUP-NORTHERN-STAFFING', 'Northern Staffing Partners', undefined, 'Hibbing', 14],
  ['SUP-OAKRIDGE-DENTAL', 'Oakridge Dental Depot', '41-0000108', 'Eau Claire', 30, { blocked: true }],
  ['SUP-OLDTOWN-PHARMA', 'Oldtown Pharma Wholesale', '41-0000109', 'Ashland', 30, { active: false, hasBankDetails: false }],
];

export const SUPPLIERS: readonly Seed<Supplier>[] = SUPPLIERS_SAID.map(
  ([id, name, taxId, city, paymentDays, unusual]) => ({
    id,
    name,
    taxId,
    address: { street: '1 Example Street', city, region: 'MN', country: 'US' },
    currency: 'USD',
    paymentDays,
    active: true,
    blocked: false,
    hasBankDetails: true,
    ...unusual,
  }),
);

/** Three levels for every cost center: its manager, the director of its facility, the finance officer. */
export const APPROVAL_LEVELS: readonly Seed<ApprovalLevel>[] = COST_CENTERS.flatMap(({ code: costCenter }) => [
  {
    id: `${costCenter}.1`,
    costCenter,
    level: 1,
    approver: 'W-2001',
    role: 'Department manager',
    above: usd(0),
    upTo: usd(5000),
  },
  {
    id: `${costCenter}.2`,
    costCenter,
    level: 2,
    approver: 'W-2002',
    role: 'Facility director',
    above: usd(5000),
    upTo: usd(50000),
  },
  {
    id: `${costCenter}.3`,
    costCenter,
    level: 3,
    approver: 'W-2003',
    role: 'Chief financial officer',
    above: usd(50000),
  },
]);

const BUDGETED = [
  { account: '5100', amount: 240_000 },
  { account: '1400', amount: 360_000 },
  { account: '6000', amount: 36_000 },
  { account: '6100', amount: 90_000 },
];

/** This year's and next year's; what is committed and spent is counted, not seeded. */
export const budgetsOf = (now: Date): Seed<Budget>[] =>
  [now.getUTCFullYear(), now.getUTCFullYear() + 1].flatMap((year) =>
    COST_CENTERS.flatMap(({ code: costCenter, legalEntity }) =>
      BUDGETED.map(({ account, amount }) => ({
        id: `BUD-${year}.${costCenter}.${account}`,
        legalEntity,
        costCenter,
        account,
        fiscalYear: String(year),
        amount: usd(amount),
        committed: usd(0),
        actual: usd(0),
        available: usd(amount),
      })),
    ),
  );

export function projectsOf(now: Date): Seed<KeptProject>[] {
  const year = now.getUTCFullYear();
  const nothing = { committed: usd(0), actual: usd(0), available: usd(0), status: 'open' as const };
  return [
    {
      id: 'GRANT-RURAL-CARE',
      name: 'Rural primary care access',
      kind: 'grant',
      legalEntity: 'LSH',
      costCenter: 'CC-NORTH-PRIMARY-CARE',
      sponsor: 'Example Health Foundation',
      award: 'EHF-20417',
      startsOn: `${year - 1}-07-01`,
      endsOn: `${year + 1}-06-30`,
      budget: usd(480_000),
      spentBefore: usd('171250.40'),
      ...nothing,
    },
    {
      id: 'GRANT-VACCINE-OUTREACH',
      name: 'Vaccination outreach',
      kind: 'grant',
      legalEntity: 'LSP',
      costCenter: 'CC-EAST-PREVENTIVE',
      sponsor: 'Example Department of Health',
      award: 'EDH-7781',
      startsOn: `${year}-01-01`,
      endsOn: `${year}-12-31`,
      budget: usd(125_000),
      spentBefore: usd('88410.00'),
      ...nothing,
    },
    {
      id: 'PRJ-CT-REPLACEMENT',
      name: 'Replacement of the CT scanner, south',
      kind: 'project',
      legalEntity: 'LSH',
      costCenter: 'CC-SOUTH-IMAGING',
      startsOn: `${year}-04-01`,
      endsOn: `${year + 1}-03-31`,
      budget: usd(890_000),
      spentBefore: usd('42300.00'),
      ...nothing,
    },
  ];
}

// Number, name, legal entity, cost center, years ago, months of use, cost.
// prettier-ignore
const ASSETS: readonly (readonly [string, string, string, string, number, number, number])[] = [
  ['FA-0001', 'CT scanner, 128 slices', 'LSH', 'CC-SOUTH-IMAGING', 5, 84, 742_000],
  ['FA-0002', 'Ultrasound system', 'LSP', 'CC-EAST-IMAGING', 3, 84, 96_500],
  ['FA-0003', 'Anesthesia workstation', 'LSP', 'CC-WEST-SURGERY', 2, 120, 71_900],
  ['FA-0004', 'Patient monitor, bedside', 'LSH', 'CC-NORTH-EMERGENCY', 4, 84, 12_480],
  ['FA-0005', 'Sterilizer, steam', 'LSP', 'CC-WEST-SURGERY', 9, 120, 58_000],
  ['FA-0006', 'Vaccine refrigerator', 'LSH', 'CC-NORTH-PREVENTIVE', 1, 96, 8_640],
];

/** Depreciated up to three months ago; closing a period posts what is missing up to it. */
export const assetsOf = (now: Date): Seed<FixedAsset>[] =>
  ASSETS.map(([id, name, legalEntity, costCenter, years, usefulLifeMonths, amount]) => {
    const cost = usd(amount);
    const inServiceOn = `${now.getUTCFullYear() - years}-03-15`;
    const period = dayFrom(now, -92).slice(0, 7);
    const depreciation = depreciationAt({ cost, inServiceOn, usefulLifeMonths }, period);
    const bookValue = minus(cost, depreciation);
    const about = { id, name, legalEntity, costCenter, serialNumber: `SN-${id}`, inServiceOn, usefulLifeMonths };
    return { ...about, cost, depreciation, bookValue, status: 'in-service' };
  });

function lineOf(line: number, id: string, quantity: string, costCenter: string, project?: string) {
  const { name, unit, standardCost, purchaseAccount } = ERP_ITEMS.find((item) => item.id === id)!;
  const bought = {
    item: id,
    description: name,
    quantity,
    unit,
    unitPrice: standardCost,
    account: purchaseAccount,
    costCenter,
    project,
  };
  return { ...bought, line, received: '0', invoiced: '0', amount: times(standardCost, quantity) };
}

const orderOf = (order: Omit<Seed<PurchaseOrder>, 'total'>): Seed<PurchaseOrder> => ({
  ...order,
  total: total(order.lines.map(({ amount }) => amount)),
});

/** Orders on their way, as they were before anything of them came: what has come since, `seed-postings.ts` tells. */
export const ordersOf = (now: Date): Seed<PurchaseOrder>[] => [
  orderOf({
    id: 'PO-900001',
    status: 'sent',
    legalEntity: 'LSH',
    supplier: 'SUP-PRAIRIE-BIOLOGICS',
    deliverTo: 'STOCK-NORTH',
    neededOn: dayFrom(now, 7),
    approvedBy: 'W-2002',
    lines: [lineOf(1, 'VAC-FLU', '30', 'CC-NORTH-PREVENTIVE'), lineOf(2, 'VAC-TDAP', '60', 'CC-NORTH-PRIMARY-CARE')],
  }),
  orderOf({
    id: 'PO-900002',
    status: 'approved',
    legalEntity: 'LSP',
    supplier: 'SUP-CEDAR-SURGICAL',
    deliverTo: 'STOCK-WEST',
    neededOn: dayFrom(now, 14),
    approvedBy: 'W-2002',
    lines: [lineOf(1, 'GRAFT-KIT', '4', 'CC-WEST-SURGERY')],
  }),
  orderOf({
    id: 'PO-900003',
    status: 'submitted',
    legalEntity: 'LSP',
    supplier: 'SUP-PRAIRIE-BIOLOGICS',
    deliverTo: 'STOCK-EAST',
    neededOn: dayFrom(now, 10),
    lines: [lineOf(1, 'VAC-MMR', '80', 'CC-EAST-PREVENTIVE', 'GRANT-VACCINE-OUTREACH')],
  }),
  orderOf({
    id: 'PO-900004',
    status: 'draft',
    legalEntity: 'LSH',
    supplier: 'SUP-LAKEVIEW-OFFICE',
    deliverTo: 'STOCK-NORTH',
    neededOn: dayFrom(now, 5),
    requisition: 'REQ-900001',
    lines: [lineOf(1, 'TONER', '6', 'CC-NORTH-PRIMARY-CARE')],
  }),
  orderOf({
    id: 'PO-900005',
    status: 'sent',
    legalEntity: 'LSP',
    supplier: 'SUP-HARBOR-MEDICAL',
    deliverTo: 'STOCK-EAST',
    neededOn: dayFrom(now, -2),
    approvedBy: 'W-2001',
    lines: [lineOf(1, 'WOUND-DRESSING', '400', 'CC-EAST-EMERGENCY'), lineOf(2, 'CAST-KIT', '50', 'CC-EAST-EMERGENCY')],
  }),
];

const wished = (id: string, quantity: string, costCenter: string) => {
  const { item, description, unit, unitPrice, account } = lineOf(1, id, quantity, costCenter);
  return { item, description, quantity, unit, unitPrice, account, costCenter };
};

export const requisitionsOf = (now: Date): Seed<Requisition>[] => [
  {
    id: 'REQ-900001',
    status: 'approved',
    legalEntity: 'LSH',
    requester: 'W-1001',
    neededOn: dayFrom(now, 5),
    supplier: 'SUP-LAKEVIEW-OFFICE',
    lines: [wished('TONER', '6', 'CC-NORTH-PRIMARY-CARE')],
    total: usd('516.00'),
  },
  {
    id: 'REQ-900002',
    status: 'submitted',
    legalEntity: 'LSP',
    requester: 'W-1004',
    neededOn: dayFrom(now, 12),
    justification: 'Stock below par',
    lines: [wished('SUTURE-KIT', '200', 'CC-EAST-EMERGENCY')],
    total: usd('2950.00'),
  },
];
