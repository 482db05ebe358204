import { expect, test } from '@jest/globals';
import { key, refusal, type CapabilitySuite } from './subject.js';

export const requisitions: CapabilitySuite = {
  capability: 'requisitions',
  sample: (supplyChain) => supplyChain.port('requisitions').listRequisitions({}),
  tests: (supplyChain) => {
    const requisitions = () => supplyChain().port('requisitions');
    const wished = () => ({
      location: supplyChain().location,
      neededOn: '2026-12-01',
      lines: [{ itemId: 'SUTURE-KIT', quantity: '2', unit: 'case' }],
    });

    test('the same business key asks once, and what is asked reads as it was asked', async () => {
      const businessKey = key();
      const asking = () => requisitions().createRequisition(businessKey, wished());
      const asked = await Promise.all(Array.from({ length: 8 }, asking));
      expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
      expect(asked[0]).toMatchObject({ ...wished(), status: 'open' });
      expect(await requisitions().readRequisition(asked[0]!.id)).toEqual(asked[0]);
    });

    test('a requisition is changed while it is open, by who has seen its revision', async () => {
      const asked = await requisitions().createRequisition(key(), wished());
      const lines = [{ itemId: 'SPLINT', quantity: '3', unit: 'each' }];
      const changed = await requisitions().changeRequisition(asked.id, asked.revision, {
        neededOn: '2026-12-05',
        lines,
      });
      expect(changed).toMatchObject({ id: asked.id, neededOn: '2026-12-05', status: 'open', lines });
      const late = requisitions().changeRequisition(asked.id, asked.revision, { neededOn: '2026-12-06' });
      expect(await refusal(late)).toMatchObject({ slug: 'stale' });
    });

    test('one that is cancelled stays so, and changes no more', async () => {
      const { id } = await requisitions().createRequisition(key(), wished());
      const cancelled = await requisitions().cancelRequisition(id);
      expect(cancelled).toMatchObject({ id, status: 'cancelled' });
      expect(await requisitions().cancelRequisition(id)).toEqual(cancelled);
      const late = requisitions().changeRequisition(id, '*', { neededOn: '2026-12-06' });
      expect(await refusal(late)).toMatchObject({ slug: 'conflict' });
    });

    test('requisitions are found by location, status and when they were changed', async () => {
      const { location } = supplyChain();
      const asked = await requisitions().createRequisition(key(), wished());
      const found = async (status: 'open' | 'cancelled') => {
        const query = { location, status, changed_since: asked.changedAt, page_size: 500 };
        return (await requisitions().listRequisitions(query)).items.map(({ id }) => id);
      };
      expect(await found('open')).toContain(asked.id);
      expect(await found('cancelled')).not.toContain(asked.id);
    });

    test.each([
      ['an unknown location', { location: 'STOCK-MOON' }, 'unknown-code'],
      ['an unknown item', { lines: [{ itemId: 'UNOBTAINIUM', quantity: '1', unit: 'each' }] }, 'unknown-code'],
      ['a unit that the item has not', { lines: [{ itemId: 'SPLINT', quantity: '1', unit: 'vial' }] }, 'unknown-code'],
      ['nothing', { lines: [] }, 'validation-failed'],
      ['a quantity of zero', { lines: [{ itemId: 'SPLINT', quantity: '0', unit: 'each' }] }, 'validation-failed'],
    ])('to ask for %s is refused', async (_, change, slug) => {
      const asking = requisitions().createRequisition(key(), { ...wished(), ...change });
      expect(await refusal(asking)).toMatchObject({ slug });
    });

    test('what nobody asked for is not found', async () => {
      expect(await refusal(requisitions().readRequisition('SR-0'))).toMatchObject({ slug: 'not-found' });
    });
  },
};
