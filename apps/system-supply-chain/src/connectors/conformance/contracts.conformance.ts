import { expect, test } from '@jest/globals';
import { hourAfter, refusal, type CapabilitySuite } from './subject.js';

export const contracts: CapabilitySuite = {
  capability: 'contracts',
  sample: (supplyChain) => supplyChain.port('contracts').listContractPrices({}),
  tests: (supplyChain) => {
    const contracts = () => supplyChain().port('contracts');

    test('every item has a contract price in its stock unit', async () => {
      const { items } = await supplyChain().port('catalogue').listItems({ page_size: 500 });
      expect(items.length).toBeGreaterThan(0);
      for (const { id, stockUnit } of items) {
        const prices = await contracts().listContractPrices({ item_id: id });
        expect(prices.items.map(({ unit }) => unit)).toContain(stockUnit);
      }
    });

    test('one question answers what a supplier charges for an item on a day', async () => {
      const question = { item_id: 'VAC-FLU', supplier: 'SUP-PRAIRIE-BIOLOGICS' };
      const { items } = await contracts().listContractPrices({ ...question, date: '2026-11-21' });
      expect(items).toMatchObject([{ contract: 'CT-2026-011', price: { amount: '168.50', currency: 'USD' } }]);
      expect((await contracts().listContractPrices({ ...question, date: '2025-11-21' })).items).toEqual([]);
    });

    test('a price is found by when it was changed', async () => {
      const question = { item_id: 'VAC-FLU', supplier: 'SUP-PRAIRIE-BIOLOGICS' };
      const { items } = await contracts().listContractPrices(question);
      const since = async (changed_since: string) =>
        (await contracts().listContractPrices({ ...question, changed_since })).items;
      expect(await since(items[0]!.changedAt)).toEqual(items);
      expect(await since(hourAfter(items[0]!.changedAt))).toEqual([]);
    });

    test('a contract is read by its number', async () => {
      expect(await contracts().readContract('CT-2026-011')).toMatchObject({ status: 'active' });
      expect(await refusal(contracts().readContract('CT-0'))).toMatchObject({ slug: 'not-found' });
    });
  },
};
