/** What every connector of this API has to do, whatever stands behind it. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Problem, type NewStockAdjustment, type NewSupplyOrder } from '@concord/canonical';
import { waitUntil } from '@concord/testing';
import { portOf, PORTS, type Capability, type SupplyChainConnector, type SupplyChainPorts } from '../connector.js';

/** The slug and the context of a refusal. */
export const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'was not refused',
    (error: unknown) => (error instanceof Problem ? { slug: error.slug, context: error.context } : error),
  );

const FLU = { itemId: 'VAC-FLU', quantity: '0.1', unit: 'vial', lot: 'L-1' };
const SUTURES = { itemId: 'SUTURE-KIT', quantity: '2', unit: 'each' };

const hourAfter = (instant: string): string => new Date(Date.parse(instant) + 3_600_000).toISOString();

/** Every port; one that the connector lacks refuses. */
const portsOf = (connector: SupplyChainConnector): SupplyChainPorts =>
  Object.fromEntries(
    (Object.keys(PORTS) as Capability[]).map((name) => [name, portOf(connector, name)]),
  ) as unknown as SupplyChainPorts;

const EVERYTHING = Object.keys(PORTS) as Capability[];

/**
 * @param serves the capabilities of the connector; all of them where nothing is said. Catalogue and stock have to be there.
 * @param answered waits until the supplier has answered and shipped, where he does not do so at once
 * @param invoiced lets the time pass until he has invoiced
 */
