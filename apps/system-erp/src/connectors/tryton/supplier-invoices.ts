/**
 * Supplier invoices: invoices of Tryton, drafted under a digest of our business key, validated, given the words that a
 * journal entry of ours has, and posted. A repetition goes on with the one that it finds, whatever its state.
 */
import { DEFAULT_PAGE_SIZE, pagePosition, Problem, toPage } from '@concord/canonical';
import type { NewReversal, NewSupplierInvoice, Page, SupplierInvoice } from '@concord/canonical';
import { Once, type Turns } from '@concord/resilience';
import { changedSince, markOf, type Domain, type TrytonRecords } from '@concord/tryton';
import { SupplierInvoices } from '../../ports/payables.port.js';
import type { SupplierInvoiceQuery } from '../../queries.js';
import { markInText } from './journal.mapping.js';
import { notKept } from './not-kept.js';
import { turnOf } from './purchases.js';
import type { StructureCache } from './structure.cache.js';
import { costCenterIn } from './supplier-invoice-lines.mapping.js';
import { isOfOrder, matchIs, orderIn } from './supplier-invoice.comment.js';
import type { InvoiceDrafts } from './supplier-invoice.drafts.js';
import { toSupplierInvoice } from './supplier-invoice.mapping.js';
import {
  INVOICE,
  INVOICE_FIELDS,
  invoiceLinesOf,
  payableOf,
  postingOf,
  type WireInvoice,
} from './supplier-invoice.wire.js';
import type { Binding } from './tryton-erp.config.js';

/** What Concord invoiced, once it was posted. */
const OURS: Domain = [
  ['type', '=', 'in'],
  ['description', 'like', `Supplier invoice [%] #${'_'.repeat(32)}`],
  ['state', 'in', ['posted', 'paid', 'cancelled']],
];

export class TrytonSupplierInvoices extends SupplierInvoices {
  private readonly once = new Once();

  constructor(
    private readonly tryton: TrytonRecords,
    private readonly structure: StructureCache,
    private readonly drafts: InvoiceDrafts,
    private readonly binding: Binding,
    private readonly turns: Turns,
  ) {
    super();
  }

  override createSupplierInvoice(businessKey: string, invoice: NewSupplierInvoice): Promise<SupplierInvoice> {
    const mark = markOf(`supplier invoice ${businessKey}`);
    const { number, supplier, purchaseOrder } = invoice;
    const unique = [`invoice ${number} of ${supplier}`, ...(purchaseOrder ? [turnOf(purchaseOrder)] : [])];
    return this.once.run(mark, () =>
      this.turns.take([mark, ...unique], async () => {
        const [known] = await this.invoices(
          [
            ['type', '=', 'in'],
            ['description', 'like', `%${markInText(mark)}`],
          ],
          1,
        );
        return this.finish(known ?? (await this.draft(mark, invoice)));
      }),
    );
  }

  override async readSupplierInvoice(id: string): Promise<SupplierInvoice> {
    return this.shown(await this.existing(id));
  }

  /** What Concord posted, in the order it came into Tryton. */
  override async listSupplierInvoices(query: SupplierInvoiceQuery): Promise<Page<SupplierInvoice>> {
    const { supplier, number, purchase_order, match, changed_since, page_token, page_size = DEFAULT_PAGE_SIZE } = query;
    const after = pagePosition<number>(page_token, Number.isSafeInteger) ?? 0;
    const domain: unknown[] = [['id', '>', after], ...OURS];
    if (supplier) domain.push(['party.code', '=', supplier]);
    if (number) domain.push(['reference', '=', number]);
    if (purchase_order) domain.push(['comment', 'like', isOfOrder(purchase_order)]);
    if (match) domain.push(['comment', 'like', matchIs(match)]);
    if (changed_since) domain.push(changedSince(changed_since));
    const page = toPage(
      await this.invoices(domain, page_size + 1),
      page_size,
      ({ id }) => id,
      (invoice) => invoice,
    );
    return { ...page, items: await this.shownAll(page.items) };
  }

