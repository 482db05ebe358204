import { expect, test } from '@jest/globals';
import { hourAfter, refusal, type CapabilitySuite } from './subject.js';

export const catalogue: CapabilitySuite = {
  capability: 'catalogue',
  sample: (supplyChain) => supplyChain.port('catalogue').listItems({}),
  tests: (supplyChain) => {
    const catalogue = () => supplyChain().port('catalogue');

    test('an item is found by what the scanner reads, and by its name', async () => {
      const vaccine = await catalogue().readItem('VAC-FLU');
      expect((await catalogue().listItems({ gtin: vaccine.gtin })).items).toEqual([vaccine]);
      expect((await catalogue().listItems({ text: 'INFLUENZA' })).items).toEqual([vaccine]);
      expect((await catalogue().listItems({ gtin: '00000000000000' })).items).toEqual([]);
    });

    test('an item is found by when it was changed', async () => {
      const vaccine = await catalogue().readItem('VAC-FLU');
      const since = async (changed_since: string) =>
        (await catalogue().listItems({ gtin: vaccine.gtin, changed_since })).items;
      expect(await since(vaccine.changedAt)).toEqual([vaccine]);
      expect(await since(hourAfter(vaccine.changedAt))).toEqual([]);
    });

    test('an item that nobody keeps is not found', async () => {
      expect(await refusal(catalogue().readItem('UNOBTAINIUM'))).toMatchObject({ slug: 'not-found' });
    });

    test('a page token of another list is refused', async () => {
      const page_token = Buffer.from('{"a":1}').toString('base64url');
      expect(await refusal(catalogue().listItems({ page_token }))).toMatchObject({ slug: 'validation-failed' });
    });
  },
};
