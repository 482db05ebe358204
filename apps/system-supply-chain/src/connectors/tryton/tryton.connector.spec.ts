import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Item } from '@concord/canonical';
import { aloneInTryton, lossyProxy, trytonServer, type LossyProxy } from '@concord/testing';
import { toWireDay, TrytonConfig, TrytonRecords, trytonClient } from '@concord/tryton';
import { connectorConformance, refusal } from '../connector.conformance.js';
import { ITEMS } from '../../stores/items.seed.js';
import { STOCK_LEVELS } from '../../stores/seed.js';
import { prepareStock } from './prepare.js';
import { TrytonConnector } from './tryton.connector.js';
import { TrytonStockConfig } from './tryton-stock.config.js';

const server = await trytonServer();
const clock = () => new Date();
const LOT = { itemId: 'VAC-TDAP', unit: 'syringe', lot: 'L-CONFORMANCE' };
const STOCK = {
  items: ITEMS.map(({ id, gtin, name, stockUnit, units, cost, lotTracked }): Omit<Item, 'changedAt'> => ({
    id,
    gtin,
    name,
    stockUnit,
    units: [...units],
    unitCost: { amount: cost, currency: 'USD' },
    lotTracked,
  })),
  levels: STOCK_LEVELS.map(({ location, item_id, on_hand, par_level }) => ({
    location,
    itemId: item_id,
    onHand: on_hand,
    parLevel: par_level,
  })),
};

