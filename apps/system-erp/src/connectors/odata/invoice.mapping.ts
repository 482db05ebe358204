/** A supplier's invoice out of a record of the service, with what it was compared with; one field a line. */
import type { InvoiceMatch, SupplierInvoice } from '@concord/canonical';
import type { ForeignRecord } from './odata.records.js';
import { amount, optional, quantity, text, tracked, word } from './odata.values.js';

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
