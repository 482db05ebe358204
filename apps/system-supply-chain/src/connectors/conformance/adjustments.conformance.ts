/** What is taken from stock, and what comes back. */
import { expect, test } from '@jest/globals';
import { FLU, hourAfter, key, refusal, SUTURES, type CapabilitySuite } from './subject.js';

export const adjustments: CapabilitySuite = {
  capability: 'stock',
  sample: (supplyChain) => supplyChain.port('stock').listStockAdjustments({}),
  tests: (supplyChain) => {
    const stock = () => supplyChain().port('stock');
    const onHand = (item: string) => supplyChain().onHand(item);

    test('what was used leaves the stock, each line at its unit cost', async () => {
      const before = [await onHand('VAC-FLU'), await onHand('SUTURE-KIT')];
      const adjustment = supplyChain().used(FLU, SUTURES);
      const booked = await stock().createStockAdjustment(key(), adjustment);
      expect(booked).toMatchObject({ ...adjustment, status: 'booked', value: { amount: '46.35', currency: 'USD' } });
      expect(booked.lines.map(({ value }) => value.amount)).toEqual(['16.85', '29.50']);
      expect(await stock().readStockAdjustment(booked.id)).toEqual(booked);
      expect([await onHand('VAC-FLU'), await onHand('SUTURE-KIT')]).toEqual([before[0]! - 0.1, before[1]! - 2]);
    });

    test('the same business key twenty times at once takes once', async () => {
      const [before, adjustment, businessKey] = [await onHand('SUTURE-KIT'), supplyChain().used(SUTURES), key()];
      const taking = () => stock().createStockAdjustment(businessKey, adjustment);
      const booked = await Promise.all(Array.from({ length: 20 }, taking));
      expect(new Set(booked.map(({ id }) => id)).size).toBe(1);
      expect(await onHand('SUTURE-KIT')).toBe(before - 2);
      const { items } = await stock().listStockAdjustments({ reference: adjustment.reference });
      expect(items).toEqual([booked[0]]);
    });

    test('many adjustments at once of the same items each take their part', async () => {
      const { atOnce } = supplyChain().things;
      const before = [await onHand('CAST-KIT'), await onHand('SPLINT')];
      const lines = [
        { itemId: 'CAST-KIT', quantity: '1', unit: 'each' },
        { itemId: 'SPLINT', quantity: '2', unit: 'each' },
      ];
      const taking = (_: unknown, index: number) => supplyChain().use(...(index % 2 ? lines : lines.toReversed()));
      await Promise.all(Array.from({ length: atOnce }, taking));
      expect([await onHand('CAST-KIT'), await onHand('SPLINT')]).toEqual([
        before[0]! - atOnce,
        before[1]! - 2 * atOnce,
      ]);
    });

    test('an item on two lines leaves twice', async () => {
      const before = await onHand('SUTURE-KIT');
      await supplyChain().use(SUTURES, SUTURES);
      expect(await onHand('SUTURE-KIT')).toBe(before - 4);
    });

    test('what was used was used, also where the stock did not hold it', async () => {
      const quantity = String((await onHand('GRAFT-KIT')) + 3);
      await supplyChain().use({ itemId: 'GRAFT-KIT', quantity, unit: 'each' });
      expect(await onHand('GRAFT-KIT')).toBe(-3);
    });

    test.each([
      ['an unknown location', { location: 'STOCK-MOON' }, 'unknown-code'],
      ['an unknown item', { lines: [{ ...SUTURES, itemId: 'UNOBTAINIUM' }] }, 'unknown-code'],
      ['another unit than the stock unit', { lines: [{ ...FLU, unit: 'dose' }] }, 'unknown-code'],
      ['nothing', { lines: [] }, 'validation-failed'],
      ['a quantity of zero', { lines: [{ ...SUTURES, quantity: '0' }] }, 'validation-failed'],
      ['a quantity below zero', { lines: [{ ...SUTURES, quantity: '-1' }] }, 'validation-failed'],
    ])('%s is refused and leaves the stock as it was', async (_, change, slug) => {
      const before = await onHand('SUTURE-KIT');
      const taking = stock().createStockAdjustment(key(), { ...supplyChain().used(SUTURES), ...change });
      expect(await refusal(taking)).toMatchObject({ slug });
      expect(await onHand('SUTURE-KIT')).toBe(before);
    });

    test('a wrong unit is answered with the right one', async () => {
      const context = { item: 'VAC-FLU', unit: 'dose', stockUnit: 'vial' };
      expect(await refusal(supplyChain().use({ ...FLU, unit: 'dose' }))).toEqual({ slug: 'unknown-code', context });
    });

    test('a reversal returns the stock at the value it had', async () => {
      const before = await onHand('VAC-FLU');
      const booked = await supplyChain().use(FLU, SUTURES);
      const reversal = await stock().reverseStockAdjustment(key(), booked.id, { reason: 'Encounter corrected' });
      expect(reversal).toMatchObject({ reverses: booked.id, reference: booked.reference, value: { amount: '-46.35' } });
      expect(reversal.lines.map(({ quantity }) => quantity)).toEqual(['-0.1', '-2']);
      expect(await onHand('VAC-FLU')).toBe(before);
      const reversed = { ...booked, status: 'reversed', reversedBy: reversal.id, changedAt: reversal.bookedAt };
      expect(await stock().readStockAdjustment(booked.id)).toEqual(reversed);
    });

    test('an adjustment is found by when it was booked, and again by when it was reversed', async () => {
      const booked = await supplyChain().use(SUTURES);
      const since = async (changed_since: string) =>
        (await stock().listStockAdjustments({ reference: booked.reference, changed_since })).items;
      expect(await since(booked.changedAt)).toEqual([booked]);
      expect(await since(hourAfter(booked.changedAt))).toEqual([]);
      const reversal = await stock().reverseStockAdjustment(key(), booked.id, { reason: 'Encounter corrected' });
      const both = await since(reversal.changedAt);
      expect(both.map(({ id, changedAt }) => [id, changedAt])).toEqual([
        [booked.id, reversal.bookedAt],
        [reversal.id, reversal.bookedAt],
      ]);
      expect(await since(hourAfter(reversal.changedAt))).toEqual([]);
    });

    test('an adjustment is reversed once: the same business key finds the reversal, another one is refused', async () => {
      const before = await onHand('SUTURE-KIT');
      const [booked, businessKey] = [await supplyChain().use(SUTURES), key()];
      const reversing = () => stock().reverseStockAdjustment(businessKey, booked.id, { reason: 'Corrected' });
      const reversals = await Promise.all(Array.from({ length: 20 }, reversing));
      expect(new Set(reversals.map(({ id }) => id)).size).toBe(1);
      const context = { stockAdjustment: booked.id, reversedBy: reversals[0]!.id };
      const second = stock().reverseStockAdjustment(key(), booked.id, { reason: 'Once more' });
      expect(await refusal(second)).toEqual({ slug: 'conflict', context });
      const ofReversal = stock().reverseStockAdjustment(key(), reversals[0]!.id, { reason: 'Back again' });
      expect(await refusal(ofReversal)).toMatchObject({ slug: 'conflict' });
      expect(await onHand('SUTURE-KIT')).toBe(before);
    });

    test('one business key may name an adjustment and its reversal', async () => {
      const businessKey = key();
      const { id } = await stock().createStockAdjustment(businessKey, supplyChain().used(SUTURES));
      const reversal = await stock().reverseStockAdjustment(businessKey, id, { reason: 'Corrected' });
      expect(reversal.reverses).toBe(id);
    });

    test('what was never booked cannot be read or reversed', async () => {
      expect(await refusal(stock().readStockAdjustment('SA-0'))).toMatchObject({ slug: 'not-found' });
      const reversal = stock().reverseStockAdjustment(key(), 'SA-0', { reason: 'None' });
      expect(await refusal(reversal)).toMatchObject({ slug: 'not-found' });
    });
  },
};
