import { choice, code, count, day, decimal, flag, list, nested, text } from './field.js';
import { Money } from './money.js';
import { changedAt, revision } from './revision.js';

/** One line of a supplier's invoice: of an order's line, or of an account where there was no order. */
export class NewSupplierInvoiceLine {
  @count('Line of the purchase order; absent where nothing was ordered', { optional: true, min: 1 })
  orderLine?: number;

  @text('What is charged')
  description!: string;

  @decimal('How much, positive', { example: '40' })
  quantity!: string;

  @nested('Price of one', () => Money)
  unitPrice!: Money;

  @code('Account; needed where there is no order line', { optional: true })
  account?: string;

  @code('Cost center; needed where there is no order line', { optional: true })
  costCenter?: string;
}

export class NewSupplierInvoice {
  @code('Legal entity that owes')
  legalEntity!: string;

  @code('Supplier')
  supplier!: string;

  @code('Number that the supplier gave it; a supplier gives each number once', { example: 'INV-7781' })
  number!: string;

  @code('Purchase order', { optional: true })
  purchaseOrder?: string;

  @day('Date of the invoice')
  invoiceDate!: string;

  @day('Accounting date; its fiscal period must be open')
  accountingDate!: string;

  @list('What is charged', () => NewSupplierInvoiceLine, { min: 1, max: 200 })
  lines!: NewSupplierInvoiceLine[];
}

/** What the ERP holds about one line: what was ordered, received and invoiced, this invoice included. */
export class InvoiceMatchLine {
  @count('Line of the purchase order', { min: 1 })
  orderLine!: number;

  @decimal('Ordered')
  ordered!: string;

  @decimal('Received')
  received!: string;

  @decimal('Invoiced, this invoice included')
  invoiced!: string;

  @nested('Price of one in the order', () => Money)
  orderPrice!: Money;

  @nested('Price of one in this invoice', () => Money)
  invoicePrice!: Money;
}

export const MATCH_STATUSES = ['matched', 'price-variance', 'quantity-variance', 'not-ordered'] as const;

/** How an invoice compares with what was ordered (two-way) and received (three-way). */
export class InvoiceMatch {
  @choice('With what it was compared', ['none', 'two-way', 'three-way'])
  kind!: 'none' | 'two-way' | 'three-way';

  @choice('What came of it', MATCH_STATUSES)
  status!: (typeof MATCH_STATUSES)[number];

  @list('The facts, by line of the order', () => InvoiceMatchLine, { max: 200 })
  lines!: InvoiceMatchLine[];
}

/** A supplier invoice in the books. */
export class SupplierInvoice extends NewSupplierInvoice {
  @code('Identifier', { example: 'SI-000001' })
  id!: string;

  @choice('Status', ['posted', 'paid', 'cancelled'])
  status!: 'posted' | 'paid' | 'cancelled';

  @flag('Whether payment is stopped, because the match found a variance or the supplier is blocked')
  paymentBlocked!: boolean;

  @nested('Sum of the lines', () => Money)
  total!: Money;

  @day('When it is due')
  dueOn!: string;

  @nested('How it matches', () => InvoiceMatch)
  match!: InvoiceMatch;

  @code('The journal entry that it posted', { optional: true })
  journalEntry?: string;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}
