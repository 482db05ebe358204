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
import { fromWireDay, toWireDay, toWireInstant, type TrytonRecords, type WireDay } from '@concord/tryton';
import { Decimal } from 'decimal.js';
import { Stock } from '../../ports/stock.port.js';
import type { ItemUsageQuery, StockAdjustmentQuery, StockLevelQuery, StockLotQuery } from '../../queries.js';
import type { TrytonAdjustments } from './adjustments.js';
import type { KnownItem, TrytonItems } from './items.js';
import type { TrytonParLevels } from './par-levels.js';
import type { PlacesCache } from './places.js';

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
    private readonly clock: Clock,
  ) {
    super();
  }

  /** Every item at every location, also where nothing lies. */
  override async listStockLevels(query: StockLevelQuery): Promise<Page<StockLevel>> {
    const { location, item_id, page_token, page_size = DEFAULT_PAGE_SIZE } = query;
    const [afterLocation, afterItem] = pagePosition<Position>(page_token, isPosition) ?? ['', ''];
    const { locations } = await this.places.get();
    const levels: StockLevel[] = [];
    for (const [code, id] of locations) {
      if ((location && code !== location) || code < afterLocation) continue;
      const wanted = page_size + 1 - levels.length;
      if (wanted <= 0) break;
      const after = code === afterLocation ? [['code', '>', afterItem]] : [];
      const asked = item_id ? [['code', '=', item_id]] : [];
      levels.push(...(await this.levelsAt(code, id, await this.items.find([...after, ...asked], wanted))));
    }
    return toPage(
      levels,
      page_size,
      ({ location, itemId }): Position => [location, itemId],
      (level) => level,
    );
  }

  override async listStockLots(query: StockLotQuery): Promise<Page<StockLot>> {
    const { location, item_id, lot, expires_before, page_token, page_size = DEFAULT_PAGE_SIZE } = query;
    const after = pagePosition<string>(page_token, isText) ?? '';
    if (expires_before) return { items: [] }; // this Tryton keeps no dates of expiry
    const { locations } = await this.places.get();
    const domain: unknown[] = [['product.code', '!=', null]];
    if (item_id) domain.push(['product.code', '=', item_id]);
    if (lot) domain.push(['number', '=', lot]);
    const found: StockLot[] = [];
    for (const [code, id] of locations) {
      if (location && code !== location) continue;
      const lots = await this.tryton.all<{
        number: string;
        quantity: number;
        'product.': { code: string };
        'default_uom.': { name: string };
      }>('stock.lot', domain, ['number', 'quantity', 'product.code', 'default_uom.name'], { ...(await this.at(id)) });
      for (const { number, quantity, 'product.': product, 'default_uom.': unit } of lots) {
        if (!quantity) continue;
        const about = { location: code, itemId: product.code, lot: number };
        found.push({ id: `${code}:${product.code}:${number}`, ...about, onHand: plain(quantity), unit: unit.name });
      }
    }
    const rest = found.filter(({ id }) => id > after).sort((a, b) => (a.id < b.id ? -1 : 1));
    return toPage(
      rest,
      page_size,
      ({ id }) => id,
      (one) => one,
    );
  }

  override async readItemAvailability(id: string): Promise<ItemAvailability> {
    const known = (await this.items.byCode([id])).get(id);
    if (!known) throw new Problem('not-found', 'There is no such item');
    const { locations } = await this.places.get();
    const [levels, coming] = await Promise.all([
      Promise.all([...locations].map(([code, at]) => this.levelsAt(code, at, [known]))),
      this.coming(known),
    ]);
    const byLocation = levels.flat().map(({ location, onHand }) => {
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
    const [there, pars] = await Promise.all([
      this.tryton.find<{ quantity: number }>('product.product', [['id', 'in', products]], ['quantity'], {
        context: await this.at(id),
      }),
      this.pars.at(location, products),
    ]);
    const quantities = new Map(there.map(({ id, quantity }) => [id, quantity]));
    return known.map(({ product, item }) => ({
      itemId: item.id,
      location,
      onHand: plain(quantities.get(product) ?? 0),
      parLevel: pars.get(product) ?? '0',
      unit: item.stockUnit,
    }));
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

  /** The context in which Tryton says what lies at a location, and nothing of what lies below it. */
  private async at(location: number): Promise<Record<string, unknown>> {
    const { company } = await this.places.get();
    const stock_date_end = toWireDay(this.clock().toISOString().slice(0, 10));
    return { company, locations: [location], with_childs: false, stock_date_end };
  }
}

/** Tryton counts in binary floats; what we keep has six decimals at most. */
const plain = (quantity: number): string => new Decimal(quantity).toDecimalPlaces(6).toFixed();

const sumOf = (quantities: readonly string[]): string =>
  quantities.reduce((sum, quantity) => sum.plus(quantity), new Decimal(0)).toFixed();

const compare = (a: string, b: string): number => (a < b ? -1 : 1);
