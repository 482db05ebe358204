import { choice, code, count, day, decimal, instant, list, nested, text } from './field.js';
import { Money } from './money.js';
import { financeContract } from './phi.js';
import { changedAt, revision } from './revision.js';

/** One line of an invoice as the supplier sent it. */
export class ReceivedInvoiceLine {
  @count('Line of our order, where the supplier names it', { optional: true, min: 1 })
  orderLine?: number;

  @code('Item, where the order or the supplier names it', { optional: true })
  itemId?: string;

  @text('Number under which the supplier sells it', { optional: true, max: 48 })
  supplierItemNumber?: string;

  @text('What is charged')
  description!: string;

  @decimal('How much, in the unit')
  quantity!: string;

  @text('Unit', { optional: true, max: 40 })
  unit?: string;

  @nested('Price of one', () => Money)
  unitPrice!: Money;

  @nested('Quantity times price', () => Money)
  amount!: Money;
}

/** What an invoice adds to its lines, or takes off. */
export class ReceivedInvoiceCharge {
  @choice('What it is', ['charge', 'allowance', 'tax'])
  kind!: 'charge' | 'allowance' | 'tax';

  @text('What for, in the words or the code of the supplier', { optional: true, max: 80 })
  description?: string;

  @count('Line of the invoice, from 1; absent where it is of the whole', { optional: true, min: 1 })
  line?: number;

  @nested('Amount; that of an allowance is negative', () => Money)
  amount!: Money;
}

/** `conflicting`: the supplier sent this number before with another content, and a person has to ask him. */
export const RECEIVED_INVOICE_STATUSES = ['received', 'entered', 'conflicting'] as const;

/** An invoice as a supplier sent it. It is no debt before it is entered in the ERP, where it is matched and posted. */
@financeContract
export class ReceivedInvoice {
  @code('Identifier', { example: 'RI-000001' })
  id!: string;

  @code('Supplier')
  supplier!: string;

  @text('Number that the supplier gave it', { max: 40, example: 'INV-7781' })
  number!: string;

  @choice('What it is', ['invoice', 'credit-note'])
  kind!: 'invoice' | 'credit-note';

  @choice('Status', RECEIVED_INVOICE_STATUSES)
  status!: (typeof RECEIVED_INVOICE_STATUSES)[number];

  @code('Our order, where it is one of this supplier', { optional: true })
  order?: string;

  @code('Legal entity that owes, as the order names it', { optional: true })
  legalEntity?: string;

  @day('Date of the invoice')
  invoiceDate!: string;

  @day('When it is due, where the terms say so', { optional: true })
  dueOn?: string;

  @list('What is charged', () => ReceivedInvoiceLine)
  lines!: ReceivedInvoiceLine[];

  @list('Charges, allowances and taxes', () => ReceivedInvoiceCharge)
  charges!: ReceivedInvoiceCharge[];

  @nested('Sum that the supplier asks for', () => Money)
  total!: Money;

  @code('The supplier invoice in the ERP, once it is entered there', { optional: true })
  supplierInvoice?: string;

  @instant('When it came')
  receivedAt!: string;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}

/** That an invoice was entered in the ERP. */
export class NewInvoiceEntry {
  @code('The supplier invoice in the ERP', { example: 'SI-000001' })
  supplierInvoice!: string;
}
