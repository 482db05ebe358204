/** What lies where, and what is said about it. */
import { expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { FLU, hourAfter, refusal, type CapabilitySuite } from './subject.js';

export const stock: CapabilitySuite = {
  capability: 'stock',
  sample: (supplyChain) => supplyChain.port('stock').listStockLevels({}),
  tests: (supplyChain) => {
    const stock = () => supplyChain().port('stock');

    test('a stock level is found by when something moved there last', async () => {
      const asked = { location: supplyChain().location, item_id: 'WOUND-DRESSING' };
      const [before] = (await stock().listStockLevels(asked)).items;
      await supplyChain().use({ itemId: 'WOUND-DRESSING', quantity: '1', unit: 'each' });
      const [after] = (await stock().listStockLevels(asked)).items;
      expect(Date.parse(after!.changedAt)).toBeGreaterThanOrEqual(Date.parse(before!.changedAt));
      const since = async (changed_since: string) => (await stock().listStockLevels({ ...asked, changed_since })).items;
      expect(await since(after!.changedAt)).toEqual([after]);
      expect(await since(hourAfter(after!.changedAt))).toEqual([]);
    });

    test('pages of the stock levels hold every level once', async () => {
      const seen: string[] = [];
      let page_token: string | undefined;
      do {
        const page = await stock().listStockLevels({ page_size: 30, page_token });
        seen.push(...page.items.map(({ location, itemId }) => `${location} ${itemId}`));
        page_token = page.nextPageToken;
      } while (page_token);
      const { items } = await supplyChain().port('catalogue').listItems({ page_size: 500 });
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toHaveLength(items.length * supplyChain().things.locations);
    });

    test('what is taken under a lot is gone from that lot, and counts as used', async () => {
      const { location, things } = supplyChain();
      const asked = { location, item_id: things.lot.itemId };
      const lotNow = async () => (await stock().listStockLots({ ...asked, lot: things.lot.lot })).items[0]!;
      const usedSoFar = async () => Number((await stock().listItemUsage(asked)).items[0]?.quantity ?? 0);
      const [before, used] = [await lotNow(), await usedSoFar()];
      await supplyChain().use({ ...things.lot, quantity: '3' });
      const after = await lotNow();
      expect([Number(after.onHand), await usedSoFar()]).toEqual([Number(before.onHand) - 3, used + 3]);
      const since = async (changed_since: string) => (await stock().listStockLots({ ...asked, changed_since })).items;
      expect(await since(after.changedAt)).toContainEqual(after);
      expect(await since(hourAfter(after.changedAt))).toEqual([]);
    });

    test('a lot that was used and never came is short by what was used', async () => {
      const lot = `L-${randomUUID().slice(0, 8)}`;
      await supplyChain().use({ ...FLU, quantity: '0.3', lot });
      const { items } = await stock().listStockLots({ lot });
      expect(items).toMatchObject([{ itemId: 'VAC-FLU', lot, onHand: '-0.3', unit: 'vial' }]);
    });

    test('what expires is found by the day, or it is said that no days of expiry are kept', async () => {
      const { location, things } = supplyChain();
      const { lot, lotExpiresBefore: expires_before = '2027-12-31' } = things;
      const asked = stock().listStockLots({ location, item_id: lot.itemId, expires_before });
      if (things.lotExpiresBefore === undefined) {
        expect(await refusal(asked)).toEqual({ slug: 'not-supported', context: { capability: 'stock.expiry' } });
      } else {
        expect((await asked).items.map((one) => one.lot)).toEqual([lot.lot]);
      }
    });

    test('one call says what there is of an item, everywhere', async () => {
      const before = await stock().readItemAvailability('WOUND-DRESSING');
      await supplyChain().use({ itemId: 'WOUND-DRESSING', quantity: '2', unit: 'each' });
      const after = await stock().readItemAvailability('WOUND-DRESSING');
      expect(Number(before.onHand) - Number(after.onHand)).toBe(2);
      expect(after.locations.map(({ location }) => location)).toContain(supplyChain().location);
      expect(await refusal(stock().readItemAvailability('UNOBTAINIUM'))).toMatchObject({ slug: 'not-found' });
    });

    test('a page token of another list is refused', async () => {
      const page_token = Buffer.from('{"a":1}').toString('base64url');
      const slug = 'validation-failed';
      expect(await refusal(stock().listStockLevels({ page_token }))).toMatchObject({ slug });
      expect(await refusal(stock().listStockAdjustments({ page_token }))).toMatchObject({ slug });
    });
  },
};
