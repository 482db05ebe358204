/** An invoice of Tryton as a supplier invoice. */
import { times, total, type SupplierInvoice } from '@concord/canonical';
import { changedAtOf, fromWireDay } from '@concord/tryton';
import { linesOf } from './supplier-invoice-lines.mapping.js';
import { matchIn, orderIn } from './supplier-invoice.comment.js';
import { invoiceLinesOf, payableOf, type WireInvoice } from './supplier-invoice.wire.js';

export function toSupplierInvoice(
  invoice: WireInvoice,
  { code: legalEntity, currency }: { readonly code: string; readonly currency: string },
  ours: (account: string) => string,
): SupplierInvoice {
  const payable = payableOf(invoice);
  const lines = linesOf(invoiceLinesOf(invoice), currency, ours);
  const purchaseOrder = orderIn(invoice);
  const invoiceDate = invoice.invoice_date ? fromWireDay(invoice.invoice_date) : '';
  const due = payable.flatMap(({ maturity_date }) => (maturity_date ? fromWireDay(maturity_date) : []));
  return {
    id: String(invoice.id),
    legalEntity,
    supplier: invoice['party.'].code,
    number: invoice.reference ?? '',
    ...(purchaseOrder === undefined ? {} : { purchaseOrder }),
    invoiceDate,
    accountingDate: invoice.accounting_date ? fromWireDay(invoice.accounting_date) : invoiceDate,
    lines,
    status: invoice.state === 'paid' || invoice.state === 'cancelled' ? invoice.state : 'posted',
    paymentBlocked: payable.some(({ payment_blocked }) => payment_blocked),
    total: total(
      lines.map(({ unitPrice, quantity }) => times(unitPrice, quantity)),
      currency,
    ),
    dueOn: due.sort().at(-1) ?? invoiceDate,
    match: matchIn(invoice.comment, currency),
    ...(invoice.move === null ? {} : { journalEntry: String(invoice.move) }),
    revision: invoice._timestamp,
    changedAt: [invoice, ...payable].map(changedAtOf).sort().at(-1)!,
  };
}
