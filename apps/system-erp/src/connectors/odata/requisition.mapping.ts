/** A wish to buy out of a record of the service, and its lines back; one field a line. */
import type { NewRequisition, Requisition } from '@concord/canonical';
import type { ForeignRecord, Values } from './odata.records.js';
import { amount, needed, optional, quantity, text, tracked, word } from './odata.values.js';

export const toRequisition = (record: ForeignRecord): Requisition => ({
  id: needed(record.values, 'id'),
  legalEntity: text(record.values, 'legalEntity'),
  requester: text(record.values, 'requester'),
  neededOn: text(record.values, 'neededOn'),
  supplier: optional(record.values, 'supplier'),
  justification: optional(record.values, 'justification'),
  status: word(record.values, 'status'),
  total: amount(record.values, 'total', text(record.values, 'currency')),
  purchaseOrder: optional(record.values, 'purchaseOrder'),
  lines: record.lines.map((line) => ({
    item: optional(line, 'item'),
    description: text(line, 'description'),
    quantity: quantity(line, 'quantity'),
    unit: text(line, 'unit'),
    unitPrice: amount(line, 'unitPrice', text(line, 'currency')),
    account: text(line, 'account'),
    costCenter: text(line, 'costCenter'),
  })),
  ...tracked(record),
});

/** What is absent is taken away. */
export const fromRequisition = (requisition: NewRequisition): Values => ({
  legalEntity: requisition.legalEntity,
  requester: requisition.requester,
  neededOn: requisition.neededOn,
  supplier: requisition.supplier ?? null,
  justification: requisition.justification ?? null,
  currency: requisition.lines[0]!.unitPrice.currency,
});

export const fromRequisitionLine = (line: NewRequisition['lines'][number], index: number): Values => ({
  line: index + 1,
  item: line.item,
  description: line.description,
  quantity: line.quantity,
  unit: line.unit,
  unitPrice: line.unitPrice.amount,
  currency: line.unitPrice.currency,
  account: line.account,
  costCenter: line.costCenter,
});
