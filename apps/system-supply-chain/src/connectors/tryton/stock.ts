/** What lies where in Tryton: levels by location, lots, usage, and all about one item. */
import { DEFAULT_PAGE_SIZE, pagePosition, Problem, toPage } from '@concord/canonical';
import type {
  ItemAvailability,
  ItemUsage,
  NewReversal,
  NewStockAdjustment,
  Page,
  StockAdjustment,
  StockLevel,
  StockLot,
} from '@concord/canonical';
import type { Clock } from '@concord/api';
import {
  fromWireDay,
  fromWireInstant,
  toWireInstant,
  type TrytonRecords,
  type WireDay,
  type WireInstant,
} from '@concord/tryton';
import { Decimal } from 'decimal.js';
import { Stock } from '../../ports/stock.port.js';
import type { ItemUsageQuery, StockAdjustmentQuery, StockLevelQuery, StockLotQuery } from '../../queries.js';
import type { TrytonAdjustments } from './adjustments.js';
import type { KnownItem, TrytonItems } from './items.js';
import { lastMoves } from './movements.js';
import { plain, type OnHand } from './on-hand.js';
import type { TrytonParLevels } from './par-levels.js';
import type { PlacesCache } from './places.js';

const LOT_FIELDS = ['number', 'quantity', 'create_date', 'product.code', 'default_uom.name'];

type Position = [location: string, itemId: string];

const isPosition = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');

const isText = (value: unknown): boolean => typeof value === 'string';

