import { beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { GoodsReceipt, NewSupplierInvoice, PurchaseOrder } from '@concord/canonical';
import { key, refusal, usd, type CapabilitySuite } from './subject.js';

const supplierNumber = () => `INV-${randomUUID().slice(0, 8)}`;

export const supplierInvoices: CapabilitySuite = {
  capability: 'supplierInvoices',
  sample: (erp) => erp.port('supplierInvoices').listSupplierInvoices({}),
  tests: (erp) => {
    const invoices = () => erp().port('supplierInvoices');

    /** One order for all tests, all of which has come; each test invoices a line of its own, ten at 12.00. */
    const LINES = 12;
    let order: PurchaseOrder;
    let receipt: GoodsReceipt;
    let taken = 0;
    beforeAll(async () => {
      order = await erp().sentOrder(Array.from({ length: LINES }, () => ({})));
      const lines = order.lines.map(({ line }) => ({ line, quantity: '10' }));
      const came = { purchaseOrder: order.id, receivedOn: erp().today, lines };
      receipt = await erp().port('goodsReceipts').createGoodsReceipt(key(), came);
    });

    const invoiceOfLine = (quantity: string, price: string): NewSupplierInvoice => {
      if (taken === LINES) throw new Error('The order has no line left');
      return {
        legalEntity: order.legalEntity,
        supplier: order.supplier,
        number: supplierNumber(),
        purchaseOrder: order.id,
        invoiceDate: erp().today,
        accountingDate: erp().today,
        lines: [{ orderLine: ++taken, description: 'As ordered', quantity, unitPrice: usd(price) }],
      };
    };

    test('an invoice of what was ordered and has come matches, and its entry balances', async () => {
      const invoice = await invoices().createSupplierInvoice(key(), invoiceOfLine('10', '12.00'));
      expect(invoice).toMatchObject({
        status: 'posted',
        total: usd('120.00'),
        match: { status: 'matched', lines: [{ ordered: '10', received: '10', invoiced: '10' }] },
      });
      expect(await erp().balanced(invoice.journalEntry)).toMatchObject({ total: usd('120.00') });
      expect(await invoices().readSupplierInvoice(invoice.id)).toEqual(invoice);
    });

    test.each([
      ['dearer than ordered', '10', '15.00', 'price-variance'],
      ['more than has come', '12', '12.00', 'quantity-variance'],
    ])('an invoice of %s is posted, and its match says so', async (_, quantity, price, status) => {
      const invoice = await invoices().createSupplierInvoice(key(), invoiceOfLine(quantity, price));
      expect(invoice).toMatchObject({ match: { status } });
      await erp().balanced(invoice.journalEntry);
    });

    test('what was not ordered is posted to the account that the invoice names', async () => {
      const { expenseAccount: account, costCenter, legalEntity } = erp().codes;
      const { id: supplier } = await erp().supplier();
      const about = {
        legalEntity,
        supplier,
        number: supplierNumber(),
        invoiceDate: erp().today,
        accountingDate: erp().today,
      };
      const lines = [{ description: 'Unplanned repair', quantity: '1', unitPrice: usd('80.00'), account, costCenter }];
      const invoice = await invoices().createSupplierInvoice(key(), { ...about, lines });
      expect(invoice.match).toMatchObject({ kind: 'none', status: 'not-ordered' });
      const { lines: posted } = await erp().balanced(invoice.journalEntry);
      expect(posted).toContainEqual(expect.objectContaining({ account, side: 'debit', amount: usd('80.00') }));
    });

    test('a supplier gives a number once: a second invoice with it is refused and names the first', async () => {
      const invoice = invoiceOfLine('5', '12.00');
      const first = await invoices().createSupplierInvoice(key(), invoice);
      const context = { supplierInvoice: first.id };
      expect(await refusal(invoices().createSupplierInvoice(key(), invoice))).toEqual({ slug: 'conflict', context });
      const { items } = await invoices().listSupplierInvoices({ supplier: order.supplier, number: invoice.number });
      expect(items.map(({ id }) => id)).toEqual([first.id]);
    });

    test('a cancelled invoice is said back once, and its order and its number are free again', async () => {
      const invoice = invoiceOfLine('10', '12.00');
      const { id, journalEntry } = await invoices().createSupplierInvoice(key(), invoice);
      const reversal = { reason: 'Sent to the wrong company', accountingDate: erp().today };
      const cancelled = await invoices().cancelSupplierInvoice(key(), id, reversal);
      expect(cancelled).toMatchObject({ id, status: 'cancelled' });
      expect(await invoices().cancelSupplierInvoice(key(), id, reversal)).toEqual(cancelled);
      expect((await erp().balanced(journalEntry)).reversedBy).toBeDefined();
      const again = await invoices().createSupplierInvoice(key(), invoice);
      expect(again).toMatchObject({ status: 'posted', match: { status: 'matched', lines: [{ invoiced: '10' }] } });
    });

    test.each([
      ['supplier', { supplier: 'SUP-0' }, {}],
      ['legal entity', { legalEntity: 'NOBODY' }, {}],
      ['account', {}, { account: '0000' }],
      ['cost center', {}, { costCenter: 'CC-MOON' }],
      ['line of the order', {}, { orderLine: 77 }],
      ['purchase order', { purchaseOrder: 'PO-0' }, { orderLine: 1 }],
    ])('an invoice that names an unknown %s is refused', async (_, about, line) => {
      const { expenseAccount: account, costCenter } = erp().codes;
      const asked = { ...invoiceOfLine('1', '12.00'), ...about };
      taken -= 1;
      const freely = 'orderLine' in line ? line : { orderLine: undefined, account, costCenter, ...line };
      const lines = [{ ...asked.lines[0]!, ...freely }];
      const invoicing = invoices().createSupplierInvoice(key(), { ...asked, lines });
      expect(await refusal(invoicing)).toMatchObject({ slug: 'unknown-code' });
    });

    test('the entry of an invoice is not reversed without the invoice', async () => {
      const asked = invoiceOfLine('10', '12.00');
      const { id: supplierInvoice, journalEntry } = await invoices().createSupplierInvoice(key(), asked);
      await erp().isNotReversedAlone(journalEntry, { supplierInvoice });
      const cancelled = await invoices().cancelSupplierInvoice(key(), supplierInvoice, { reason: 'Sent to others' });
      expect(cancelled).toMatchObject({ status: 'cancelled' });
    });

    test('what was invoiced is not given back', async () => {
      await invoices().createSupplierInvoice(key(), invoiceOfLine('10', '12.00'));
      const receipts = erp().port('goodsReceipts');
      const reversing = receipts.reverseGoodsReceipt(key(), receipt.id, { reason: 'Too late' });
      expect(await refusal(reversing)).toMatchObject({ slug: 'conflict' });
    });

    test('the same business key many times at once is one invoice', async () => {
      const [businessKey, invoice] = [key(), invoiceOfLine('10', '12.00')];
      const posting = () => invoices().createSupplierInvoice(businessKey, invoice);
      const posted = await erp().atOnce(5, posting);
      expect(new Set(posted.map(({ id }) => id)).size).toBe(1);
    });

    test('an invoice in a closed period is refused', async () => {
      const invoice = { ...invoiceOfLine('1', '12.00'), accountingDate: erp().longAgo };
      expect(await refusal(invoices().createSupplierInvoice(key(), invoice))).toMatchObject({ slug: 'period-closed' });
    });
  },
};
