import { expect, test } from '@jest/globals';
import { refusal, usd, type CapabilitySuite } from './subject.js';

export const fulfilment: CapabilitySuite = {
  capability: 'fulfilment',
  sample: (supplyChain) => supplyChain.port('fulfilment').listBackorders({}),
  tests: (supplyChain) => {
    test('what a supplier cannot deliver yet is owed, and the item says so in one answer', async () => {
      const fulfilment = supplyChain().port('fulfilment');
      const stock = supplyChain().port('stock');
      const before = await stock.readItemAvailability('CAST-KIT');
      const lines = [{ itemId: 'CAST-KIT', quantity: '130', unit: 'case', unitPrice: usd('224.00') }];
      const id = await supplyChain().answered('130', { lines });
      const order = await supplyChain().port('orders').readOrder(id);
      expect(order).toMatchObject({
        status: 'partially-shipped',
        lines: [{ confirmed: '100', shipped: '100', backordered: '30' }],
      });
      expect(order.acknowledgedAt).toBeDefined();
      const [confirmation] = (await fulfilment.listOrderConfirmations({ order: id })).items;
      expect(confirmation!.lines.map(({ status, quantity }) => `${status} ${quantity}`)).toEqual([
        'accepted 100',
        'backordered 30',
      ]);
      const [notice] = (await fulfilment.listShipmentNotices({ order: id })).items;
      expect(notice!.lines).toMatchObject([{ line: 1, itemId: 'CAST-KIT', quantity: '100', unit: 'case' }]);
      expect((await fulfilment.listBackorders({ order: id })).items).toMatchObject([{ id: `${id}:1`, quantity: '30' }]);
      const after = await stock.readItemAvailability('CAST-KIT');
      expect(Number(after.onOrder) - Number(before.onOrder)).toBe(130 * 10); // a case holds 10; nothing came yet
      expect(Number(after.backordered) - Number(before.backordered)).toBe(30 * 10);
      const cancelling = supplyChain().port('orders').cancelOrder(id);
      expect(await refusal(cancelling)).toMatchObject({ slug: 'conflict' });
    });

    test('what suppliers have of an item is said with what we have', async () => {
      const { suppliers = [] } = await supplyChain().port('stock').readItemAvailability('GRAFT-KIT');
      expect(suppliers.map(({ supplier }) => supplier)).toContain('SUP-CEDAR-SURGICAL');
      const { items } = await supplyChain().port('catalogue').listSupplierStock({ item_id: 'GRAFT-KIT' });
      expect(items.map(({ supplier }) => supplier)).toEqual(suppliers.map(({ supplier }) => supplier));
    });
  },
};
