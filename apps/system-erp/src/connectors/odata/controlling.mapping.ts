/** What is budgeted, approved, used for years and kept in stock, out of records of the service; one field a line. */
import { minus } from '@concord/canonical';
import type { ApprovalLevel, Budget, FixedAsset, InventoryValuation, Project } from '@concord/canonical';
import { Decimal } from 'decimal.js';
import type { ForeignRecord } from './odata.records.js';
import { amount, optional, quantity, text, tracked, word } from './odata.values.js';

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
