import type { NewReversal, NewSupplierInvoice, Page, SupplierInvoice } from '@concord/canonical';
import type { SupplierInvoiceQuery } from '../queries.js';

/** What is owed to suppliers. */
export abstract class SupplierInvoices {
  /**
   * Posts an invoice and compares it with order and receipts; a variance stops the payment, not the posting. The same
   * business key again returns the first. Throws `conflict` where the supplier's number is known, whose context names that
   * invoice; `unknown-code`; `validation-failed`; `period-closed`.
   */
  abstract createSupplierInvoice(businessKey: string, invoice: NewSupplierInvoice): Promise<SupplierInvoice>;

  /** Throws `not-found`. */
  abstract readSupplierInvoice(id: string): Promise<SupplierInvoice>;

  /** By identifier. */
  abstract listSupplierInvoices(query: SupplierInvoiceQuery): Promise<Page<SupplierInvoice>>;

  /** Reverses its posting. One that is cancelled already is left as it is. Throws `not-found`; `conflict` for a paid one. */
  abstract cancelSupplierInvoice(businessKey: string, id: string, reversal: NewReversal): Promise<SupplierInvoice>;
}
