/**
 * The comment of an invoice in Tryton: its order, what it was compared with and what came of it, as it was when it was
 * posted.
 */
import type { InvoiceMatch, InvoiceMatchLine, NewSupplierInvoice } from '@concord/canonical';
import { noteWith, wordsIn } from './note.js';
import type { WireInvoice } from './supplier-invoice.wire.js';

/** How the words in comments and notes are called. */
export const WORD = {
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

/** What the invoice was compared with when it was posted. */
export function matchIn(comment: string | null, currency: string): InvoiceMatch {
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