export class TrytonStock extends Stock {
  constructor(
    private readonly tryton: TrytonRecords,
    private readonly places: PlacesCache,
    private readonly items: TrytonItems,
    private readonly pars: TrytonParLevels,
    private readonly adjustments: TrytonAdjustments,
    private readonly onHand: OnHand,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** Every item at every location, also where nothing lies. */
  override async listStockLevels(query: StockLevelQuery): Promise<Page<StockLevel>> {
    const { location, item_id, changed_since, page_token, page_size = DEFAULT_PAGE_SIZE } = query;
    const [afterLocation, afterItem] = pagePosition<Position>(page_token, isPosition) ?? ['', ''];
    const { locations } = await this.places.get();
    const levels: StockLevel[] = [];
    for (const [code, id] of locations) {
      if ((location && code !== location) || code < afterLocation) continue;
      const wanted = page_size + 1 - levels.length;
      if (wanted <= 0) break;
      const after = code === afterLocation ? [['code', '>', afterItem]] : [];
      const asked = item_id ? [['code', '=', item_id]] : [];
      const since = changed_since ? [await this.movedSince(changed_since, id)] : [];
      levels.push(...(await this.levelsAt(code, id, await this.items.find([...after, ...asked, ...since], wanted))));
    }
    return toPage(
      levels,
      page_size,
      ({ location, itemId }): Position => [location, itemId],
      (level) => level,
    );
  }

  override async listStockLots(query: StockLotQuery): Promise<Page<StockLot>> {
    const { location, item_id, lot, expires_before, changed_since, page_token, page_size = DEFAULT_PAGE_SIZE } = query;
    const after = pagePosition<string>(page_token, isText) ?? '';
    // No list rather than an empty one: who asks what expires must not hear that nothing does.
    if (expires_before) throw new Problem('not-supported', undefined, { context: { capability: 'stock.expiry' } });
    const { locations } = await this.places.get();
    const domain: unknown[] = [['product.code', '!=', null]];
    if (item_id) domain.push(['product.code', '=', item_id]);
    if (lot) domain.push(['number', '=', lot]);
    const found: (Omit<StockLot, 'changedAt'> & { readonly at: number; readonly key: number; madeAt: string })[] = [];
    for (const [code, id] of locations) {
      if (location && code !== location) continue;
      const since = changed_since
        ? [['id', 'in', [...(await lastMoves(this.tryton, id, 'lot', { since: changed_since })).keys()]]]
        : [];
      const lots = await this.tryton.all<{
        number: string;
        quantity: number;
        create_date: WireInstant;
        'product.': { code: string };
        'default_uom.': { name: string };
      }>('stock.lot', [...domain, ...since], LOT_FIELDS, await this.onHand.context(id));
      for (const { id: key, number, quantity, create_date, 'product.': product, 'default_uom.': unit } of lots) {
        if (!quantity && !changed_since) continue; // who asks for changes learns that a lot is used up
        found.push({
          at: id,
          key,
          madeAt: fromWireInstant(create_date),
          id: `${code}:${product.code}:${number}`,
          location: code,
          itemId: product.code,
          lot: number,
          onHand: plain(quantity),
          unit: unit.name,
        });
      }
    }
    const rest = found.filter(({ id }) => id > after).sort((a, b) => (a.id < b.id ? -1 : 1));
    const page = toPage(
      rest,
      page_size,
      ({ id }) => id,
      (one) => one,
    );
    const moved = new Map<number, ReadonlyMap<number, string>>();
    for (const place of new Set(page.items.map(({ at }) => at))) {
      const among = page.items.filter(({ at }) => at === place).map(({ key }) => key);
      moved.set(place, await lastMoves(this.tryton, place, 'lot', { among }));
    }
    const items = page.items.map(({ at, key, madeAt, ...lot }) => ({
      ...lot,
      changedAt: moved.get(at)?.get(key) ?? madeAt,
    }));
    return { ...page, items };
  }

  override async readItemAvailability(id: string): Promise<ItemAvailability> {
    const known = (await this.items.byCode([id])).get(id);
    if (!known) throw new Problem('not-found', 'There is no such item');
    const { locations } = await this.places.get();
    const [levels, coming] = await Promise.all([
      Promise.all([...locations].map(async ([location, at]) => ({ location, onHand: await this.onHandOf(known, at) }))),
      this.coming(known),
    ]);
    const byLocation = levels.map(({ location, onHand }) => {
      const own = coming.filter(({ to }) => to === locations.get(location));
      const nextDelivery = own.flatMap(({ day }) => day ?? []).sort()[0];
      return {
        location,
        onHand,
        onOrder: sumOf(own.map(({ quantity }) => quantity)),
        ...(nextDelivery ? { nextDelivery } : {}),
      };
    });
    return {
      itemId: id,
      unit: known.item.stockUnit,
      onHand: sumOf(byLocation.map(({ onHand }) => onHand)),
      onOrder: sumOf(coming.map(({ quantity }) => quantity)),
      backordered: '0', // Tryton knows what has not come, not what a supplier says that he cannot deliver
      locations: byLocation,
      asOf: this.clock().toISOString(),
    };
  }

  override createStockAdjustment(businessKey: string, adjustment: NewStockAdjustment): Promise<StockAdjustment> {
    return this.adjustments.create(businessKey, adjustment);
  }

  override readStockAdjustment(id: string): Promise<StockAdjustment> {
    return this.adjustments.read(id);
  }

  override listStockAdjustments(query: StockAdjustmentQuery): Promise<Page<StockAdjustment>> {
    return this.adjustments.list(query);
  }

  override reverseStockAdjustment(businessKey: string, id: string, reversal: NewReversal): Promise<StockAdjustment> {
    return this.adjustments.reverse(businessKey, id, reversal);
  }

  /** Moves to the place of what was used, less those back; a move counts from when it was written. */
  override async listItemUsage(query: ItemUsageQuery): Promise<Page<ItemUsage>> {
    const { location, item_id, since, until, page_token, page_size = DEFAULT_PAGE_SIZE } = query;
    const [afterLocation, afterItem] = pagePosition<Position>(page_token, isPosition) ?? ['', ''];
    const { locations, used } = await this.places.get();
    const codes = new Map([...locations].map(([code, id]) => [id, code]));
    const domain: unknown[] = [
      ['state', '=', 'done'],
      ['OR', ['to_location', '=', used], ['from_location', '=', used]],
    ];
    if (item_id) domain.push(['product.code', '=', item_id]);
    if (since) domain.push(['create_date', '>=', toWireInstant(since)]);
    if (until) domain.push(['create_date', '<', toWireInstant(until)]);
    const moves = await this.tryton.all<{
      quantity: number;
      from_location: number;
      to_location: number;
      'product.': { code: string };
      'uom.': { name: string };
    }>('stock.move', domain, ['quantity', 'from_location', 'to_location', 'product.code', 'uom.name']);
    const usage = new Map<string, ItemUsage>();
    for (const move of moves) {
      const isReturn = move.from_location === used;
      const at = codes.get(isReturn ? move.to_location : move.from_location);
      if (at === undefined || (location && at !== location)) continue;
      const itemId = move['product.'].code;
      const before = usage.get(`${at} ${itemId}`)?.quantity ?? '0';
      const quantity = new Decimal(before).plus(isReturn ? -move.quantity : move.quantity).toFixed();
      usage.set(`${at} ${itemId}`, { itemId, location: at, quantity, unit: move['uom.'].name });
    }
    const rest = [...usage.values()]
      .filter((one) => one.location > afterLocation || (one.location === afterLocation && one.itemId > afterItem))
      .sort((a, b) => (a.location === b.location ? compare(a.itemId, b.itemId) : compare(a.location, b.location)));
    return toPage(
      rest,
      page_size,
      ({ location, itemId }): Position => [location, itemId],
      (one) => one,
    );
  }

  private async levelsAt(location: string, id: number, known: readonly KnownItem[]): Promise<StockLevel[]> {
    if (!known.length) return [];
    const products = known.map(({ product }) => product);
    const [quantities, pars, moved] = await Promise.all([
      this.onHand.at(id, products),
      this.pars.at(location, products),
      lastMoves(this.tryton, id, 'product', { among: products }),
    ]);
    return known.map(({ product, madeAt, item }) => ({
      itemId: item.id,
      location,
      onHand: quantities.get(product) ?? '0',
      parLevel: pars.get(product) ?? '0',
      unit: item.stockUnit,
      changedAt: moved.get(product) ?? madeAt,
    }));
  }

  private async onHandOf({ product }: KnownItem, location: number): Promise<string> {
    return (await this.onHand.at(location, [product])).get(product) ?? '0';
  }

  /** Products that moved at a location since, or that were made since: of these, nothing lay there before. */
  private async movedSince(since: string, location: number): Promise<readonly unknown[]> {
    const moved = await lastMoves(this.tryton, location, 'product', { since });
    return ['OR', ['id', 'in', [...moved.keys()]], ['create_date', '>=', toWireInstant(since)]];
  }

  /** What is on its way from suppliers. */
  private async coming({ product }: KnownItem) {
    const moves = await this.tryton.all<{
      internal_quantity: number;
      to_location: number;
      planned_date: WireDay | null;
    }>(
      'stock.move',
      [
        ['product', '=', product],
        ['state', '=', 'draft'],
        ['from_location.type', '=', 'supplier'],
      ],
      ['internal_quantity', 'to_location', 'planned_date'],
    );
    return moves.map(({ internal_quantity, to_location: to, planned_date }) => ({
      quantity: plain(internal_quantity),
      to,
      day: planned_date ? fromWireDay(planned_date) : undefined,
    }));
  }
}

const sumOf = (quantities: readonly string[]): string =>
  quantities.reduce((sum, quantity) => sum.plus(quantity), new Decimal(0)).toFixed();

const compare = (a: string, b: string): number => (a < b ? -1 : 1);