if ('missing' in server) {
  test.skip(server.missing, () => undefined);
} else {
  const { url, database, user, password } = server;
  const settings = Object.assign(new TrytonConfig(), { url, database, user, password });
  const stockSettings = Object.assign(new TrytonStockConfig(), { company: 'HOSP', requester: '4' });
  const connectors: TrytonConnector[] = [];
  let records: TrytonRecords;
  let proxy: LossyProxy;
  let supplyChain: TrytonConnector;

  const connect = async (changes: Partial<TrytonStockConfig> = {}, address = url) => {
    const config = Object.assign(new TrytonConfig(), settings, { url: address });
    const connector = new TrytonConnector(
      config,
      Object.assign(new TrytonStockConfig(), stockSettings, changes),
      clock,
    );
    connectors.push(connector);
    await connector.onModuleInit();
    return connector;
  };

  /** Tryton keeps its stock between runs, so it is counted anew before each, as people would. */
  const count = async (location: string) => {
    const place = await records.first('stock.location', [['code', '=', location]], ['code']);
    const date = toWireDay(clock().toISOString().slice(0, 10));
    const [inventory] = await records.create('stock.inventory', [{ location: place!.id, company: 1, date }]);
    await records.press('stock.inventory', 'complete_lines', [inventory!]);
    const lines = await records.find<{ 'product.': { code: string }; lot: number | null }>(
      'stock.inventory.line',
      [['inventory', '=', inventory]],
      ['product.code', 'lot'],
    );
    for (const { id, lot, 'product.': product } of lines) {
      const opening = STOCK.levels.find((level) => level.location === location && level.itemId === product.code);
      const quantity = lot === null ? Number(opening?.onHand ?? 0) : 0;
      await records.write('stock.inventory.line', id, { quantity });
    }
    await records.press('stock.inventory', 'confirm', [inventory!]);
  };

  /** So much of a lot is found at a location. */
  const layDown = async (location: string, { itemId, lot: number }: typeof LOT, quantity: number) => {
    const idOf = async (model: string, field: string, value: string) =>
      (await records.first(model, [[field, '=', value]], [field]))?.id;
    const [place, product] = [
      await idOf('stock.location', 'code', location),
      await idOf('product.product', 'code', itemId),
    ];
    const lot =
      (await idOf('stock.lot', 'number', number)) ?? (await records.create('stock.lot', [{ product, number }]))[0];
    const date = toWireDay(clock().toISOString().slice(0, 10));
    const lines = [['create', [{ product, lot, quantity }]]];
    const [inventory] = await records.create('stock.inventory', [{ location: place, company: 1, date, lines }]);
    await records.press('stock.inventory', 'confirm', [inventory!]);
  };

  beforeAll(async () => {
    records = new TrytonRecords(trytonClient(settings));
    proxy = await lossyProxy(url);
    await aloneInTryton(() => prepareStock(records, stockSettings, STOCK));
    await count('STOCK-EAST');
    await layDown('STOCK-EAST', LOT, 100);
    supplyChain = await connect();
  }, 600_000);

  afterAll(async () => {
    for (const connector of connectors) await connector.onModuleDestroy();
    await records?.client.close();
    await proxy?.close();
  });

  connectorConformance(
    'Tryton',
    async () => ({ connector: supplyChain, things: { lot: LOT, lotExpiresBefore: undefined, atOnce: 12 } }),
    ['catalogue', 'stock', 'transfers', 'parLevels', 'requisitions', 'replenishment'],
  );

  const key = () => `spec/${randomUUID()}`;
  const used = (quantity = '1') => ({
    location: 'STOCK-WEST',
    reference: `encounter-${randomUUID()}`,
    reason: 'consumption' as const,
    lines: [{ itemId: 'SPLINT', quantity, unit: 'each' }],
  });

  describe('an operator who binds the stock of Tryton', () => {
    test('prepares it once; the second time there is nothing to do', async () => {
      expect(await prepareStock(records, stockSettings, STOCK)).toEqual([]);
    });

    test('is told all that Tryton does not have, in one message', async () => {
      const nameless = connect({ requester: 'NOBODY' });
      await expect(nameless).rejects.toThrow('no employee NOBODY');
      const start = connect({ company: 'NOBODY', root: 'NOWHERE' });
      await expect(start).rejects.toThrow(/no company NOBODY.*no location NOWHERE \(TRYTON_STOCK_ROOT\)/);
    });
  });

  test('what was used is found again when the reply that it was written is lost', async () => {
    const behind = await connect({}, proxy.url);
    const [businessKey, adjustment] = [key(), used()];
    proxy.loseReplyTo('model.stock.shipment.internal.create');
    const first = behind.ports.stock.createStockAdjustment(businessKey, adjustment);
    expect(await refusal(first)).toMatchObject({ slug: 'upstream-unavailable' });
    const again = await behind.ports.stock.createStockAdjustment(businessKey, adjustment);
    expect(again).toMatchObject(adjustment);
    const { items } = await behind.ports.stock.listStockAdjustments({ reference: adjustment.reference });
    expect(items).toEqual([again]);
  });

  test.each(['create', 'assign_try', 'done'])(
    'what was moved is found again when the reply to its %s is lost',
    async (step) => {
      const behind = await connect({}, proxy.url);
      const lines = [{ itemId: 'SPLINT', quantity: '1', unit: 'each' }];
      const transfer = { from: 'STOCK-EAST', to: 'STOCK-WEST', reference: `round-${randomUUID()}`, lines };
      const businessKey = key();
      proxy.loseReplyTo(`model.stock.shipment.internal.${step}`);
      const first = behind.ports.transfers.createStockTransfer(businessKey, transfer);
      expect(await refusal(first)).toMatchObject({ slug: 'upstream-unavailable' });
      const again = await behind.ports.transfers.createStockTransfer(businessKey, transfer);
      expect(again).toMatchObject(transfer);
      const { items } = await behind.ports.transfers.listStockTransfers({ reference: transfer.reference });
      expect(items).toEqual([again]);
    },
  );

  test.each(['create', 'wait'])('what was asked for is found again when the reply to its %s is lost', async (step) => {
    const behind = await connect({}, proxy.url);
    const lines = [{ itemId: 'SPLINT', quantity: '1', unit: 'case' }];
    const [businessKey, wished] = [key(), { location: 'STOCK-WEST', neededOn: '2026-12-01', lines }];
    proxy.loseReplyTo(`model.purchase.requisition.${step}`);
    const first = behind.ports.requisitions!.createRequisition(businessKey, wished);
    expect(await refusal(first)).toMatchObject({ slug: 'upstream-unavailable' });
    const again = await behind.ports.requisitions!.createRequisition(businessKey, wished);
    expect(again).toMatchObject({ ...wished, status: 'open' });
    const since = { location: 'STOCK-WEST', changed_since: again.changedAt, page_size: 500 };
    const { items } = await behind.ports.requisitions!.listRequisitions(since);
    expect(items.map(({ id }) => id)).toEqual([again.id]);
    await behind.ports.requisitions!.cancelRequisition(again.id);
  });

  test('one call says what there is of an item, and usage what was taken of it', async () => {
    await new Promise((resolve) => setTimeout(resolve, 2100)); // Tryton tells seconds, and other tests use splints too
    const since = new Date(Date.now() - 1000).toISOString();
    const before = await supplyChain.ports.stock.readItemAvailability('SPLINT');
    const { id } = await supplyChain.ports.stock.createStockAdjustment(key(), used('3'));
    await supplyChain.ports.stock.createStockAdjustment(key(), used('2'));
    await supplyChain.ports.stock.reverseStockAdjustment(key(), id, { reason: 'Not used' });
    const after = await supplyChain.ports.stock.readItemAvailability('SPLINT');
    expect(Number(before.onHand) - Number(after.onHand)).toBe(2);
    expect(after.locations.map(({ location }) => location)).toContain('STOCK-WEST');
    const asked = { location: 'STOCK-WEST', item_id: 'SPLINT', since };
    const { items } = await supplyChain.ports.stock.listItemUsage(asked);
    expect(items).toMatchObject([{ itemId: 'SPLINT', quantity: '2', unit: 'each' }]);
  });

  test('units are those of the item: a dose is a tenth of a vial, a box is ten', async () => {
    const { units } = await supplyChain.ports.catalogue.readItem('VAC-FLU');
    expect(units).toEqual(STOCK.items.find(({ id }) => id === 'VAC-FLU')!.units);
  });
}
