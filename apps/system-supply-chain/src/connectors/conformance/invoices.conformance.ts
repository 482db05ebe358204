import { expect, test } from '@jest/globals';
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
      const invoice = await waitUntil('the invoice', waiting, { withinMs: 20_000 });
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
  },
};
