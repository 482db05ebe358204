/** What a supplier invoice of ours is in Tryton, before it is written there. */
import { Problem } from '@concord/canonical';
import type { InvoiceMatch, NewSupplierInvoice, NewSupplierInvoiceLine } from '@concord/canonical';
import { toWireDay, type TrytonRecords } from '@concord/tryton';
import { matchOf } from '../invoice-match.js';
import { checkMoney, checkPositive, unknown, wrong } from '../purchasing-rules.js';
import type { Books } from './books.js';
import { referenceInText } from './journal.mapping.js';
import { closedOn } from './posting-rules.js';
import { isGoods } from './purchase-order.mapping.js';
import type { KnownOrder, Purchases } from './purchases.js';
import type { StructureCache } from './structure.cache.js';
import { countedIn, toInvoiceLines, type Debit } from './supplier-invoice-lines.mapping.js';
import { toComment } from './supplier-invoice.comment.js';
import { INVOICE } from './supplier-invoice.wire.js';
import type { TrytonSuppliers } from './suppliers.js';
import type { Binding } from './tryton-erp.config.js';

export class InvoiceDrafts {
  constructor(
    private readonly tryton: TrytonRecords,
    private readonly structure: StructureCache,
    private readonly suppliers: TrytonSuppliers,
    private readonly orders: Purchases,
    private readonly binding: Binding,
  ) {}

  /** The values of the invoice. Throws what the rules of buying say against it, and `conflict` for a number that is known. */
  async of(mark: string, invoice: NewSupplierInvoice) {
    const books = await this.openBooks(invoice);
    const { currency } = books.entity;
    invoice.lines.forEach((line, index) => check(line, index, currency));
    const supplier = await this.suppliers.known(invoice.supplier);
    if (!supplier) throw unknown('There is no such supplier', { supplier: invoice.supplier });
    await this.refuseTwin(invoice);
    const order = await this.orderOf(invoice);
    const debits = invoice.lines.map((line) => this.debitOf(line, order, books));
    const match = matchFor(invoice, order);
    const variance = this.accountOf(this.binding.varianceAccount, books);
    const { company } = books;
    const lines = invoice.lines.flatMap((line, index) =>
      toInvoiceLines(
        line,
        index + 1,
        debits[index]!,
        { company, currency: books.currency },
        { account: variance, analytic: analyticOf(debits[index]!.costCenter, books) },
      ),
    );
    const { invoiceJournalId } = await this.structure.get();
    return {
      type: 'in',
      company,
      currency: books.currency,
      journal: invoiceJournalId,
      party: supplier.party,
      invoice_address: supplier.address,
      payment_term: supplier.term ?? null,
      account: this.accountOf(this.binding.payableAccount, books),
      reference: invoice.number,
      description: `Supplier invoice${referenceInText(invoice.purchaseOrder ?? invoice.number)}${mark}`,
      invoice_date: toWireDay(invoice.invoiceDate),
      accounting_date: toWireDay(invoice.accountingDate),
      comment: toComment(invoice, match),
      lines: [['create', lines]],
    };
  }

  private async openBooks({ legalEntity, accountingDate }: NewSupplierInvoice): Promise<Books> {
    const books = await this.structure.books(legalEntity);
    if (!closedOn(books, accountingDate)) return books;
    await this.structure.refresh();
    const anew = await this.structure.books(legalEntity);
    const refusal = closedOn(anew, accountingDate);
    if (refusal) throw refusal;
    return anew;
  }

  private async orderOf({ purchaseOrder, supplier }: NewSupplierInvoice): Promise<KnownOrder | undefined> {
    if (purchaseOrder === undefined) return undefined;
    const known = await this.orders.known(purchaseOrder);
    if (!known) throw unknown('There is no such purchase order', { purchaseOrder });
    if (known.order.supplier !== supplier) throw wrong('/supplier', 'supplier', 'is not the supplier of the order');
    return known;
  }

  /** Goods were debited when they came, services are now; what was not ordered goes where the line says. */
  private debitOf(line: NewSupplierInvoiceLine, known: KnownOrder | undefined, books: Books): Debit {
    const { orderLine, account: named, costCenter: owner } = line;
    if (orderLine === undefined) {
      const [account = '', costCenter = ''] = [named, owner];
      return { account: this.accountOf(account, books), costCenter, analytic: analyticOf(costCenter, books) };
    }
    const [ordered, wire] = [known?.order.lines[orderLine - 1], known?.lines[orderLine - 1]];
    if (!ordered || !wire) throw unknown('The purchase order has no such line', { line: String(orderLine) });
    const { costCenter, unitPrice } = ordered;
    const goods = isGoods(wire);
    return {
      account: this.accountOf(goods ? this.binding.receivedAccount : ordered.account, books),
      costCenter,
      ordered: { id: wire.id, unit: wire['unit.']?.id, product: wire['product.']?.id, unitPrice },
      ...(goods ? {} : { analytic: analyticOf(costCenter, books) }),
    };
  }

  private accountOf(account: string, books: Books): number {
    const known = books.accounts.get(account);
    if (!known) throw unknown('Account is not known in these books', { account });
    return known.key;
  }

  private async refuseTwin({ supplier, number }: NewSupplierInvoice): Promise<void> {
    const same = [
      ['type', '=', 'in'],
      ['party.code', '=', supplier],
      ['reference', '=', number],
      ['state', '!=', 'cancelled'],
    ];
    const twin = await this.tryton.first(INVOICE, same, ['state']);
    if (!twin) return;
    const context = { supplierInvoice: String(twin.id) };
    throw new Problem('conflict', 'The number of this supplier is known', { context });
  }
}

const analyticOf = (costCenter: string, { costCenterRoot: root, costCenters }: Books) => {
  const known = costCenters.get(costCenter);
  if (!known) throw unknown('Cost center is not known in these books', { costCenter });
  return { root, account: known.key };
};

function matchFor({ lines }: NewSupplierInvoice, known: KnownOrder | undefined): InvoiceMatch {
  if (!known) return matchOf(lines, undefined, () => false);
  const { order, lines: wire } = known;
  const goods = new Set(order.lines.flatMap(({ item }, index) => (item && isGoods(wire[index]!) ? [item] : [])));
  const counted = { ...order, lines: countedIn(lines, order.lines) };
  return matchOf(lines, counted, (item) => item === undefined || !goods.has(item));
}

function check(
  { quantity, unitPrice, orderLine, account, costCenter }: NewSupplierInvoiceLine,
  index: number,
  currency: string,
) {
  checkPositive(quantity, `/lines/${index}/quantity`);
  checkMoney(unitPrice, currency, `/lines/${index}/unitPrice`);
  if (orderLine !== undefined || (account && costCenter)) return;
  throw wrong(`/lines/${index}`, 'required', 'needs an account and a cost center where there is no order line');
}
