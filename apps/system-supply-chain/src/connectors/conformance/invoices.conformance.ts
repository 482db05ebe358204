import { expect, test } from '@jest/globals';
import { mergePatch, NewSupplierInvoice } from '@concord/canonical';
import { waitUntil } from '@concord/testing';
import { refusal, type CapabilitySuite } from './subject.js';

export const invoices: CapabilitySuite = {
  capability: 'invoices',
  sample: (supplyChain) => supplyChain.port('invoices').listReceivedInvoices({}),
  tests: (supplyChain) => {
    test('what a supplier asks to be paid is entered in the ERP once', async () => {
      const invoices = supplyChain().port('invoices');
      const id = await supplyChain().answered('3');
      await supplyChain().invoiced();
      const waiting = async () =>
        (await invoices.listReceivedInvoices({ order: id, status: 'received' })).items.at(0) ?? false;
      const invoice = await waitUntil('the invoice', waiting);
      expect(invoice).toMatchObject({
        supplier: 'SUP-HARBOR-MEDICAL',
        kind: 'invoice',
        lines: [{ orderLine: 1, itemId: 'SUTURE-KIT', quantity: '3', unit: 'case' }],
        total: { amount: '885.00', currency: 'USD' },
      });
      const entered = await invoices.enterReceivedInvoice(invoice.id, 'SI-1');
      expect(entered).toMatchObject({ status: 'entered', supplierInvoice: 'SI-1' });
      expect(await invoices.enterReceivedInvoice(invoice.id, 'SI-1')).toEqual(entered);
      expect(await refusal(invoices.enterReceivedInvoice(invoice.id, 'SI-2'))).toMatchObject({ slug: 'conflict' });
      expect((await invoices.listReceivedInvoices({ order: id, status: 'received' })).items).toEqual([]);
    });

    test('an invoice for an order has all that the ERP asks for of a supplier invoice, but the accounting date', async () => {
      const id = await supplyChain().answered('2', { legalEntity: 'LSH' });
      await supplyChain().invoiced();
      const invoices = supplyChain().port('invoices');
      const received = async () => (await invoices.listReceivedInvoices({ order: id })).items.at(0) ?? false;
      const invoice = await waitUntil('the invoice', received);
      const { legalEntity, supplier, number, order: purchaseOrder, invoiceDate, lines } = invoice;
      const entered = {
        legalEntity,
        supplier,
        number,
        purchaseOrder,
        invoiceDate,
        accountingDate: '2026-11-30',
        lines: lines.map(({ orderLine, description, quantity, unitPrice }) => ({
          orderLine,
          description,
          quantity,
          unitPrice,
        })),
      };
      expect(mergePatch(entered as NewSupplierInvoice, {}, NewSupplierInvoice)).toMatchObject({
        legalEntity: 'LSH',
        purchaseOrder: id,
        lines: [{ orderLine: 1, quantity: '2', unitPrice: { amount: '295.00' } }],
      });
    });
  },
};
