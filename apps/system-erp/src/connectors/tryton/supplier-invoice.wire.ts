/** An invoice of a supplier as Tryton keeps it. */
import { STAMPS, type Stamped, type WireDay, type WireDecimal } from '@concord/tryton';

export const INVOICE = 'account.invoice';

/** All of an invoice, and of its posting, so that it is read in one call. */
export const INVOICE_FIELDS = [
  'company',
  'party.code',
  'party.categories.name',
  'reference',
  'description',
  'comment',
  'state',
  'invoice_date',
  'accounting_date',
  'move',
  ...STAMPS,
  ...['account.code', 'quantity', 'unit_price', 'description', 'note'].map((field) => `lines.${field}`),
  ...['origin', 'account.type.payable', 'maturity_date', 'payment_blocked', 'create_date', 'write_date'].map(
    (field) => `move.lines.${field}`,
  ),
];

export interface WireInvoice extends Stamped {
  readonly id: number;
  readonly company: number;
  readonly 'party.': { readonly code: string; readonly 'categories.': readonly { readonly name: string }[] };
  /** Number that the supplier gave it. */
  readonly reference: string | null;
  /** `Supplier invoice [PO-17] #0123…cdef`, as the description of a journal entry. */
  readonly description: string | null;
  readonly comment: string | null;
  readonly state: 'draft' | 'validated' | 'posted' | 'paid' | 'cancelled';
  readonly invoice_date: WireDay | null;
  readonly accounting_date: WireDay | null;
  readonly move: number | null;
  readonly 'move.': { readonly 'lines.': readonly WirePosting[] } | null;
  readonly 'lines.': readonly WireInvoiceLine[];
}

export interface WireInvoiceLine {
  readonly id: number;
  readonly 'account.': { readonly code: string | null } | null;
  readonly quantity: number;
  readonly unit_price: WireDecimal;
  readonly description: string | null;
  readonly note: string | null;
}

/** A line of the posting of an invoice. */
export interface WirePosting extends Omit<Stamped, '_timestamp'> {
  readonly id: number;
  /** `account.invoice.line,4` */
  readonly origin: string | null;
  readonly 'account.': { readonly 'type.': { readonly payable: boolean } | null };
  readonly maturity_date: WireDay | null;
  readonly payment_blocked: boolean | null;
}

/** In the order they were written. */
export const invoiceLinesOf = (invoice: WireInvoice): WireInvoiceLine[] =>
  invoice['lines.'].toSorted((a, b) => a.id - b.id);

export const postingOf = (invoice: WireInvoice): readonly WirePosting[] => invoice['move.']?.['lines.'] ?? [];

/** What is owed. */
export const payableOf = (invoice: WireInvoice): WirePosting[] =>
  postingOf(invoice).filter((line) => line['account.']['type.']?.payable);
