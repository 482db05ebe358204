import { expect, test } from '@jest/globals';
import { refusal, type CapabilitySuite } from './subject.js';

export const parLevels: CapabilitySuite = {
  capability: 'parLevels',
  sample: (supplyChain) => supplyChain.port('parLevels').listParLevels({}),
  tests: (supplyChain) => {
    const parLevels = () => supplyChain().port('parLevels');
    const splints = () => `${supplyChain().location}:SPLINT`;
    /** Another one than there is, and not below the reorder point. */
    const more = (parLevel: string) => String(Number(parLevel) + 1 + Math.floor(Math.random() * 9));

    test('a par level is changed by who has seen its revision, and by nobody else', async () => {
      const seen = await parLevels().readParLevel(splints());
      const parLevel = more(seen.parLevel);
      const changed = await parLevels().changeParLevel(seen.id, seen.revision, { parLevel });
      expect(changed).toMatchObject({ parLevel, reorderPoint: seen.reorderPoint });
      const late = parLevels().changeParLevel(seen.id, seen.revision, { parLevel: more(parLevel) });
      expect(await refusal(late)).toMatchObject({ slug: 'stale' });
      expect(await parLevels().readParLevel(splints())).toEqual(changed);
    });

    test('it is not ordered anew before anything is missing, nor below nothing', async () => {
      const { id, parLevel } = await parLevels().readParLevel(splints());
      for (const reorderPoint of [String(Number(parLevel) + 1), '-1']) {
        const senseless = parLevels().changeParLevel(id, '*', { reorderPoint });
        expect(await refusal(senseless)).toMatchObject({ slug: 'validation-failed' });
      }
    });

    test('par levels are found by location, item and when they were changed', async () => {
      const [location, item_id] = splints().split(':') as [string, string];
      const { parLevel } = await parLevels().readParLevel(splints());
      const changed = await parLevels().changeParLevel(splints(), '*', { parLevel: more(parLevel) });
      expect((await parLevels().listParLevels({ location, item_id })).items).toEqual([changed]);
      const since = { location, changed_since: changed.changedAt };
      expect((await parLevels().listParLevels(since)).items).toContainEqual(changed);
    });

    test('a par level that was changed is the one that the stock levels show', async () => {
      const [location, item_id] = splints().split(':') as [string, string];
      const { parLevel } = await parLevels().readParLevel(splints());
      const changed = await parLevels().changeParLevel(splints(), '*', { parLevel: more(parLevel) });
      const { items } = await supplyChain().port('stock').listStockLevels({ location, item_id });
      expect(items.map((level) => level.parLevel)).toEqual([changed.parLevel]);
    });

    test('a par level that nobody set is not found', async () => {
      expect(await refusal(parLevels().readParLevel('STOCK-MOON:SPLINT'))).toMatchObject({ slug: 'not-found' });
    });
  },
};
