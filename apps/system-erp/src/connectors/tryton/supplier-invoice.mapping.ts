/**
 * A supplier invoice as an invoice of Tryton and back. A line of an order is debited to what was received, at the price of
 * the order, and the difference in price is a line of its own; the words in the notes say which line of ours each one is.
 * What the invoice was compared with, and what came of it, stands in its comment, as it was when it was posted.
 */
import { minus, money, plus, times, total } from '@concord/canonical';
import type {
  InvoiceMatch,
  InvoiceMatchLine,
  Money,
  NewSupplierInvoice,
  NewSupplierInvoiceLine,
  PurchaseOrderLine,
  SupplierInvoice,
} from '@concord/canonical';
import {
  changedAtOf,
  fromWireDay,
  fromWireDecimal,
  STAMPS,
  toWireDecimal,
  type Stamped,
  type WireDay,
  type WireDecimal,
} from '@concord/tryton';
import { Decimal } from 'decimal.js';
import { noteWith, wordsIn } from './note.js';

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

const WORD = {
  order: 'Purchase order',
  match: 'Match',
  kind: 'Compared',
  line: 'Line',
  orderLine: 'Order line',
  costCenter: 'Cost center',
  difference: 'Difference in price',
} as const;

const MATCH_LINE =
  /^(?<ordered>\S+) ordered, (?<received>\S+) received, (?<invoiced>\S+) invoiced, at (?<orderPrice>\S+) for (?<invoicePrice>\S+)$/;

export const matchIs = (status: string): string => `%${WORD.match}: ${status}%`;
export const isOfOrder = (order: string): string => `%${WORD.order}: ${order}%`;
export const orderIn = ({ comment }: Pick<WireInvoice, 'comment'>): string | undefined =>
  wordsIn(comment).get(WORD.order);

/** The comment of an invoice. */
export function toComment({ purchaseOrder }: NewSupplierInvoice, { kind, status, lines }: InvoiceMatch): string {
  const facts = lines.map(({ orderLine, ordered, received, invoiced, orderPrice, invoicePrice }) => {
    const quantities = `${ordered} ordered, ${received} received, ${invoiced} invoiced`;
    return `Order line ${orderLine} = ${quantities}, at ${orderPrice.amount} for ${invoicePrice.amount}`;
  });
  const words = { [WORD.order]: purchaseOrder, [WORD.kind]: kind, [WORD.match]: status };
  return [noteWith(null, words), ...facts].join('\n');
}

function matchIn(comment: string | null, currency: string): InvoiceMatch {
  const words = wordsIn(comment);
  const lines = (comment ?? '').split('\n').flatMap((line): InvoiceMatchLine[] => {
    const [, orderLine, facts] = /^Order line (\d+) = (.*)$/.exec(line.trim()) ?? [];
    const said = MATCH_LINE.exec(facts ?? '')?.groups;
    if (!said) return [];
    const { ordered = '', received = '', invoiced = '', orderPrice = '', invoicePrice = '' } = said;
    return [
      {
        orderLine: Number(orderLine),
        ordered,
        received,
        invoiced,
        orderPrice: { amount: orderPrice, currency },
        invoicePrice: { amount: invoicePrice, currency },
      },
    ];
  });
  return {
    kind: (words.get(WORD.kind) ?? 'none') as InvoiceMatch['kind'],
    status: (words.get(WORD.match) ?? 'not-ordered') as InvoiceMatch['status'],
    lines,
  };
}

/** What a line of ours is debited to. */
export interface Debit {
  readonly account: number;
  readonly costCenter: string;
  /** Of a line of an order: what it is compared with. */
  readonly ordered?: {
    readonly id: number;
    readonly unit: number | undefined;
    readonly product: number | undefined;
    readonly unitPrice: Money;
  };
  /** The analytic account of the cost center, for what is in the income statement. */
  readonly analytic?: { readonly root: number; readonly account: number };
}

/** The lines of one of ours. */
export function toInvoiceLines(
  line: NewSupplierInvoiceLine,
  number: number,
  { account, costCenter, ordered, analytic }: Debit,
  books: { readonly company: number; readonly currency: number },
  variance: { readonly account: number; readonly analytic: NonNullable<Debit['analytic']> },
): object[] {
  const { description, quantity, unitPrice, orderLine } = line;
  const note = (words: Record<string, string | undefined>) =>
    noteWith(null, {
      [WORD.line]: String(number),
      [WORD.orderLine]: orderLine === undefined ? undefined : String(orderLine),
      [WORD.costCenter]: costCenter,
      ...words,
    });
  const common = { type: 'line', invoice_type: 'in', ...books, quantity: Number(quantity) };
  const first = {
    ...common,
    account,
    description,
    unit_price: toWireDecimal((ordered?.unitPrice ?? unitPrice).amount),
    ...(ordered ? { origin: `purchase.line,${ordered.id}` } : {}),
    ...(ordered?.product === undefined ? {} : { product: ordered.product, unit: ordered.unit }),
    ...(analytic ? { analytic_accounts: [['create', [analytic]]] } : {}),
    note: note({}),
  };
  const difference = ordered ? minus(unitPrice, ordered.unitPrice) : undefined;
  if (!difference || new Decimal(difference.amount).isZero()) return [first];
  const second = {
    ...common,
    account: variance.account,
    description: `${description}: difference in price`,
    unit_price: toWireDecimal(difference.amount),
    analytic_accounts: [['create', [variance.analytic]]],
    note: note({ [WORD.difference]: difference.amount }),
  };
  return [first, second];
}

/** Whose cost center the line of a posting is; of what is owed, that of the first line. */
export const costCenterIn = ({ note }: Pick<WireInvoiceLine, 'note'>): string | undefined =>
  wordsIn(note).get(WORD.costCenter);

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

function linesOf(
  wire: readonly WireInvoiceLine[],
  currency: string,
  ours: (account: string) => string,
): NewSupplierInvoiceLine[] {
  const lines = new Map<string, NewSupplierInvoiceLine>();
  for (const line of wire) {
    const words = wordsIn(line.note);
    const number = words.get(WORD.line) ?? String(line.id);
    const unitPrice = money(fromWireDecimal(line.unit_price), currency);
    const known = lines.get(number);
    if (known) {
      lines.set(number, { ...known, unitPrice: plus(known.unitPrice, unitPrice) });
      continue;
    }
    const [orderLine, costCenter] = [words.get(WORD.orderLine), words.get(WORD.costCenter)];
    const account = line['account.']?.code;
    lines.set(number, {
      ...(orderLine === undefined ? {} : { orderLine: Number(orderLine) }),
      description: line.description ?? '',
      quantity: new Decimal(line.quantity).toFixed(),
      unitPrice,
      ...(orderLine === undefined && account && costCenter ? { account: ours(account), costCenter } : {}),
    });
  }
  return [...lines.values()];
}

/** What an invoice makes of its order: its own lines counted as invoiced. */
export const countedIn = (lines: readonly NewSupplierInvoiceLine[], order: readonly PurchaseOrderLine[]) =>
  order.map((line) => {
    const own = lines.filter(({ orderLine }) => orderLine === line.line).map(({ quantity }) => quantity);
    return { ...line, invoiced: Decimal.sum(line.invoiced, ...own).toFixed() };
  });
