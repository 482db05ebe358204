import { expect, test } from '@jest/globals';
import { hourAfter, key, refusal, type CapabilitySuite } from './subject.js';

export const orders: CapabilitySuite = {
  capability: 'orders',
  sample: (supplyChain) => supplyChain.port('orders').listOrders({}),
  tests: (supplyChain) => {
    const orders = () => supplyChain().port('orders');

    test('the same business key orders once, and another order cannot have its number', async () => {
      const [order, businessKey] = [supplyChain().order('5'), key()];
      const sent = await Promise.all(Array.from({ length: 8 }, () => orders().createOrder(businessKey, order)));
      expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
      expect(sent[0]!.total).toEqual({ amount: '1475.00', currency: 'USD' });
      expect(await refusal(orders().createOrder(key(), order))).toMatchObject({ slug: 'conflict' });
    });

    test.each([
      ['an unknown supplier', { supplier: 'SUP-NOBODY' }, 'unknown-code'],
      ['an unknown location', { deliverTo: 'STOCK-MOON' }, 'unknown-code'],
      ['nothing', { lines: [] }, 'validation-failed'],
    ])('an order of %s is refused', async (_, change, slug) => {
      const ordering = orders().createOrder(key(), supplyChain().order('1', change));
      expect(await refusal(ordering)).toMatchObject({ slug });
    });

    test('what was asked for is ordered once, and then changed and cancelled no more', async () => {
      const requisitions = supplyChain().port('requisitions');
      const lines = [{ itemId: 'SUTURE-KIT', quantity: '2', unit: 'case' }];
      const wished = { location: supplyChain().location, neededOn: '2026-12-01', lines };
      const { id: requisition } = await requisitions.createRequisition(key(), wished);
      await orders().createOrder(key(), supplyChain().order('2', { requisition }));
      expect(await requisitions.readRequisition(requisition)).toMatchObject({ status: 'ordered' });
      expect(await refusal(requisitions.cancelRequisition(requisition))).toMatchObject({ slug: 'conflict' });
      const again = orders().createOrder(key(), supplyChain().order('2', { requisition }));
      expect(await refusal(again)).toMatchObject({ slug: 'conflict' });
    });

    test('orders are found by when they were changed', async () => {
      const { id, changedAt } = await orders().createOrder(key(), supplyChain().order('1'));
      const since = async (changed_since: string) =>
        (await orders().listOrders({ changed_since, page_size: 500 })).items.map((order) => order.id);
      expect(await since(changedAt)).toContain(id);
      expect(await since(hourAfter(changedAt))).toEqual([]);
    });
  },
};
