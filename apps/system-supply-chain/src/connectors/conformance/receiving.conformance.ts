/** What suppliers have sent off, and what of it has come. */
import { expect, test } from '@jest/globals';
import type { NewShipmentReceipt, ShipmentNotice } from '@concord/canonical';
import { hourAfter, key, refusal, usd, type CapabilitySuite } from './subject.js';

/** A case holds 20. */
const CASES = 20;

export const receiving: CapabilitySuite = {
  capability: 'receiving',
  sample: (supplyChain) => supplyChain.port('receiving').createShipmentReceipt(key(), { shipment: 'SH-0' }),
  tests: (supplyChain) => {
    const receiving = () => supplyChain().port('receiving');
    const receive = (receipt: NewShipmentReceipt) => receiving().createShipmentReceipt(key(), receipt);
    const noticeOf = async (order: string): Promise<ShipmentNotice> =>
      (await supplyChain().port('fulfilment').listShipmentNotices({ order })).items[0]!;
    const shipped = async (quantity: string) => noticeOf(await supplyChain().answered(quantity));
    const five = (more: object = {}) => ({ lines: [{ shipmentLine: 1, quantity: '5', ...more }] });
    const onHand = (location?: string) => supplyChain().onHand('SUTURE-KIT', location);
    const onOrder = async () => {
      const { locations } = await supplyChain().port('stock').readItemAvailability('SUTURE-KIT');
      return Number(locations.find(({ location }) => location === supplyChain().location)?.onOrder);
    };

    test('what came of a shipment lies there in stock units, and is on order no more', async () => {
      const [before, ordered] = [await onHand(), await onOrder()];
      const { id: shipment, order, supplier } = await shipped('5');
      expect([await onHand(), await onOrder()]).toEqual([before, ordered + 5 * CASES]);
      const receipt = await receive({ shipment });
      expect(receipt).toMatchObject({
        shipment,
        order,
        supplier,
        location: supplyChain().location,
        status: 'booked',
        value: usd('1475.00'),
        lines: [
          { shipmentLine: 1, orderLine: 1, quantity: '5', unit: 'case', stockQuantity: '100', stockUnit: 'each' },
        ],
      });
      expect(await receiving().readShipmentReceipt(receipt.id)).toEqual(receipt);
      expect([await onHand(), await onOrder()]).toEqual([before + 5 * CASES, ordered]);
      expect(await noticeOf(order)).toMatchObject({ status: 'received', lines: [{ quantity: '5', received: '5' }] });
      const told = await supplyChain().port('orders').readOrder(order);
      expect(told).toMatchObject({ allReceived: true, lines: [{ shipped: '5', received: '5' }] });
    });

    test('a shipment that arrives is found by the number on its delivery note', async () => {
      const { id, number } = await shipped('5');
      const found = await supplyChain().port('fulfilment').listShipmentNotices({ number });
      expect(found.items.map((notice) => notice.id)).toEqual([id]);
    });

    test('what is tracked by lot comes under the lot of the notice and with its expiry', async () => {
      const { location } = supplyChain();
      const lines = [{ itemId: 'VAC-FLU', quantity: '2', unit: 'box', unitPrice: usd('100.00') }];
      const { id: shipment, lines: sent } = await noticeOf(await supplyChain().answered('2', { lines }));
      const { lot, expiresOn } = sent[0]!;
      const lies = async () =>
        (await supplyChain().port('stock').listStockLots({ location, item_id: 'VAC-FLU', lot })).items[0];
      const before = Number((await lies())?.onHand ?? 0);
      const [came] = (await receive({ shipment })).lines;
      expect(came).toMatchObject({ lot, expiresOn });
      const after = await lies();
      expect(Number(after!.onHand) - before).toBe(Number(came!.stockQuantity));
      expect(after!.expiresOn).toBe(expiresOn);
    });

    test('pieces with serial numbers lie there one by one in the receipt, and alone under their own', async () => {
      const device = { itemId: 'IUD-COPPER', quantity: '2', unit: 'each', unitPrice: usd('246.00') };
      const { id: shipment } = await noticeOf(await supplyChain().answered('2', { lines: [device] }));
      const piece = (serial: string) => ({ shipmentLine: 1, quantity: '1', serial });
      const { lines } = await receive({ shipment, lines: [piece('SN-1')] });
      const lies = async () => {
        const asked = { location: supplyChain().location, item_id: 'IUD-COPPER', lot: lines[0]!.lot };
        return (await supplyChain().port('stock').listStockLots(asked)).items;
      };
      expect(await lies()).toMatchObject([{ onHand: '1', serial: 'SN-1' }]);
      const second = await receive({ shipment, lines: [piece('SN-2')] });
      const both = await lies();
      expect(both).toMatchObject([{ onHand: '2' }]);
      expect(both[0]!.serial).toBeUndefined(); // of two pieces no one number is told
      const { items } = await receiving().listShipmentReceipts({ shipment });
      expect(items.map((receipt) => receipt.lines[0]!.serial)).toEqual(['SN-1', 'SN-2']);
      expect(second.value).toEqual(usd('246.00'));
    });

    test('what comes in parts, also elsewhere than ordered, is received in parts', async () => {
      const { otherLocation } = supplyChain().things;
      const { id: shipment, order } = await shipped('8');
      const [here, there] = [await onHand(), await onHand(otherLocation)];
      await receive({ shipment, location: otherLocation, ...five() });
      expect(await noticeOf(order)).toMatchObject({ status: 'partially-received', lines: [{ received: '5' }] });
      expect((await supplyChain().port('orders').readOrder(order)).allReceived).toBe(false);
      const open = await supplyChain().port('fulfilment').listShipmentNotices({ order, status: 'partially-received' });
      expect(open.items.map(({ id }) => id)).toEqual([shipment]);
      await receive({ shipment });
      expect([await onHand(), await onHand(otherLocation)]).toEqual([here + 3 * CASES, there + 5 * CASES]);
      expect(await noticeOf(order)).toMatchObject({ status: 'received', lines: [{ received: '8' }] });
      expect(await refusal(receive({ shipment }))).toEqual({ slug: 'conflict', context: { shipment } });
    });

    test('the same business key ten times at once is received once', async () => {
      const { id: shipment } = await shipped('5');
      const [before, businessKey] = [await onHand(), key()];
      const receipts = await Promise.all(
        Array.from({ length: 10 }, () => receiving().createShipmentReceipt(businessKey, { shipment })),
      );
      expect(new Set(receipts.map(({ id }) => id)).size).toBe(1);
      expect(await onHand()).toBe(before + 5 * CASES);
      expect((await receiving().listShipmentReceipts({ shipment })).items).toEqual([receipts[0]]);
    });

    test('of ten who receive the same shipment at once, one does', async () => {
      const { id: shipment } = await shipped('5');
      const before = await onHand();
      const receipts = await Promise.allSettled(Array.from({ length: 10 }, () => receive({ shipment })));
      expect(receipts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await onHand()).toBe(before + 5 * CASES);
    });

    test('more than was sent off is refused with its place, unless it is said that it is kept', async () => {
      const { id: shipment, order } = await shipped('4');
      const before = await onHand();
      expect(await refusal(receive({ shipment, ...five() }))).toEqual({
        slug: 'conflict',
        context: { shipment, shipmentLine: '1', shipped: '4', received: '0' },
      });
      await expect(receive({ shipment, ...five() })).rejects.toMatchObject({
        errors: [{ pointer: '/lines/0/quantity', code: 'maximum' }],
      });
      expect(await onHand()).toBe(before);
      await receive({ shipment, ...five({ surplus: true }) });
      expect(await onHand()).toBe(before + 5 * CASES);
      expect(await noticeOf(order)).toMatchObject({ status: 'received', lines: [{ quantity: '4', received: '5' }] });
    });

    test('what is taken back lies there no more, is on order again, and may be received anew', async () => {
      const { id: shipment, order } = await shipped('5');
      const [before, ordered] = [await onHand(), await onOrder()];
      const { id } = await receive({ shipment });
      const businessKey = key();
      const takingBack = () => receiving().reverseShipmentReceipt(businessKey, id, { reason: 'Counted twice' });
      const back = await takingBack();
      expect(back).toMatchObject({ reverses: id, value: usd('-1475.00'), lines: [{ quantity: '-5' }] });
      expect(await takingBack()).toEqual(back);
      expect([await onHand(), await onOrder()]).toEqual([before, ordered]);
      expect(await receiving().readShipmentReceipt(id)).toMatchObject({ status: 'reversed', reversedBy: back.id });
      expect(await noticeOf(order)).toMatchObject({ status: 'shipped', lines: [{ received: '0' }] });
      const again = receiving().reverseShipmentReceipt(key(), id, { reason: 'Again' });
      const context = { shipmentReceipt: id, reversedBy: back.id };
      expect(await refusal(again)).toEqual({ slug: 'conflict', context });
      const ofReversal = receiving().reverseShipmentReceipt(key(), back.id, { reason: 'Back' });
      expect(await refusal(ofReversal)).toEqual({ slug: 'conflict', context: { reverses: id } });
      await receive({ shipment });
      expect(await onHand()).toBe(before + 5 * CASES);
    });

    test.each([
      ['of an unknown shipment', { shipment: 'SH-NONE' }, 'unknown-code'],
      ['at an unknown location', { location: 'STOCK-MOON' }, 'unknown-code'],
      ['of a line that is not of it', { lines: [{ shipmentLine: 9, quantity: '1' }] }, 'validation-failed'],
      ['of nothing', five({ quantity: '0' }), 'validation-failed'],
    ])('a receipt %s is refused', async (_, change, slug) => {
      const { id: shipment } = await shipped('5');
      expect(await refusal(receive({ shipment, ...change }))).toMatchObject({ slug });
    });

    test('another lot than the notice tells is refused', async () => {
      const lines = [{ itemId: 'VAC-FLU', quantity: '1', unit: 'box', unitPrice: usd('100.00') }];
      const { id: shipment } = await noticeOf(await supplyChain().answered('1', { lines }));
      const other = receive({ shipment, lines: [{ shipmentLine: 1, quantity: '1', lot: 'L-OTHER' }] });
      await expect(other).rejects.toMatchObject({ slug: 'validation-failed', errors: [{ pointer: '/lines/0/lot' }] });
    });

    test('receipts are found by order and location and when they were booked', async () => {
      const { id: shipment, order } = await shipped('5');
      const { location, bookedAt, id } = await receive({ shipment });
      const found = async (query: object) =>
        (await receiving().listShipmentReceipts({ order, ...query })).items.map((receipt) => receipt.id);
      expect(await found({ location, changed_since: bookedAt })).toEqual([id]);
      expect(await found({ location: supplyChain().things.otherLocation })).toEqual([]);
      expect(await found({ changed_since: hourAfter(bookedAt) })).toEqual([]);
    });

    test('what was never received cannot be read or taken back', async () => {
      expect(await refusal(receiving().readShipmentReceipt('RC-0'))).toMatchObject({ slug: 'not-found' });
      const reversal = receiving().reverseShipmentReceipt(key(), 'RC-0', { reason: 'None' });
      expect(await refusal(reversal)).toMatchObject({ slug: 'not-found' });
    });
  },
};
