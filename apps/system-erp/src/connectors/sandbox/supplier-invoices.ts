import { isZero, minus, Problem, times, total } from '@concord/canonical';
import type {
  ErpItem,
  JournalLine,
  Money,
  NewReversal,
  NewSupplierInvoice,
  NewSupplierInvoiceLine,
  Page,
} from '@concord/canonical';
import type { PurchaseOrder, PurchaseOrderLine, Supplier, SupplierInvoice } from '@concord/canonical';
import type { Database } from '@concord/database';
import { Decimal } from 'decimal.js';
import { sql } from 'kysely';
import { SupplierInvoices } from '../../ports/payables.port.js';
import type { SupplierInvoiceQuery } from '../../queries.js';
import { ACCOUNT } from './accounts.js';
import type { Books } from './books.js';
import type { Documents } from './documents.store.js';
import { named } from './named.js';
import { matchOf } from '../invoice-match.js';
import { checkMoney, checkPositive, unknown, wrong } from '../purchasing-rules.js';

const ANY = '*';
const DAY_MS = 86_400_000;

/**
 * An invoice credits what is owed. It debits what was received but not invoiced, at the price of the order, and the
 * difference in price apart; what was not ordered goes to the account that the line names.
 */
export class SandboxSupplierInvoices extends SupplierInvoices {
  constructor(
    private readonly books: Books,
    private readonly invoices: Documents<SupplierInvoice>,
    private readonly orders: Documents<PurchaseOrder>,
    private readonly suppliers: Documents<Supplier>,
    private readonly items: Documents<ErpItem>,
  ) {
    super();
  }

  override createSupplierInvoice(businessKey: string, invoice: NewSupplierInvoice): Promise<SupplierInvoice> {
    return this.invoices.once(businessKey, async (tx) => {
      const currency = this.books.currencyOf(invoice.legalEntity);
      checkAmounts(invoice, currency);
      const supplier = await named('supplier', this.suppliers, invoice.supplier, tx);
      await this.refuseTwin(invoice, tx);
      const order = invoice.purchaseOrder ? await this.invoiced(invoice, 1, tx) : undefined;
      const lines = invoice.lines.flatMap((line, index) => postingOf(line, index, order));
      const services = await this.servicesOf(order, tx);
      const match = matchOf(invoice.lines, order, (item) => item === undefined || services.has(item));
      const { legalEntity, accountingDate, number, purchaseOrder: reference = number } = invoice;
      const about = { legalEntity, accountingDate, reference, description: 'Supplier invoice' };
      const entry = await this.books.post(`supplier invoice: ${businessKey}`, { ...about, lines }, undefined, tx);
      const isVariance = match.status === 'price-variance' || match.status === 'quantity-variance';
      return {
        ...invoice,
        status: 'posted',
        paymentBlocked: isVariance || supplier.blocked,
        total: total(invoice.lines.map(amountOf), currency),
        dueOn: later(invoice.invoiceDate, supplier.paymentDays),
        match,
        journalEntry: entry.id,
      };
    });
  }

  override readSupplierInvoice(id: string): Promise<SupplierInvoice> {
    return this.invoices.read(id);
  }

  override listSupplierInvoices(query: SupplierInvoiceQuery): Promise<Page<SupplierInvoice>> {
    const { supplier, number, purchase_order: purchaseOrder, match } = query;
    return this.invoices.list(query, { supplier, number, purchaseOrder, match: match && { status: match } });
  }

  override cancelSupplierInvoice(businessKey: string, id: string, reversal: NewReversal): Promise<SupplierInvoice> {
    return this.invoices.change(id, ANY, async (invoice, tx) => {
      const { status } = invoice;
      if (status === 'cancelled') return invoice;
      if (status === 'paid') throw new Problem('conflict', 'A paid invoice is not cancelled', { context: { status } });
      if (invoice.purchaseOrder) await this.invoiced(invoice, -1, tx);
      if (invoice.journalEntry) await this.books.reverse(businessKey, invoice.journalEntry, reversal, tx);
      return { ...invoice, status: 'cancelled' };
    });
  }

