/** Invoices of suppliers as they came, until they are entered in the ERP. */
import { Problem, type Page, type ReceivedInvoice } from '@concord/canonical';
import type { ReceivedInvoices } from '../ports/invoices.port.js';
import type { ReceivedInvoiceQuery } from '../queries.js';
import type { Body, Documents } from './documents.store.js';
import type { SupplyNews } from './supply-news.js';

export class HeldInvoices implements ReceivedInvoices {
  constructor(private readonly documents: Documents) {}

  listReceivedInvoices(query: ReceivedInvoiceQuery): Promise<Page<ReceivedInvoice>> {
    const { supplier, order, number, status } = query;
    return this.documents.list('received-invoice', query, { supplier, order, number, status });
  }

  readReceivedInvoice(id: string): Promise<ReceivedInvoice> {
    return this.documents.read('received-invoice', id);
  }

  enterReceivedInvoice(id: string, supplierInvoice: string): Promise<ReceivedInvoice> {
    return this.documents.change('received-invoice', id, (invoice): Body<'received-invoice'> | undefined => {
      if (invoice.supplierInvoice === supplierInvoice) return undefined;
      if (invoice.supplierInvoice === undefined) return { ...invoice, status: 'entered', supplierInvoice };
      const context = { supplierInvoice: invoice.supplierInvoice };
      throw new Problem('conflict', 'This invoice was entered in the ERP before', { context });
    });
  }
}

/**
 * Keeps an invoice. A supplier gives each number once: the same again is nothing new, another content of the same number
 * is kept for a person to ask him.
 */
export async function takeInvoice(
  documents: Documents,
  news: SupplyNews,
  invoice: Omit<Body<'received-invoice'>, 'status'>,
): Promise<void> {
  const { supplier, number } = invoice;
  const key = `${supplier}/${number}`;
  const first = await documents.findByBusinessKey('received-invoice', key);
  if (first && isSame(first, invoice)) return;
  const status = first ? 'conflicting' : 'received';
  const id = await documents.nextNumber('RI');
  const kept = await documents.add('received-invoice', id, first ? undefined : key, { ...invoice, status });
  await news.invoiceReceived(documents.connection, kept);
}

/** What the supplier said, whenever it came and whatever we made of it. */
const isSame = (first: ReceivedInvoice, now: Omit<Body<'received-invoice'>, 'status'>): boolean => {
  const said = ({ lines, charges, total, kind, invoiceDate }: typeof now) =>
    JSON.stringify([kind, invoiceDate, total, lines, charges], (_, value: unknown) => sorted(value));
  return said(first) === said(now);
};

/** Postgres keeps the keys of an object in an order of its own. */
const sorted = (value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
