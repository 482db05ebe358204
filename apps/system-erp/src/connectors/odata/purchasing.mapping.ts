/** Items, orders and receipts out of records of the service, and the lines of an order back; one field a line. */
import { times } from '@concord/canonical';
import type { ErpItem, GoodsReceipt, NewPurchaseOrder, PurchaseOrder } from '@concord/canonical';
import type { ForeignRecord, Values } from './odata.records.js';
import { amount, optional, quantity, text, tracked, word } from './odata.values.js';
import { fromRequisitionLine } from './requisition.mapping.js';

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

/** A line of an order is one of a requisition that may name a project. */
export const fromOrderLine = (line: NewPurchaseOrder['lines'][number], index: number): Values => ({
  ...fromRequisitionLine(line, index),
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
