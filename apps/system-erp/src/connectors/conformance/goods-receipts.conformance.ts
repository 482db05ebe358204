import { expect, test } from '@jest/globals';
import { key, refusal, usd, type CapabilitySuite } from './subject.js';

export const goodsReceipts: CapabilitySuite = {
  capability: 'goodsReceipts',
  sample: (erp) => erp.port('goodsReceipts').listGoodsReceipts({}),
  tests: (erp) => {
    const orders = () => erp().port('purchaseOrders');
    const receipts = () => erp().port('goodsReceipts');
    const came = (purchaseOrder: string, quantity: string, line = 1) => ({
      purchaseOrder,
      receivedOn: erp().today,
      lines: [{ line, quantity }],
    });

    test('what comes in parts is received in parts, and the order says so', async () => {
      const { id } = await erp().sentOrder();
      const first = await receipts().createGoodsReceipt(key(), came(id, '4'));
      expect(first).toMatchObject({ status: 'posted', value: usd('48.00'), purchaseOrder: id });
      expect(await orders().readPurchaseOrder(id)).toMatchObject({
        status: 'partially-received',
        lines: [{ received: '4' }],
      });
      await receipts().createGoodsReceipt(key(), came(id, '6'));
      expect(await orders().readPurchaseOrder(id)).toMatchObject({ status: 'received', lines: [{ received: '10' }] });
      expect((await receipts().listGoodsReceipts({ purchase_order: id })).items).toHaveLength(2);
      expect(await receipts().readGoodsReceipt(first.id)).toMatchObject({ id: first.id, lines: [{ quantity: '4' }] });
    });

    test('a receipt posts its value, and the entry balances', async () => {
      const { id } = await erp().sentOrder();
      const { journalEntry } = await receipts().createGoodsReceipt(key(), came(id, '10'));
      const { inventoryAccount: account } = erp().codes;
      const entry = await erp().balanced(journalEntry);
      expect(entry.lines).toContainEqual(expect.objectContaining({ account, side: 'debit', amount: usd('120.00') }));
    });

    test('the same business key many times at once is one receipt', async () => {
      const [businessKey, { id }] = [key(), await erp().sentOrder()];
      const receiving = () => receipts().createGoodsReceipt(businessKey, came(id, '10'));
      const received = await erp().atOnce(10, receiving);
      expect(new Set(received.map((one) => one.id)).size).toBe(1);
      expect(await orders().readPurchaseOrder(id)).toMatchObject({ lines: [{ received: '10' }] });
    });

    test('what was received is given back once, its entry is reversed, and the same may come again', async () => {
      const { id } = await erp().sentOrder();
      const first = await receipts().createGoodsReceipt(key(), came(id, '10'));
      const reason = { reason: 'Wrong size', accountingDate: erp().today };
      const reversed = await receipts().reverseGoodsReceipt(key(), first.id, reason);
      expect(reversed).toMatchObject({ id: first.id, status: 'reversed' });
      expect(await receipts().reverseGoodsReceipt(key(), first.id, reason)).toEqual(reversed);
      expect((await erp().balanced(first.journalEntry)).reversedBy).toBeDefined();
      expect(await orders().readPurchaseOrder(id)).toMatchObject({ status: 'sent', lines: [{ received: '0' }] });
      await receipts().createGoodsReceipt(key(), came(id, '10'));
      expect(await orders().readPurchaseOrder(id)).toMatchObject({ status: 'received', lines: [{ received: '10' }] });
    });

    test('the entry of a receipt is not reversed without the receipt', async () => {
      const { id } = await erp().sentOrder();
      const { id: goodsReceipt, journalEntry } = await receipts().createGoodsReceipt(key(), came(id, '10'));
      await erp().isNotReversedAlone(journalEntry, { goodsReceipt });
      const back = await receipts().reverseGoodsReceipt(key(), goodsReceipt, { reason: 'Wrong size' });
      expect(back).toMatchObject({ status: 'reversed' });
      expect((await erp().balanced(journalEntry)).reversedBy).toBeDefined();
    });

    test('what has come of an order changes it', async () => {
      const sent = await erp().sentOrder([{}], await erp().supplier());
      await receipts().createGoodsReceipt(key(), came(sent.id, '1'));
      const { supplier } = sent;
      const since = async (changed_since: string) =>
        (await orders().listPurchaseOrders({ supplier, changed_since })).items.map((order) => order.id);
      const after = await orders().readPurchaseOrder(sent.id);
      expect(after.revision).not.toBe(sent.revision);
      expect(await since(after.changedAt)).toEqual([sent.id]);
      expect(Date.parse(after.changedAt)).toBeGreaterThanOrEqual(Date.parse(sent.changedAt));
      expect(await since('2999-01-01T00:00:00Z')).toEqual([]);
    });

    test('far more than was ordered is refused, and nothing of it is kept', async () => {
      const { id } = await erp().sentOrder();
      const context = { purchaseOrder: id, line: '1', ordered: '10', received: '0' };
      const tooMuch = receipts().createGoodsReceipt(key(), came(id, '11'));
      expect(await refusal(tooMuch)).toMatchObject({ slug: 'conflict', context });
      expect(await orders().readPurchaseOrder(id)).toMatchObject({ status: 'sent', lines: [{ received: '0' }] });
    });

    test('an order that was not sent, an unknown order and an unknown line take no receipt', async () => {
      const draft = await orders().createPurchaseOrder(key(), await erp().newOrder());
      expect(await refusal(receipts().createGoodsReceipt(key(), came(draft.id, '1')))).toMatchObject({
        slug: 'conflict',
      });
      expect(await refusal(receipts().createGoodsReceipt(key(), came('PO-0', '1')))).toMatchObject({
        slug: 'unknown-code',
      });
      const { id } = await erp().sentOrder();
      expect(await refusal(receipts().createGoodsReceipt(key(), came(id, '1', 7)))).toMatchObject({
        slug: 'unknown-code',
      });
    });

    test('a receipt in a closed period is refused, and the order stays as it was', async () => {
      const { id } = await erp().sentOrder();
      const late = { ...came(id, '1'), receivedOn: erp().longAgo };
      const context = { legalEntity: erp().codes.legalEntity, period: erp().longAgo.slice(0, 7) };
      const refused = await refusal(receipts().createGoodsReceipt(key(), late));
      expect(refused).toMatchObject({ slug: 'period-closed', context });
      expect(await orders().readPurchaseOrder(id)).toMatchObject({ status: 'sent' });
    });
  },
};
