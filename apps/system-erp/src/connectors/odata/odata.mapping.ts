/** Canonical shapes out of records of the service, and back; one field a line. */
import { minus, money, Problem, times } from '@concord/canonical';
import type {
  Account,
  ApprovalLevel,
  Budget,
  CostCenter,
  CostCenterGroup,
  ErpItem,
  FiscalPeriod,
  FixedAsset,
  GoodsReceipt,
  InventoryValuation,
  InvoiceMatch,
  JournalEntry,
  JournalLine,
  LegalEntity,
  NewPurchaseOrder,
  NewSupplier,
  Project,
  PurchaseOrder,
  Supplier,
  SupplierInvoice,
} from '@concord/canonical';
import { Decimal } from 'decimal.js';
import type { ForeignRecord, Values } from './odata.records.js';

/** A weak tag keeps its mark, so that it can be sent back as it was: `W/"7"` is `W:7`. */
export function revisionOf(etag: string): string {
  const [, weak, tag] = /^(W\/)?"([!#-~]{0,190})"$/.exec(etag) ?? [];
  if (tag === undefined) throw new Problem('upstream-rejected', 'The ERP gives no entity tag that can be sent back');
  return weak ? `W:${tag}` : `S:${tag}`;
}

export const etagOf = (revision: string): string => {
  if (revision === '*') return '*';
  return revision.startsWith('W:') ? `W/"${revision.slice(2)}"` : `"${revision.slice(2)}"`;
};