  /** Tryton says the date of the posting back: that of the invoice's own, where its period is still open. */
  override async cancelSupplierInvoice(_key: string, id: string, _reversal: NewReversal): Promise<SupplierInvoice> {
    const known = await this.existing(id);
    const order = orderIn(known);
    return this.turns.take([`cancel invoice ${id}`, ...(order ? [turnOf(order)] : [])], async () => {
      const { state, company } = await this.existing(id);
      if (state === 'paid')
        throw new Problem('conflict', 'A paid invoice is not cancelled', { context: { status: state } });
      if (state !== 'cancelled') await this.tryton.press(INVOICE, 'cancel', [Number(id)], { company });
      const cancelled = await this.readSupplierInvoice(id);
      if (cancelled.status !== 'cancelled') throw notKept();
      return cancelled;
    });
  }

  /** Whatever its state, on to posted. */
  private async finish({ id, state: before, company }: Pick<WireInvoice, 'id' | 'state' | 'company'>) {
    const context = { company };
    const at = [['id', '=', id]];
    if (before === 'draft') await this.tryton.press(INVOICE, 'validate_invoice', [id], context);
    let [now] = await this.invoices(at, 1);
    if (now?.state === 'validated') {
      await this.describe(now);
      await this.tryton.press(INVOICE, 'post', [id], context);
      [now] = await this.invoices(at, 1);
    }
    if (!now || now.state === 'draft' || now.state === 'validated') throw notKept();
    const posted = await this.shown(now);
    if (posted.status !== 'posted' || posted.paymentBlocked || !this.isStopped(posted, now)) return posted;
    const payable = payableOf(now).map((line) => line.id);
    await this.tryton.press('account.move.line', 'payment_block', payable, context);
    return this.readSupplierInvoice(String(id));
  }

  private isStopped({ match }: SupplierInvoice, { 'party.': party }: WireInvoice): boolean {
    if (match.status === 'price-variance' || match.status === 'quantity-variance') return true;
    return party['categories.'].some(({ name }) => name === this.binding.blockedSuppliers);
  }

  /** The posting that Tryton has drafted gets the words of a journal entry of ours, so that it is read as one. */
  private async describe(invoice: WireInvoice): Promise<void> {
    const { move, company, description } = invoice;
    if (move === null) throw notKept();
    const lines = invoiceLinesOf(invoice);
    const described = postingOf(invoice).map(({ id, origin }) => {
      const own = lines.find((line) => origin === `account.invoice.line,${line.id}`);
      const costCenter = costCenterIn(own ?? lines[0]!) ?? '';
      return ['write', [id], { description: own?.description ? `${costCenter}: ${own.description}` : costCenter }];
    });
    await this.tryton.write('account.move', move, { description, lines: described }, { company });
  }

  private async draft(mark: string, invoice: NewSupplierInvoice) {
    const values = await this.drafts.of(mark, invoice);
    const { company } = values;
    const [id] = await this.tryton.create(INVOICE, [values], { company });
    if (id === undefined) throw notKept();
    return { id, company, state: 'draft' } as const;
  }

  private async existing(id: string): Promise<WireInvoice> {
    const domain = [['id', '=', Number(id)], ...OURS];
    const [found] = /^[1-9][0-9]{0,9}$/.test(id) ? await this.invoices(domain, 1) : [];
    if (!found) throw new Problem('not-found', 'There is no such supplier invoice');
    return found;
  }

  private async shown(invoice: WireInvoice): Promise<SupplierInvoice> {
    const [shown] = await this.shownAll([invoice]);
    if (!shown) throw notKept();
    return shown;
  }

  private async shownAll(invoices: readonly WireInvoice[]): Promise<SupplierInvoice[]> {
    if (!invoices.length) return [];
    const { books } = await this.structure.get();
    const entityOf = new Map([...books.values()].map(({ company, entity }) => [company, entity]));
    return invoices.flatMap((invoice) => {
      const entity = entityOf.get(invoice.company);
      return entity ? [toSupplierInvoice(invoice, entity, this.binding.accounts.ours)] : [];
    });
  }

  private invoices(domain: Domain, limit: number): Promise<WireInvoice[]> {
    return this.tryton.find<WireInvoice>(INVOICE, domain, INVOICE_FIELDS, { limit });
  }
}
