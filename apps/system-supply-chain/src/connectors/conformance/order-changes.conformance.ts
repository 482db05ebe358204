/** Orders that are changed while the supplier has them. */
import { expect, test } from '@jest/globals';
import { refusal, usd, type CapabilitySuite } from './subject.js';

export const orderChanges: CapabilitySuite = {
  capability: 'orders',
  sample: (supplyChain) => supplyChain.port('orders').changeOrder('PO-0', '*', { neededOn: '2026-12-24' }),
  tests: (supplyChain) => {
    const orders = () => supplyChain().port('orders');
    const casts = { itemId: 'CAST-KIT', unit: 'case', unitPrice: usd('224.00') };
    const splints = { itemId: 'SPLINT', unit: 'case', unitPrice: usd('113.00') };
    /** 100 have gone, 30 are owed. */
    const halfShipped = () => supplyChain().answered('130', { lines: [{ ...casts, quantity: '130' }] });

    test('an order of which something is owed is changed, once the supplier agrees', async () => {
      const id = await halfShipped();
      const { revision } = await orders().readOrder(id);
      const lines = [
        { ...casts, line: 1, quantity: '110' },
        { ...splints, quantity: '2' },
      ];
      const asked = await orders().changeOrder(id, revision, { neededOn: '2026-12-24', lines });
      expect(asked.change).toMatchObject({ sequence: 1, neededOn: '2026-12-24' });
      const changed = await supplyChain().changed(id);
      expect(changed).toMatchObject({
        neededOn: '2026-12-24',
        total: usd('24866.00'),
        change: { answer: 'accepted' },
        lines: [
          { line: 1, quantity: '110', shipped: '100', backordered: '10' },
          { line: 2, itemId: 'SPLINT', quantity: '2', shipped: '0' },
        ],
      });
      const { items: owed } = await supplyChain().port('fulfilment').listBackorders({ order: id });
      expect(owed).toMatchObject([{ id: `${id}:1`, quantity: '10' }]);
      const late = orders().changeOrder(id, revision, { neededOn: '2026-12-25' });
      expect(await refusal(late)).toMatchObject({ slug: 'stale' });
    });

    test('a change down to what was shipped ends the order, and nothing is owed any more', async () => {
      const id = await halfShipped();
      await orders().changeOrder(id, '*', { lines: [{ ...casts, line: 1, quantity: '100' }] });
      expect(await supplyChain().changed(id)).toMatchObject({ status: 'shipped', lines: [{ backordered: '0' }] });
      expect((await supplyChain().port('fulfilment').listBackorders({ order: id })).items).toEqual([]);
      const late = orders().changeOrder(id, '*', { neededOn: '2026-12-24' });
      expect(await refusal(late)).toMatchObject({ slug: 'conflict' });
    });

    test('what cannot be wished for is refused, and the order stays as it was', async () => {
      const id = await halfShipped();
      const before = await orders().readOrder(id);
      const wishes: [object, string][] = [
        [{ ...casts, line: 1, quantity: '99' }, 'conflict'],
        [{ ...casts, line: 7, quantity: '100' }, 'validation-failed'],
        [{ ...splints, line: 1, quantity: '100' }, 'validation-failed'],
        [{ ...casts, line: 1, quantity: '0' }, 'validation-failed'],
        [{ ...casts, itemId: 'UNOBTAINIUM', line: 1, quantity: '130' }, 'unknown-code'],
      ];
      for (const [line, slug] of wishes) {
        const wishing = orders().changeOrder(id, '*', { lines: [line as never] });
        expect([line, await refusal(wishing)]).toMatchObject([line, { slug }]);
      }
      expect(await orders().readOrder(id)).toEqual(before);
    });
  },
};
