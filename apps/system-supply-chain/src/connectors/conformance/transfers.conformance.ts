import { expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { NewStockTransfer } from '@concord/canonical';
import { hourAfter, key, refusal, SUTURES, usd, type CapabilitySuite } from './subject.js';

export const transfers: CapabilitySuite = {
  capability: 'transfers',
  sample: (supplyChain) => supplyChain.port('transfers').listStockTransfers({}),
  tests: (supplyChain) => {
    const transfers = () => supplyChain().port('transfers');
    const moved = (...lines: NewStockTransfer['lines']): NewStockTransfer => {
      const { location: from, otherLocation: to } = supplyChain().things;
      return { from, to, reference: `round-${randomUUID()}`, lines };
    };
    const onHand = async (item: string) => {
      const { location, otherLocation } = supplyChain().things;
      return [await supplyChain().onHand(item, location), await supplyChain().onHand(item, otherLocation)];
    };

    test('what is moved leaves one location and lies at the other, at its unit cost', async () => {
      const [here, there] = await onHand('SUTURE-KIT');
      const transfer = moved(SUTURES, { ...SUTURES, quantity: '1' });
      const booked = await transfers().createStockTransfer(key(), transfer);
      expect(booked).toMatchObject({ ...transfer, status: 'booked', value: usd('44.25') });
      expect(await transfers().readStockTransfer(booked.id)).toEqual(booked);
      expect(await onHand('SUTURE-KIT')).toEqual([here! - 3, there! + 3]);
    });

    test('a lot that is moved lies at the other location under its number', async () => {
      const { lot, location, otherLocation } = supplyChain().things;
      const lies = async (at: string) => {
        const { items } = await supplyChain()
          .port('stock')
          .listStockLots({ location: at, item_id: lot.itemId, lot: lot.lot });
        return Number(items[0]?.onHand ?? 0);
      };
      const before = [await lies(location), await lies(otherLocation)];
      await transfers().createStockTransfer(key(), moved({ ...lot, quantity: '2' }));
      expect([await lies(location), await lies(otherLocation)]).toEqual([before[0]! - 2, before[1]! + 2]);
    });

    test('nothing that is moved counts as used, and no adjustment is booked', async () => {
      const stock = supplyChain().port('stock');
      const asked = { location: supplyChain().location, item_id: 'SUTURE-KIT' };
      const { items: before } = await stock.listItemUsage(asked);
      const { reference } = await transfers().createStockTransfer(key(), moved(SUTURES));
      expect((await stock.listItemUsage(asked)).items).toEqual(before);
      expect((await stock.listStockAdjustments({ reference })).items).toEqual([]);
    });

    test('the same business key ten times at once moves once', async () => {
      const [[here, there], transfer, businessKey] = [await onHand('SUTURE-KIT'), moved(SUTURES), key()];
      const moving = () => transfers().createStockTransfer(businessKey, transfer);
      const booked = await Promise.all(Array.from({ length: 10 }, moving));
      expect(new Set(booked.map(({ id }) => id)).size).toBe(1);
      expect(await onHand('SUTURE-KIT')).toEqual([here! - 2, there! + 2]);
      const { items } = await transfers().listStockTransfers({ reference: transfer.reference });
      expect(items).toEqual([booked[0]]);
    });

    test('what does not lie there is not moved, and the refusal says what does', async () => {
      const [here, there] = await onHand('WOUND-DRESSING');
      const line = { itemId: 'WOUND-DRESSING', quantity: String(here! + 1), unit: 'each' };
      const refused = await refusal(transfers().createStockTransfer(key(), moved(line)));
      expect(refused).toMatchObject({ slug: 'conflict', context: { item: 'WOUND-DRESSING', onHand: String(here) } });
      expect(await onHand('WOUND-DRESSING')).toEqual([here, there]);
    });

    test.each([
      ['to an unknown location', { to: 'STOCK-MOON' }, 'unknown-code'],
      ['from an unknown location', { from: 'STOCK-MOON' }, 'unknown-code'],
      ['of an unknown item', { lines: [{ ...SUTURES, itemId: 'UNOBTAINIUM' }] }, 'unknown-code'],
      ['in another unit', { lines: [{ ...SUTURES, unit: 'case' }] }, 'unknown-code'],
      ['of nothing', { lines: [] }, 'validation-failed'],
      ['of less than nothing', { lines: [{ ...SUTURES, quantity: '-1' }] }, 'validation-failed'],
    ])('a transfer %s is refused and leaves the stock as it was', async (_, change, slug) => {
      const before = await onHand('SUTURE-KIT');
      const moving = transfers().createStockTransfer(key(), { ...moved(SUTURES), ...change });
      expect(await refusal(moving)).toMatchObject({ slug });
      expect(await onHand('SUTURE-KIT')).toEqual(before);
    });

    test('a transfer that leads nowhere is refused', async () => {
      const { location: to } = supplyChain();
      const moving = transfers().createStockTransfer(key(), { ...moved(SUTURES), to });
      expect(await refusal(moving)).toMatchObject({ slug: 'validation-failed' });
    });

    test('a transfer is taken back once: the same business key finds it, another one is refused', async () => {
      const before = await onHand('SUTURE-KIT');
      const { from, to } = moved();
      const [booked, businessKey] = [await transfers().createStockTransfer(key(), moved(SUTURES)), key()];
      const reversing = () => transfers().reverseStockTransfer(businessKey, booked.id, { reason: 'Not carried' });
      const reversals = await Promise.all(Array.from({ length: 5 }, reversing));
      expect(new Set(reversals.map(({ id }) => id)).size).toBe(1);
      const [back] = reversals;
      expect(back).toMatchObject({ reverses: booked.id, from: to, to: from, value: usd('29.50') });
      expect(await onHand('SUTURE-KIT')).toEqual(before);
      const context = { stockTransfer: booked.id, reversedBy: back!.id };
      const second = transfers().reverseStockTransfer(key(), booked.id, { reason: 'Once more' });
      expect(await refusal(second)).toEqual({ slug: 'conflict', context });
      const ofReversal = transfers().reverseStockTransfer(key(), back!.id, { reason: 'Back again' });
      expect(await refusal(ofReversal)).toMatchObject({ slug: 'conflict' });
      const reversed = { ...booked, status: 'reversed', reversedBy: back!.id, changedAt: back!.bookedAt };
      expect(await transfers().readStockTransfer(booked.id)).toEqual(reversed);
    });

    test('a transfer is taken back also where its goods were used meanwhile', async () => {
      const [here, there] = await onHand('IUD-COPPER');
      const line = { itemId: 'IUD-COPPER', quantity: '1', unit: 'each' };
      const { id, to } = await transfers().createStockTransfer(key(), moved(line));
      const all = { ...line, quantity: String(there! + 1) };
      const adjustment = { ...supplyChain().used(all), location: to };
      const { id: use } = await supplyChain().port('stock').createStockAdjustment(key(), adjustment);
      await transfers().reverseStockTransfer(key(), id, { reason: 'Not carried' });
      expect(await onHand('IUD-COPPER')).toEqual([here, -1]);
      await supplyChain().port('stock').reverseStockAdjustment(key(), use, { reason: 'Not used' });
      expect(await onHand('IUD-COPPER')).toEqual([here, there]);
    });

    test('transfers are found by their way and when they were booked', async () => {
      const { from, to, reference, changedAt } = await transfers().createStockTransfer(key(), moved(SUTURES));
      const found = async (query: object) =>
        (await transfers().listStockTransfers({ changed_since: changedAt, page_size: 500, ...query })).items.map(
          (transfer) => transfer.reference,
        );
      expect(await found({ from, to })).toContain(reference);
      expect(await found({ from: to, to: from })).not.toContain(reference);
      expect(await found({ reference, changed_since: hourAfter(changedAt) })).toEqual([]);
    });

    test('what was never moved cannot be read or taken back', async () => {
      expect(await refusal(transfers().readStockTransfer('ST-0'))).toMatchObject({ slug: 'not-found' });
      const reversal = transfers().reverseStockTransfer(key(), 'ST-0', { reason: 'None' });
      expect(await refusal(reversal)).toMatchObject({ slug: 'not-found' });
    });
  },
};
