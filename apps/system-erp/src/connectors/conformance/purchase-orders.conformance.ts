import { expect, test } from '@jest/globals';
import { key, refusal, usd, type CapabilitySuite } from './subject.js';

export const purchaseOrders: CapabilitySuite = {
  capability: 'purchaseOrders',
  sample: (erp) => erp.port('purchaseOrders').listPurchaseOrders({}),
  tests: (erp) => {
    const orders = () => erp().port('purchaseOrders');

    test('an order is drafted with its total, and reads as it was drafted', async () => {
      const order = await orders().createPurchaseOrder(key(), await erp().newOrder([{}, { quantity: '2.5' }]));
      expect(order).toMatchObject({ status: 'draft', total: usd('150.00') });
      expect(order.lines).toMatchObject([
        { line: 1, received: '0', invoiced: '0', amount: usd('120.00') },
        { line: 2, amount: usd('30.00') },
      ]);
      expect(await orders().readPurchaseOrder(order.id)).toEqual(order);
    });

    test('the same business key many times at once is one order', async () => {
      const [businessKey, order] = [key(), await erp().newOrder([{}], await erp().supplier())];
      const drafting = () => orders().createPurchaseOrder(businessKey, order);
      const drafted = await erp().atOnce(10, drafting);
      expect(new Set(drafted.map(({ id }) => id)).size).toBe(1);
      const { items } = await orders().listPurchaseOrders({ supplier: order.supplier });
      expect(items.map(({ id }) => id)).toEqual([drafted[0]!.id]);
    });

    test('an order goes from draft to submitted, approved and sent; a step taken twice changes nothing', async () => {
      const { id } = await orders().createPurchaseOrder(key(), await erp().newOrder());
      expect(await orders().stepPurchaseOrder(id, 'submit')).toMatchObject({ status: 'submitted' });
      const { approver } = erp().codes;
      expect(await orders().stepPurchaseOrder(id, 'approve', { approver })).toMatchObject({ status: 'approved' });
      const sent = await orders().stepPurchaseOrder(id, 'send');
      expect(sent).toMatchObject({ status: 'sent' });
      expect(await orders().stepPurchaseOrder(id, 'submit')).toEqual(sent);
      expect(await orders().stepPurchaseOrder(id, 'send')).toEqual(sent);
    });

    test('no step is left out', async () => {
      const { id } = await orders().createPurchaseOrder(key(), await erp().newOrder());
      const context = { status: 'draft', step: 'send' };
      expect(await refusal(orders().stepPurchaseOrder(id, 'send'))).toEqual({ slug: 'conflict', context });
      expect(await orders().stepPurchaseOrder(id, 'cancel')).toMatchObject({ status: 'cancelled' });
      expect(await refusal(orders().stepPurchaseOrder(id, 'submit'))).toMatchObject({ slug: 'conflict' });
    });

    test('an order that was sent is closed or cancelled, and then takes no receipt', async () => {
      for (const step of ['close', 'cancel'] as const) {
        const { id } = await erp().sentOrder();
        const ended = await orders().stepPurchaseOrder(id, step);
        expect(ended).toMatchObject({ id, status: step === 'close' ? 'closed' : 'cancelled' });
        expect(await orders().stepPurchaseOrder(id, step)).toEqual(ended);
        const late = { purchaseOrder: id, receivedOn: erp().today, lines: [{ line: 1, quantity: '1' }] };
        const receiving = erp().port('goodsReceipts').createGoodsReceipt(key(), late);
        expect(await refusal(receiving)).toMatchObject({ slug: 'conflict' });
      }
    });

    test('a draft changes, and what is submitted does not', async () => {
      const { id, revision } = await orders().createPurchaseOrder(key(), await erp().newOrder());
      const { lines } = await erp().newOrder([{ quantity: '3' }]);
      const changed = await orders().changePurchaseOrder(id, revision, { lines });
      expect(changed).toMatchObject({ total: usd('36.00'), lines: [{ quantity: '3' }] });
      const stale = orders().changePurchaseOrder(id, revision, { lines });
      expect(await refusal(stale)).toMatchObject({ slug: 'stale' });
      const submitted = await orders().stepPurchaseOrder(id, 'submit');
      const late = orders().changePurchaseOrder(id, submitted.revision, { lines });
      expect(await refusal(late)).toMatchObject({ slug: 'conflict' });
    });

    test.each([
      ['an unknown supplier', { supplier: 'SUP-0' }, {}, 'unknown-code'],
      ['an unknown item', {}, { item: 'NO-SUCH-ITEM' }, 'unknown-code'],
      ['an unknown legal entity', { legalEntity: 'NOBODY' }, {}, 'unknown-code'],
      ['an unknown account', {}, { account: '0000' }, 'unknown-code'],
      ['an unknown cost center', {}, { costCenter: 'CC-MOON' }, 'unknown-code'],
      ['an unknown project', {}, { project: 'PRJ-0' }, 'unknown-code'],
      ['a stocked item in a unit that it has not', {}, { unit: 'fathom' }, 'unknown-code'],
      ['nothing', {}, { quantity: '0' }, 'validation-failed'],
      ['a price below zero', {}, { unitPrice: usd('-1.00') }, 'validation-failed'],
    ])('an order of %s is refused', async (_, order, line, slug) => {
      const drafting = orders().createPurchaseOrder(key(), { ...(await erp().newOrder([line])), ...order });
      expect(await refusal(drafting)).toMatchObject({ slug });
    });

    test('a change whose reply was lost is found done when it is repeated, unless others have changed it back', async () => {
      const { id, revision } = await orders().createPurchaseOrder(key(), await erp().newOrder());
      const [{ lines }, { lines: others }] = [await erp().newOrder([{ quantity: '3' }]), await erp().newOrder()];
      await erp().isFoundDone(
        'changePurchaseOrder',
        (businessKey) => orders().changePurchaseOrder(id, revision, { lines }, businessKey),
        () => orders().readPurchaseOrder(id),
        (seen) => orders().changePurchaseOrder(id, seen, { lines: others }),
      );
    });

    test('a draft is not changed to what cannot be ordered', async () => {
      const drafted = await orders().createPurchaseOrder(key(), await erp().newOrder());
      for (const line of [{ project: 'PRJ-0' }, { item: 'NO-SUCH-ITEM' }, { costCenter: 'CC-MOON' }]) {
        const { lines } = await erp().newOrder([line]);
        const changing = orders().changePurchaseOrder(drafted.id, drafted.revision, { lines });
        expect(await refusal(changing)).toMatchObject({ slug: 'unknown-code' });
      }
      expect(await orders().readPurchaseOrder(drafted.id)).toEqual(drafted);
    });

    test('orders are found by status', async () => {
      const { id, supplier } = await erp().sentOrder([{}], await erp().supplier());
      const found = async (status: 'sent' | 'draft') =>
        (await orders().listPurchaseOrders({ supplier, status })).items.map((order) => order.id);
      expect(await found('sent')).toEqual([id]);
      expect(await found('draft')).toEqual([]);
    });
  },
};