export function connectorConformance(
  name: string,
  make: () => Promise<SupplyChainConnector>,
  serves: readonly Capability[] = EVERYTHING,
  answered?: (order: string) => Promise<void>,
  invoiced?: () => Promise<unknown>,
): void {
  describe(`${name} is a supply chain`, () => {
    let supplyChain: { readonly ports: SupplyChainPorts };
    const key = () => `conformance/${randomUUID()}`;
    const used = (...lines: NewStockAdjustment['lines']): NewStockAdjustment => ({
      location: 'STOCK-EAST',
      reference: `encounter-${randomUUID()}`,
      reason: 'consumption',
      lines,
    });
    const onHand = async (item_id: string, location = 'STOCK-EAST') => {
      const { items } = await supplyChain.ports.stock.listStockLevels({ location, item_id });
      return Number(items[0]?.onHand);
    };

    beforeAll(async () => {
      const connector = await make();
      supplyChain = { ports: portsOf(connector) };
    });

    test('what was used leaves the stock, each line at its unit cost', async () => {
      const before = [await onHand('VAC-FLU'), await onHand('SUTURE-KIT')];
      const adjustment = used(FLU, SUTURES);
      const booked = await supplyChain.ports.stock.createStockAdjustment(key(), adjustment);
      expect(booked).toMatchObject({ ...adjustment, status: 'booked', value: { amount: '46.35', currency: 'USD' } });
      expect(booked.lines.map(({ value }) => value.amount)).toEqual(['16.85', '29.50']);
      expect(await supplyChain.ports.stock.readStockAdjustment(booked.id)).toEqual(booked);
      expect([await onHand('VAC-FLU'), await onHand('SUTURE-KIT')]).toEqual([before[0]! - 0.1, before[1]! - 2]);
    });

    test('the same business key twenty times at once takes once', async () => {
      const [before, adjustment, businessKey] = [await onHand('SUTURE-KIT'), used(SUTURES), key()];
      const taking = () => supplyChain.ports.stock.createStockAdjustment(businessKey, adjustment);
      const booked = await Promise.all(Array.from({ length: 20 }, taking));
      expect(new Set(booked.map(({ id }) => id)).size).toBe(1);
      expect(await onHand('SUTURE-KIT')).toBe(before - 2);
      const { items } = await supplyChain.ports.stock.listStockAdjustments({ reference: adjustment.reference });
      expect(items).toEqual([booked[0]]);
    });

    test('forty adjustments at once of the same items each take their part', async () => {
      const before = [await onHand('CAST-KIT'), await onHand('SPLINT')];
      const lines = [
        { itemId: 'CAST-KIT', quantity: '1', unit: 'each' },
        { itemId: 'SPLINT', quantity: '2', unit: 'each' },
      ];
      const taking = (_: unknown, index: number) =>
        supplyChain.ports.stock.createStockAdjustment(key(), used(...(index % 2 ? lines : lines.toReversed())));
      await Promise.all(Array.from({ length: 40 }, taking));
      expect([await onHand('CAST-KIT'), await onHand('SPLINT')]).toEqual([before[0]! - 40, before[1]! - 80]);
    });

    test('an item on two lines leaves twice', async () => {
      const before = await onHand('SUTURE-KIT');
      await supplyChain.ports.stock.createStockAdjustment(key(), used(SUTURES, SUTURES));
      expect(await onHand('SUTURE-KIT')).toBe(before - 4);
    });

    test('what was used was used, also where the stock did not hold it', async () => {
      const quantity = String((await onHand('GRAFT-KIT')) + 3);
      await supplyChain.ports.stock.createStockAdjustment(key(), used({ itemId: 'GRAFT-KIT', quantity, unit: 'each' }));
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
      const taking = supplyChain.ports.stock.createStockAdjustment(key(), { ...used(SUTURES), ...change });
      expect(await refusal(taking)).toMatchObject({ slug });
      expect(await onHand('SUTURE-KIT')).toBe(before);
    });

    test('a wrong unit is answered with the right one', async () => {
      const taking = supplyChain.ports.stock.createStockAdjustment(key(), used({ ...FLU, unit: 'dose' }));
      const context = { item: 'VAC-FLU', unit: 'dose', stockUnit: 'vial' };
      expect(await refusal(taking)).toEqual({ slug: 'unknown-code', context });
    });

    test('a reversal returns the stock at the value it had', async () => {
      const before = await onHand('VAC-FLU');
      const booked = await supplyChain.ports.stock.createStockAdjustment(key(), used(FLU, SUTURES));
      const reversal = await supplyChain.ports.stock.reverseStockAdjustment(key(), booked.id, {
        reason: 'Encounter corrected',
      });
      expect(reversal).toMatchObject({ reverses: booked.id, reference: booked.reference, value: { amount: '-46.35' } });
      expect(reversal.lines.map(({ quantity }) => quantity)).toEqual(['-0.1', '-2']);
      expect(await onHand('VAC-FLU')).toBe(before);
      const reversed = await supplyChain.ports.stock.readStockAdjustment(booked.id);
      expect(reversed).toEqual({
        ...booked,
        status: 'reversed',
        reversedBy: reversal.id,
        changedAt: reversal.bookedAt,
      });
    });

    test('an adjustment is found by when it was booked, and again by when it was reversed', async () => {
      const { stock } = supplyChain.ports;
      const booked = await stock.createStockAdjustment(key(), used(SUTURES));
      const since = async (changed_since: string) =>
        (await stock.listStockAdjustments({ reference: booked.reference, changed_since })).items;
      expect(await since(booked.changedAt)).toEqual([booked]);
      expect(await since(hourAfter(booked.changedAt))).toEqual([]);
      const reversal = await stock.reverseStockAdjustment(key(), booked.id, { reason: 'Encounter corrected' });
      const both = await since(reversal.changedAt);
      expect(both.map(({ id, changedAt }) => [id, changedAt])).toEqual([
        [booked.id, reversal.bookedAt],
        [reversal.id, reversal.bookedAt],
      ]);
      expect(await since(hourAfter(reversal.changedAt))).toEqual([]);
    });

    test('an adjustment is reversed once: the same business key finds the reversal, another one is refused', async () => {
      const before = await onHand('SUTURE-KIT');
      const booked = await supplyChain.ports.stock.createStockAdjustment(key(), used(SUTURES));
      const businessKey = key();
      const reversing = () =>
        supplyChain.ports.stock.reverseStockAdjustment(businessKey, booked.id, { reason: 'Corrected' });
      const reversals = await Promise.all(Array.from({ length: 20 }, reversing));
      expect(new Set(reversals.map(({ id }) => id)).size).toBe(1);
      const context = { stockAdjustment: booked.id, reversedBy: reversals[0]!.id };
      const second = supplyChain.ports.stock.reverseStockAdjustment(key(), booked.id, { reason: 'Once more' });
      expect(await refusal(second)).toEqual({ slug: 'conflict', context });
      const ofReversal = supplyChain.ports.stock.reverseStockAdjustment(key(), reversals[0]!.id, {
        reason: 'Back again',
      });
      expect(await refusal(ofReversal)).toMatchObject({ slug: 'conflict' });
      expect(await onHand('SUTURE-KIT')).toBe(before);
    });

    test('one business key may name an adjustment and its reversal', async () => {
      const businessKey = key();
      const booked = await supplyChain.ports.stock.createStockAdjustment(businessKey, used(SUTURES));
      const reversal = await supplyChain.ports.stock.reverseStockAdjustment(businessKey, booked.id, {
        reason: 'Corrected',
      });
      expect(reversal.reverses).toBe(booked.id);
    });

    test('what was never booked cannot be read or reversed', async () => {
      expect(await refusal(supplyChain.ports.stock.readStockAdjustment('SA-0'))).toMatchObject({ slug: 'not-found' });
      const reversal = supplyChain.ports.stock.reverseStockAdjustment(key(), 'SA-0', { reason: 'None' });
      expect(await refusal(reversal)).toMatchObject({ slug: 'not-found' });
      expect(await refusal(supplyChain.ports.catalogue.readItem('UNOBTAINIUM'))).toMatchObject({ slug: 'not-found' });
    });

    test('an item is found by what the scanner reads, and by its name', async () => {
      const vaccine = await supplyChain.ports.catalogue.readItem('VAC-FLU');
      expect((await supplyChain.ports.catalogue.listItems({ gtin: vaccine.gtin })).items).toEqual([vaccine]);
      expect((await supplyChain.ports.catalogue.listItems({ text: 'INFLUENZA' })).items).toEqual([vaccine]);
      expect((await supplyChain.ports.catalogue.listItems({ gtin: '00000000000000' })).items).toEqual([]);
    });

    test('an item is found by when it was changed', async () => {
      const { catalogue } = supplyChain.ports;
      const vaccine = await catalogue.readItem('VAC-FLU');
      const since = async (changed_since: string) =>
        (await catalogue.listItems({ gtin: vaccine.gtin, changed_since })).items;
      expect(await since(vaccine.changedAt)).toEqual([vaccine]);
      expect(await since(hourAfter(vaccine.changedAt))).toEqual([]);
    });

    test('a stock level is found by when something moved there last', async () => {
      const { stock } = supplyChain.ports;
      const asked = { location: 'STOCK-EAST', item_id: 'WOUND-DRESSING' };
      const [before] = (await stock.listStockLevels(asked)).items;
      await stock.createStockAdjustment(key(), used({ itemId: 'WOUND-DRESSING', quantity: '1', unit: 'each' }));
      const [after] = (await stock.listStockLevels(asked)).items;
      expect(Date.parse(after!.changedAt)).toBeGreaterThanOrEqual(Date.parse(before!.changedAt));
      const since = async (changed_since: string) => (await stock.listStockLevels({ ...asked, changed_since })).items;
      expect(await since(after!.changedAt)).toEqual([after]);
      expect(await since(hourAfter(after!.changedAt))).toEqual([]);
    });

    test('pages of the stock levels hold every level once', async () => {
      const seen: string[] = [];
      let page_token: string | undefined;
      do {
        const page = await supplyChain.ports.stock.listStockLevels({ page_size: 30, page_token });
        seen.push(...page.items.map(({ location, itemId }) => `${location} ${itemId}`));
        page_token = page.nextPageToken;
      } while (page_token);
      const { items } = await supplyChain.ports.catalogue.listItems({ page_size: 500 });
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toHaveLength(items.length * 4);
    });

    test('what it does not serve, it refuses by name', async () => {
      const connector = await make();
      expect(Object.keys(connector.ports).sort()).toEqual([...serves].sort());
      if (serves.includes('contracts')) return;
      const asking = supplyChain.ports.contracts.listContractPrices({});
      expect(await refusal(asking)).toEqual({ slug: 'not-supported', context: { capability: 'contracts' } });
    });

    test('every item has a contract price in its stock unit', async () => {
      if (!serves.includes('contracts')) return;
      for (const { id, stockUnit } of (await supplyChain.ports.catalogue.listItems({ page_size: 500 })).items) {
        const { items } = await supplyChain.ports.contracts.listContractPrices({ item_id: id });
        expect(items.map(({ unit }) => unit)).toContain(stockUnit);
      }
    });

    test('a page token of another list is refused', async () => {
      const page_token = Buffer.from('{"a":1}').toString('base64url');
      const slug = 'validation-failed';
      expect(await refusal(supplyChain.ports.catalogue.listItems({ page_token }))).toMatchObject({ slug });
      expect(await refusal(supplyChain.ports.stock.listStockLevels({ page_token }))).toMatchObject({ slug });
      expect(await refusal(supplyChain.ports.stock.listStockAdjustments({ page_token }))).toMatchObject({ slug });
    });

    // The seeds of these are those of our own stores; a connector that serves a part tests its lots and par levels itself.
    const whole = serves.length === EVERYTHING.length ? describe : describe.skip;
    whole('with contracts, lots, par levels and orders', () => {
      test('one question answers what a supplier charges for an item on a day', async () => {
        const question = { item_id: 'VAC-FLU', supplier: 'SUP-PRAIRIE-BIOLOGICS' };
        const { items } = await supplyChain.ports.contracts.listContractPrices({ ...question, date: '2026-11-21' });
        expect(items).toMatchObject([{ contract: 'CT-2026-011', price: { amount: '168.50', currency: 'USD' } }]);
        const since = async (changed_since: string) =>
          (await supplyChain.ports.contracts.listContractPrices({ ...question, changed_since })).items;
        expect(await since(items[0]!.changedAt)).toEqual(items);
        expect(await since(hourAfter(items[0]!.changedAt))).toEqual([]);
        expect(
          (await supplyChain.ports.contracts.listContractPrices({ ...question, date: '2025-11-21' })).items,
        ).toEqual([]);
        expect(await supplyChain.ports.contracts.readContract('CT-2026-011')).toMatchObject({ status: 'active' });
      });

      test('what is taken under a lot is gone from that lot, and counts as used', async () => {
        const asked = { location: 'STOCK-EAST', item_id: 'VAC-TDAP' };
        const lots = await supplyChain.ports.stock.listStockLots(asked);
        const [first] = lots.items;
        const line = { itemId: 'VAC-TDAP', quantity: '3', unit: 'syringe', lot: first!.lot };
        await supplyChain.ports.stock.createStockAdjustment(key(), used(line));
        const [after] = (await supplyChain.ports.stock.listStockLots({ ...asked, lot: first!.lot })).items;
        expect([lots.items.length, Number(after!.onHand)]).toEqual([2, Number(first!.onHand) - 3]);
        expect((await supplyChain.ports.stock.listItemUsage(asked)).items).toMatchObject([{ quantity: '3' }]);
        const since = async (changed_since: string) =>
          (await supplyChain.ports.stock.listStockLots({ ...asked, changed_since })).items;
        expect(await since(after!.changedAt)).toContainEqual(after);
        expect(await since(hourAfter(after!.changedAt))).toEqual([]);
        const { items: expired } = await supplyChain.ports.stock.listStockLots({
          ...asked,
          expires_before: '2027-12-31',
        });
        expect(expired.map(({ lot }) => lot)).toEqual(['L-2027-VAC-TDAP']);
      });

      test('a par level is changed by who has seen its revision, and by nobody else', async () => {
        const { parLevels } = supplyChain.ports;
        const seen = await parLevels.readParLevel('STOCK-EAST:SPLINT');
        const changed = await parLevels.changeParLevel(seen.id, seen.revision, { parLevel: '80' });
        expect(changed).toMatchObject({ parLevel: '80', reorderPoint: seen.reorderPoint });
        expect(await refusal(parLevels.changeParLevel(seen.id, seen.revision, { parLevel: '90' }))).toMatchObject({
          slug: 'stale',
        });
        const senseless = parLevels.changeParLevel(seen.id, changed.revision, { reorderPoint: '81' });
        expect(await refusal(senseless)).toMatchObject({ slug: 'validation-failed' });
      });

      const wished = {
        location: 'STOCK-EAST',
        neededOn: '2026-12-01',
        lines: [{ itemId: 'SUTURE-KIT', quantity: '2', unit: 'case' }],
      };
      const ordered = (quantity: string, more: object = {}): NewSupplyOrder => ({
        number: `PO-${randomUUID().slice(0, 8)}`,
        supplier: 'SUP-HARBOR-MEDICAL',
        deliverTo: 'STOCK-EAST',
        neededOn: '2026-12-01',
        lines: [{ itemId: 'SUTURE-KIT', quantity, unit: 'case', unitPrice: { amount: '295.00', currency: 'USD' } }],
        ...more,
      });

      test('a requisition is changed while it is open, ordered once, and then no more', async () => {
        const { requisitions, orders } = supplyChain.ports;
        const businessKey = key();
        const asked = await requisitions.createRequisition(businessKey, wished);
        expect(await requisitions.createRequisition(businessKey, wished)).toEqual(asked);
        const changed = await requisitions.changeRequisition(asked.id, asked.revision, { neededOn: '2026-12-05' });
        expect([changed.neededOn, changed.status]).toEqual(['2026-12-05', 'open']);
        await orders.createOrder(key(), ordered('2', { requisition: asked.id }));
        expect(await requisitions.readRequisition(asked.id)).toMatchObject({ status: 'ordered' });
        expect(await refusal(requisitions.cancelRequisition(asked.id))).toMatchObject({ slug: 'conflict' });
        const again = orders.createOrder(key(), ordered('2', { requisition: asked.id }));
        expect(await refusal(again)).toMatchObject({ slug: 'conflict' });
      });

      test('the same business key orders once, and another order cannot have its number', async () => {
        const { orders } = supplyChain.ports;
        const [order, businessKey] = [ordered('5'), key()];
        const sent = await Promise.all(Array.from({ length: 8 }, () => orders.createOrder(businessKey, order)));
        expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
        expect(sent[0]!.total).toEqual({ amount: '1475.00', currency: 'USD' });
        expect(await refusal(orders.createOrder(key(), order))).toMatchObject({ slug: 'conflict' });
      });

      test.each([
        ['an unknown supplier', { supplier: 'SUP-NOBODY' }, 'unknown-code'],
        ['an unknown location', { deliverTo: 'STOCK-MOON' }, 'unknown-code'],
        ['nothing', { lines: [] }, 'validation-failed'],
      ])('an order of %s is refused', async (_, change, slug) => {
        expect(await refusal(supplyChain.ports.orders.createOrder(key(), ordered('1', change)))).toMatchObject({
          slug,
        });
      });

      test('what a supplier cannot deliver yet is owed, and the item says so in one answer', async () => {
        const { orders, fulfilment, stock } = supplyChain.ports;
        const before = await stock.readItemAvailability('CAST-KIT');
        const { id } = await orders.createOrder(
          key(),
          ordered('130', {
            lines: [
              { itemId: 'CAST-KIT', quantity: '130', unit: 'case', unitPrice: { amount: '224.00', currency: 'USD' } },
            ],
          }),
        );
        await answered?.(id);
        const order = await orders.readOrder(id);
        expect(order).toMatchObject({
          status: 'partially-shipped',
          lines: [{ confirmed: '100', shipped: '100', backordered: '30' }],
        });
        expect(order.acknowledgedAt).toBeDefined();
        const [confirmation] = (await fulfilment.listOrderConfirmations({ order: id })).items;
        expect(confirmation!.lines.map(({ status, quantity }) => `${status} ${quantity}`)).toEqual([
          'accepted 100',
          'backordered 30',
        ]);
        const [notice] = (await fulfilment.listShipmentNotices({ order: id })).items;
        expect(notice!.lines).toMatchObject([{ line: 1, itemId: 'CAST-KIT', quantity: '100', unit: 'case' }]);
        expect((await fulfilment.listBackorders({ order: id })).items).toMatchObject([
          { id: `${id}:1`, quantity: '30' },
        ]);
        const after = await stock.readItemAvailability('CAST-KIT');
        expect(Number(after.onOrder) - Number(before.onOrder)).toBe(30 * 10); // a case holds 10
        expect(Number(after.backordered) - Number(before.backordered)).toBe(30 * 10);
        expect(await refusal(orders.cancelOrder(id))).toMatchObject({ slug: 'conflict' });
      });

      test('what a supplier asks to be paid is entered in the ERP once', async () => {
        const { orders, invoices } = supplyChain.ports;
        const { id } = await orders.createOrder(key(), ordered('3'));
        await answered?.(id);
        await invoiced?.();
        const waiting = async () =>
          (await invoices.listReceivedInvoices({ order: id, status: 'received' })).items.at(0) ?? false;
        const invoice = await waitUntil('the invoice', waiting, { withinMs: 20_000 });
        expect(invoice).toMatchObject({
          supplier: 'SUP-HARBOR-MEDICAL',
          kind: 'invoice',
          lines: [{ orderLine: 1, itemId: 'SUTURE-KIT', quantity: '3', unit: 'case' }],
          total: { amount: '885.00', currency: 'USD' },
        });
        const entered = await invoices.enterReceivedInvoice(invoice.id, 'SI-1');
        expect(entered).toMatchObject({ status: 'entered', supplierInvoice: 'SI-1' });
        expect(await invoices.enterReceivedInvoice(invoice.id, 'SI-1')).toEqual(entered);
        expect(await refusal(invoices.enterReceivedInvoice(invoice.id, 'SI-2'))).toMatchObject({ slug: 'conflict' });
        expect((await invoices.listReceivedInvoices({ order: id, status: 'received' })).items).toEqual([]);
      });

      test('what suppliers have of an item is said with what we have', async () => {
        const { suppliers = [] } = await supplyChain.ports.stock.readItemAvailability('GRAFT-KIT');
        expect(suppliers.map(({ supplier }) => supplier)).toContain('SUP-CEDAR-SURGICAL');
        const { items } = await supplyChain.ports.catalogue.listSupplierStock({ item_id: 'GRAFT-KIT' });
        expect(items.map(({ supplier }) => supplier)).toEqual(suppliers.map(({ supplier }) => supplier));
      });

      test('changes are found by when they were made', async () => {
        const { orders } = supplyChain.ports;
        const { id, changedAt } = await orders.createOrder(key(), ordered('1'));
        const { items } = await orders.listOrders({ changed_since: changedAt, page_size: 500 });
        expect(items.map((order) => order.id)).toContain(id);
        const later = new Date(Date.parse(changedAt) + 3_600_000).toISOString();
        expect((await orders.listOrders({ changed_since: later })).items).toEqual([]);
      });
    });
  });
}