  private async refuseTwin({ supplier, number }: NewSupplierInvoice, tx: Database): Promise<void> {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`invoice ${number} of ${supplier}`}, 0))`.execute(tx);
    const twin = await this.invoices.find({ supplier, number, status: 'posted' }, tx);
    if (!twin) return;
    throw new Problem('conflict', 'The number of this supplier is known', { context: { supplierInvoice: twin.id } });
  }

  /** The order after the lines of an invoice were counted, or taken out again. */
  private async invoiced(invoice: NewSupplierInvoice, sign: 1 | -1, tx: Database): Promise<PurchaseOrder> {
    const { purchaseOrder = '', supplier } = invoice;
    await named('purchaseOrder', this.orders, purchaseOrder, tx);
    const counted = (order: PurchaseOrder): PurchaseOrder => {
      if (order.supplier !== supplier) throw wrong('/supplier', 'supplier', 'is not the supplier of the order');
      const quantityOf = (line: PurchaseOrderLine) =>
        Decimal.sum(
          0,
          ...invoice.lines.filter(({ orderLine }) => orderLine === line.line).map(({ quantity }) => quantity),
        );
      const lines = order.lines.map((line) => ({
        ...line,
        invoiced: new Decimal(line.invoiced).plus(quantityOf(line).times(sign)).toFixed(),
      }));
      return { ...order, lines };
    };
    return this.orders.change(purchaseOrder, ANY, counted, tx);
  }

  private async servicesOf(order: PurchaseOrder | undefined, tx: Database): Promise<ReadonlySet<string>> {
    const services = new Set<string>();
    for (const { item } of order?.lines ?? []) {
      if (item && (await this.items.read(item, tx)).kind === 'service') services.add(item);
    }
    return services;
  }
}

const amountOf = ({ unitPrice, quantity }: NewSupplierInvoiceLine): Money => times(unitPrice, quantity);

const later = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);

function checkAmounts({ lines }: NewSupplierInvoice, currency: string): void {
  for (const [index, { quantity, unitPrice }] of lines.entries()) {
    checkPositive(quantity, `/lines/${index}/quantity`);
    checkMoney(unitPrice, currency, `/lines/${index}/unitPrice`);
  }
}

/** The journal lines of one line; each balances by itself, within its cost center. */
function postingOf(line: NewSupplierInvoiceLine, index: number, order: PurchaseOrder | undefined): JournalLine[] {
  const owed = amountOf(line);
  if (isZero(owed)) return [];
  const { orderLine } = line;
  if (orderLine === undefined) {
    const { account, costCenter } = line;
    if (!account) throw wrong(`/lines/${index}/account`, 'required', 'is needed where there is no order line');
    if (!costCenter) throw wrong(`/lines/${index}/costCenter`, 'required', 'is needed where there is no order line');
    return [
      { account, costCenter, side: 'debit', amount: owed },
      { account: ACCOUNT.payable, costCenter, side: 'credit', amount: owed },
    ];
  }
  const ordered = order?.lines.find((one) => one.line === orderLine);
  if (!ordered) throw unknown('The purchase order has no such line', { line: String(orderLine) });
  const { costCenter } = ordered;
  const expected = times(ordered.unitPrice, line.quantity);
  return [
    { account: ACCOUNT.receivedNotInvoiced, costCenter, side: 'debit' as const, amount: expected },
    ...varianceOf(minus(owed, expected), costCenter),
    { account: ACCOUNT.payable, costCenter, side: 'credit' as const, amount: owed },
  ].filter(({ amount }) => !isZero(amount));
}

function varianceOf({ amount, currency }: Money, costCenter: string): JournalLine[] {
  const side = amount.startsWith('-') ? 'credit' : 'debit';
  return [{ account: ACCOUNT.priceVariance, costCenter, side, amount: { amount: amount.replace('-', ''), currency } }];
}
