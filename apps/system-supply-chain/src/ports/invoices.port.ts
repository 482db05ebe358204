import type { Page, ReceivedInvoice } from '@concord/canonical';
import type { ReceivedInvoiceQuery } from '../queries.js';

/** Invoices as suppliers send them. They are matched and posted in the ERP, and nowhere else. */
export abstract class ReceivedInvoices {
  /** By identifier. */
  abstract listReceivedInvoices(query: ReceivedInvoiceQuery): Promise<Page<ReceivedInvoice>>;

  /** Throws `not-found`. */
  abstract readReceivedInvoice(id: string): Promise<ReceivedInvoice>;

  /** Notes where it was entered in the ERP; the same again changes nothing. Throws `not-found`; `conflict` where it was entered elsewhere. */
  abstract enterReceivedInvoice(id: string, supplierInvoice: string): Promise<ReceivedInvoice>;
}