/** A value that must be there, in words or figures; what is nested instead is no answer to what was asked. */
function text(values: Values, field: string): string {
  const value = values[field];
  if (value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Problem('upstream-rejected', `The ERP answers something else than a value for ${field}`);
}

const optional = (values: Values, field: string): string | undefined => text(values, field) || undefined;
const quantity = (values: Values, field: string): string => new Decimal(text(values, field) || '0').toFixed();
const amount = (values: Values, field: string, currency: string) => money(text(values, field) || '0', currency);
const word = <Word extends string>(values: Values, field: string): Word => text(values, field) as Word;

const tracked = ({ etag, values }: ForeignRecord) => ({
  revision: revisionOf(etag),
  changedAt: new Date(text(values, 'changedAt')).toISOString(),
});

export const toLegalEntity = ({ values }: ForeignRecord): LegalEntity => ({
  code: text(values, 'code'),
  name: text(values, 'name'),
  currency: text(values, 'currency'),
  changedAt: optional(values, 'changedAt'),
});

export const toAccount = ({ values }: ForeignRecord): Account => ({
  code: text(values, 'code'),
  name: text(values, 'name'),
  kind: word(values, 'kind'),
  changedAt: optional(values, 'changedAt'),
});

export const toCostCenter = ({ values }: ForeignRecord): CostCenter => ({
  code: text(values, 'code'),
  name: text(values, 'name'),
  legalEntity: text(values, 'legalEntity'),
  facility: text(values, 'facility'),
  region: text(values, 'region'),
  serviceLine: text(values, 'serviceLine'),
  physicianGroup: optional(values, 'physicianGroup'),
  closedOn: optional(values, 'closedOn'),
  changedAt: optional(values, 'changedAt'),
});

export const toCostCenterGroup = ({ values }: ForeignRecord): CostCenterGroup => ({
  code: text(values, 'code'),
  name: text(values, 'name'),
  kind: word(values, 'kind'),
  parent: optional(values, 'parent'),
  costCenters: text(values, 'costCenters').split(',').filter(Boolean),
});

export const toFiscalPeriod = (record: ForeignRecord): FiscalPeriod => ({
  id: text(record.values, 'id'),
  code: text(record.values, 'code'),
  legalEntity: text(record.values, 'legalEntity'),
  startsOn: text(record.values, 'startsOn'),
  endsOn: text(record.values, 'endsOn'),
  status: word(record.values, 'status'),
  ...tracked(record),
});

export const toJournalEntry = ({ values, lines }: ForeignRecord): JournalEntry => ({
  id: text(values, 'id'),
  number: text(values, 'id'),
  legalEntity: text(values, 'legalEntity'),
  accountingDate: text(values, 'accountingDate'),
  reference: text(values, 'reference'),
  description: text(values, 'description'),
  status: word(values, 'status'),
  total: amount(values, 'total', text(values, 'currency')),
  reverses: optional(values, 'reverses'),
  reversedBy: optional(values, 'reversedBy'),
  postedAt: new Date(text(values, 'postedAt')).toISOString(),
  lines: lines.map((line): JournalLine => ({
    account: text(line, 'account'),
    costCenter: text(line, 'costCenter'),
    side: word(line, 'side'),
    amount: amount(line, 'amount', text(line, 'currency')),
    ...(line['memo'] === undefined ? {} : { memo: text(line, 'memo') }),
  })),
});

export const fromJournalLine = ({
  account,
  costCenter,
  side,
  amount: { amount, currency },
  memo,
}: JournalLine): Values => ({
  account,
  costCenter,
  side,
  amount: money(amount, currency).amount,
  currency,
  memo,
});

export const toSupplier = (record: ForeignRecord): Supplier => ({
  id: text(record.values, 'id'),
  name: text(record.values, 'name'),
  taxId: optional(record.values, 'taxId'),
  address: addressOf(record.values),
  currency: text(record.values, 'currency'),
  paymentDays: Number(record.values['paymentDays']),
  active: record.values['active'] === true,
  blocked: record.values['blocked'] === true,
  hasBankDetails: record.values['hasBankDetails'] === true,
  ...tracked(record),
});

const addressOf = (values: Values): Supplier['address'] =>
  optional(values, 'street') && optional(values, 'city') && optional(values, 'country')
    ? {
        street: text(values, 'street'),
        city: text(values, 'city'),
        region: optional(values, 'region'),
        postalCode: optional(values, 'postalCode'),
        country: text(values, 'country'),
      }
    : undefined;

/** What is absent is taken away. */
export const fromSupplier = ({ name, taxId, address, currency, paymentDays }: NewSupplier): Values => ({
  name,
  taxId: taxId ?? null,
  street: address?.street ?? null,
  city: address?.city ?? null,
  region: address?.region ?? null,
  postalCode: address?.postalCode ?? null,
  country: address?.country ?? null,
  currency,
  paymentDays,
});

export const toItem = (record: ForeignRecord): ErpItem => ({
  id: text(record.values, 'id'),
  name: text(record.values, 'name'),
  kind: word(record.values, 'kind'),
  unit: text(record.values, 'unit'),
  standardCost: amount(record.values, 'standardCost', text(record.values, 'currency')),
  purchaseAccount: text(record.values, 'purchaseAccount'),
  expenseAccount: text(record.values, 'expenseAccount'),
  supplier: optional(record.values, 'supplier'),
  active: record.values['active'] === true,
  ...tracked(record),
});

export const toPurchaseOrder = (record: ForeignRecord): PurchaseOrder => ({
  id: text(record.values, 'id'),
  legalEntity: text(record.values, 'legalEntity'),
  supplier: text(record.values, 'supplier'),
  requisition: optional(record.values, 'requisition'),
  deliverTo: text(record.values, 'deliverTo'),
  neededOn: text(record.values, 'neededOn'),
  status: word(record.values, 'status'),
  total: amount(record.values, 'total', text(record.values, 'currency')),
  approvedBy: optional(record.values, 'approvedBy'),
  lines: record.lines.map((line) => {
    const unitPrice = amount(line, 'unitPrice', text(line, 'currency'));
    return {
      line: Number(line['line']),
      item: optional(line, 'item'),
      description: text(line, 'description'),
      quantity: quantity(line, 'quantity'),
      unit: text(line, 'unit'),
      unitPrice,
      account: text(line, 'account'),
      costCenter: text(line, 'costCenter'),
      project: optional(line, 'project'),
      received: quantity(line, 'received'),
      invoiced: quantity(line, 'invoiced'),
      amount: times(unitPrice, quantity(line, 'quantity')),
    };
  }),
  ...tracked(record),
});

export const fromOrderLine = (line: NewPurchaseOrder['lines'][number], index: number): Values => ({
  line: index + 1,
  item: line.item,
  description: line.description,
  quantity: line.quantity,
  unit: line.unit,
  unitPrice: line.unitPrice.amount,
  currency: line.unitPrice.currency,
  account: line.account,
  costCenter: line.costCenter,
  project: line.project,
});

export const toGoodsReceipt = (record: ForeignRecord): GoodsReceipt => {
  const currency = text(record.values, 'currency');
  return {
    id: text(record.values, 'id'),
    purchaseOrder: text(record.values, 'purchaseOrder'),
    legalEntity: text(record.values, 'legalEntity'),
    receivedOn: text(record.values, 'receivedOn'),
    deliveryNote: optional(record.values, 'deliveryNote'),
    status: word(record.values, 'status'),
    value: amount(record.values, 'value', currency),
    journalEntry: optional(record.values, 'journalEntry'),
    lines: record.lines.map((line) => ({
      line: Number(line['line']),
      quantity: quantity(line, 'quantity'),
      lot: optional(line, 'lot'),
      value: amount(line, 'value', currency),
    })),
    ...tracked(record),
  };
};

export const toSupplierInvoice = (record: ForeignRecord): SupplierInvoice => ({
  id: text(record.values, 'id'),
  legalEntity: text(record.values, 'legalEntity'),
  supplier: text(record.values, 'supplier'),
  number: text(record.values, 'number'),
  purchaseOrder: optional(record.values, 'purchaseOrder'),
  invoiceDate: text(record.values, 'invoiceDate'),
  accountingDate: text(record.values, 'accountingDate'),
  dueOn: text(record.values, 'dueOn'),
  status: word(record.values, 'status'),
  paymentBlocked: record.values['paymentBlocked'] === true,
  total: amount(record.values, 'total', text(record.values, 'currency')),
  match: matchOf(record),
  journalEntry: optional(record.values, 'journalEntry'),
  lines: record.lines.map((line) => ({
    orderLine: line['orderLine'] === undefined ? undefined : Number(line['orderLine']),
    description: text(line, 'description'),
    quantity: quantity(line, 'quantity'),
    unitPrice: amount(line, 'unitPrice', text(line, 'currency')),
    account: optional(line, 'account'),
    costCenter: optional(line, 'costCenter'),
  })),
  ...tracked(record),
});

const matchOf = ({ values, lines }: ForeignRecord): InvoiceMatch => ({
  kind: word(values, 'matchKind'),
  status: word(values, 'match'),
  lines: lines
    .filter((line) => line['orderLine'] !== undefined)
    .map((line) => ({
      orderLine: Number(line['orderLine']),
      ordered: quantity(line, 'ordered'),
      received: quantity(line, 'received'),
      invoiced: quantity(line, 'invoiced'),
      orderPrice: amount(line, 'orderPrice', text(line, 'currency')),
      invoicePrice: amount(line, 'unitPrice', text(line, 'currency')),
    })),
});

export const toBudget = (record: ForeignRecord): Budget => {
  const { values } = record;
  const currency = text(values, 'currency');
  const [budgeted, committed, actual] = [
    amount(values, 'amount', currency),
    amount(values, 'committed', currency),
    amount(values, 'actual', currency),
  ];
  return {
    id: text(values, 'id'),
    legalEntity: text(values, 'legalEntity'),
    costCenter: text(values, 'costCenter'),
    account: text(values, 'account'),
    fiscalYear: text(values, 'fiscalYear'),
    amount: budgeted,
    committed,
    actual,
    available: minus(minus(budgeted, committed), actual),
    ...tracked(record),
  };
};

export const toProject = (record: ForeignRecord): Project => {
  const { values } = record;
  const currency = text(values, 'currency');
  const [budget, committed, actual] = [
    amount(values, 'budget', currency),
    amount(values, 'committed', currency),
    amount(values, 'actual', currency),
  ];
  return {
    id: text(values, 'id'),
    name: text(values, 'name'),
    kind: word(values, 'kind'),
    legalEntity: text(values, 'legalEntity'),
    costCenter: text(values, 'costCenter'),
    sponsor: optional(values, 'sponsor'),
    award: optional(values, 'award'),
    startsOn: text(values, 'startsOn'),
    endsOn: text(values, 'endsOn'),
    budget,
    committed,
    actual,
    available: minus(minus(budget, committed), actual),
    status: word(values, 'status'),
    ...tracked(record),
  };
};

export const toApprovalLevel = (record: ForeignRecord): ApprovalLevel => {
  const { values } = record;
  const currency = text(values, 'currency');
  return {
    id: text(values, 'id'),
    costCenter: text(values, 'costCenter'),
    level: Number(values['level']),
    approver: text(values, 'approver'),
    role: text(values, 'role'),
    above: amount(values, 'above', currency),
    ...(values['upTo'] === undefined ? {} : { upTo: amount(values, 'upTo', currency) }),
    ...tracked(record),
  };
};

export const toFixedAsset = (record: ForeignRecord): FixedAsset => {
  const { values } = record;
  const currency = text(values, 'currency');
  const [cost, depreciation] = [amount(values, 'cost', currency), amount(values, 'depreciation', currency)];
  return {
    id: text(values, 'id'),
    name: text(values, 'name'),
    legalEntity: text(values, 'legalEntity'),
    costCenter: text(values, 'costCenter'),
    serialNumber: optional(values, 'serialNumber'),
    inServiceOn: text(values, 'inServiceOn'),
    usefulLifeMonths: Number(values['usefulLifeMonths']),
    cost,
    depreciation,
    bookValue: minus(cost, depreciation),
    status: word(values, 'status'),
    ...tracked(record),
  };
};

export const toInventoryValuation = (record: ForeignRecord): InventoryValuation => {
  const { values } = record;
  const value = amount(values, 'value', text(values, 'currency'));
  const held = quantity(values, 'quantity');
  const isNone = new Decimal(held).isZero();
  return {
    item: text(values, 'item'),
    location: text(values, 'location'),
    legalEntity: text(values, 'legalEntity'),
    quantity: held,
    unit: text(values, 'unit'),
    value,
    averageCost: isNone ? '0' : new Decimal(value.amount).div(held).toDecimalPlaces(6).toFixed(),
    ...tracked(record),
  };
};
