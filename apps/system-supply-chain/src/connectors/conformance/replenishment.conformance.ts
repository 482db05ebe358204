import { expect, test } from '@jest/globals';
import { key, type CapabilitySuite } from './subject.js';

/** More than anybody has or has ordered. */
const PLENTY = 1_000_000;

export const replenishment: CapabilitySuite = {
  capability: 'replenishment',
  sample: (supplyChain) => supplyChain.port('replenishment').listReplenishmentNeeds({}),
  tests: (supplyChain) => {
    const needs = async (item_id: string, due?: 'true') => {
      const asked = { location: supplyChain().location, item_id, ...(due ? { due } : {}) };
      return (await supplyChain().port('replenishment').listReplenishmentNeeds(asked)).items;
    };
    const set = (item: string, levels: { parLevel?: string; reorderPoint?: string }) =>
      supplyChain().port('parLevels').changeParLevel(`${supplyChain().location}:${item}`, '*', levels);

    test('one call says what is missing to the par level', async () => {
      const onHand = await supplyChain().onHand('COLONOSCOPY-KIT');
      const { id } = await set('COLONOSCOPY-KIT', { parLevel: String(PLENTY), reorderPoint: '0' });
      const [before] = await needs('COLONOSCOPY-KIT');
      expect(before).toMatchObject({ id, onHand: String(onHand), parLevel: String(PLENTY), unit: 'each', due: false });
      const { onOrder, requested, missing } = before!;
      expect(Number(missing)).toBe(PLENTY - onHand - Number(onOrder) - Number(requested));
      await supplyChain().use({ itemId: 'COLONOSCOPY-KIT', quantity: '2', unit: 'each' });
      const [after] = await needs('COLONOSCOPY-KIT');
      expect(after).toMatchObject({ onHand: String(onHand - 2), missing: String(Number(missing) + 2) });
    });

    test('what is below its reorder point is due, and what is not is left out by who asks for that', async () => {
      await set('COLONOSCOPY-KIT', { parLevel: String(PLENTY), reorderPoint: String(PLENTY) });
      expect(await needs('COLONOSCOPY-KIT', 'true')).toMatchObject([{ due: true }]);
      await set('COLONOSCOPY-KIT', { reorderPoint: '0' });
      expect(await needs('COLONOSCOPY-KIT')).toMatchObject([{ due: false }]);
      expect(await needs('COLONOSCOPY-KIT', 'true')).toEqual([]);
    });

    test('what is there as it should be is not missing', async () => {
      await set('COLONOSCOPY-KIT', { parLevel: '1', reorderPoint: '0' });
      expect(await needs('COLONOSCOPY-KIT')).toEqual([]);
    });

    test('what comes from another location is not missing any more', async () => {
      await set('SPECIMEN-KIT', { parLevel: String(PLENTY), reorderPoint: '0' });
      const [before] = await needs('SPECIMEN-KIT');
      const { otherLocation: from, location: to } = supplyChain().things;
      const lines = [{ itemId: 'SPECIMEN-KIT', quantity: '3', unit: 'each' }];
      const transfers = supplyChain().port('transfers');
      const { id } = await transfers.createStockTransfer(key(), { from, to, reference: 'needs', lines });
      const [after] = await needs('SPECIMEN-KIT');
      expect(Number(before!.missing) - Number(after!.missing)).toBe(3);
      await transfers.reverseStockTransfer(key(), id, { reason: 'Conformance' });
    });

    test('what was asked for is not missing any more, in whatever unit, until that is called off', async () => {
      const requisitions = supplyChain().port('requisitions');
      await set('SPECIMEN-KIT', { parLevel: String(PLENTY), reorderPoint: '0' });
      const [before] = await needs('SPECIMEN-KIT');
      const lines = [{ itemId: 'SPECIMEN-KIT', quantity: '2', unit: 'box' }]; // a box holds 50
      const wished = { location: supplyChain().location, neededOn: '2026-12-01', lines };
      const { id } = await requisitions.createRequisition(key(), wished);
      const [asked] = await needs('SPECIMEN-KIT');
      expect(Number(asked!.requested) - Number(before!.requested)).toBe(100);
      expect(Number(before!.missing) - Number(asked!.missing)).toBe(100);
      await requisitions.cancelRequisition(id);
      expect(await needs('SPECIMEN-KIT')).toEqual([before]);
    });

    test('pages of the needs hold each once, by location and item', async () => {
      const seen: string[] = [];
      let page_token: string | undefined;
      do {
        const page = await supplyChain().port('replenishment').listReplenishmentNeeds({ page_size: 3, page_token });
        seen.push(...page.items.map(({ id }) => id));
        page_token = page.nextPageToken;
      } while (page_token);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual([...seen].sort());
      expect(seen).toContain(`${supplyChain().location}:SPECIMEN-KIT`);
    });
  },
};
