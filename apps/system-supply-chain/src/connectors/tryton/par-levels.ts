/** Order points of Tryton as par levels: up to the target quantity, as soon as less than the minimum lies there. */
import { DEFAULT_PAGE_SIZE, pagePosition, Problem, refuseStale, stale, toPage } from '@concord/canonical';
import type { Page, ParLevel, ParLevelChange } from '@concord/canonical';
import { changedAtOf, changedSince, STAMPS, TrytonRefusal, type Stamped, type TrytonRecords } from '@concord/tryton';
import { refuseUnlessSensible } from '../../par-level-rules.js';
import { ParLevels } from '../../ports/stock.port.js';
import type { ParLevelQuery } from '../../queries.js';
import { plain } from './on-hand.js';
import type { PlacesCache } from './places.js';

interface WireOrderPoint extends Stamped {
  readonly id: number;
  readonly product: number;
  readonly storage_location: number;
  readonly 'product.': { readonly code: string };
  readonly 'storage_location.': { readonly code: string };
  readonly 'unit.': { readonly name: string };
  readonly min_quantity: number | null;
  readonly target_quantity: number;
}

const MODEL = 'stock.order_point';
const FIELDS = [
  'product',
  'storage_location',
  'product.code',
  'storage_location.code',
  'unit.name',
  'min_quantity',
  'target_quantity',
  ...STAMPS,
];

/** A par level, and what Tryton calls its location and its item. */
export interface SetLevel {
  readonly level: ParLevel;
  readonly place: number;
  readonly product: number;
}

export class TrytonParLevels extends ParLevels {
  constructor(
    private readonly tryton: TrytonRecords,
    private readonly places: PlacesCache,
  ) {
    super();
  }

  override async listParLevels(query: ParLevelQuery): Promise<Page<ParLevel>> {
    const { location, item_id, changed_since, page_token, page_size = DEFAULT_PAGE_SIZE } = query;
    const after = pagePosition<string>(page_token, (value) => typeof value === 'string') ?? '';
    const domain: unknown[] = [];
    if (location) domain.push(['storage_location.code', '=', location]);
    if (item_id) domain.push(['product.code', '=', item_id]);
    if (changed_since) domain.push(changedSince(changed_since));
    const all = (await this.points(domain)).map(toParLevel).filter(({ id }) => id > after);
    return toPage(
      all.sort((a, b) => (a.id < b.id ? -1 : 1)),
      page_size,
      ({ id }) => id,
      (level) => level,
    );
  }

  override async readParLevel(id: string): Promise<ParLevel> {
    return toParLevel(await this.point(id));
  }

  override async changeParLevel(id: string, expected: string, change: ParLevelChange): Promise<ParLevel> {
    const point = await this.point(id);
    refuseStale(expected, point._timestamp);
    const parLevel = change.parLevel ?? plain(point.target_quantity);
    const reorderPoint = change.reorderPoint ?? plain(point.min_quantity ?? 0);
    refuseUnlessSensible({ parLevel, reorderPoint });
    const values = { target_quantity: Number(parLevel), min_quantity: Number(reorderPoint) };
    const { company } = await this.places.get();
    try {
      await this.tryton.write(MODEL, point.id, values, { company }, point._timestamp);
    } catch (error) {
      if (error instanceof TrytonRefusal && error.reason === 'changed-meanwhile') throw stale();
      throw error;
    }
    return this.readParLevel(id);
  }

  /** All that are set, or those of a location or an item. */
  async set({ location, item_id }: Pick<ParLevelQuery, 'location' | 'item_id'>): Promise<SetLevel[]> {
    const found = await this.points([
      ...(location ? [['storage_location.code', '=', location]] : []),
      ...(item_id ? [['product.code', '=', item_id]] : []),
    ]);
    return found.map((point) => ({ level: toParLevel(point), place: point.storage_location, product: point.product }));
  }

  /** The par level by product of one location. */
  async at(location: string, products: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const points = await this.points([
      ['storage_location.code', '=', location],
      ['product', 'in', products],
    ]);
    return new Map(points.map(({ product, target_quantity }) => [product, plain(target_quantity)]));
  }

  private async point(id: string): Promise<WireOrderPoint> {
    const [, location, item] = /^([^:]+):(.+)$/.exec(id) ?? [];
    const found = await this.points([
      ['storage_location.code', '=', location ?? ''],
      ['product.code', '=', item ?? ''],
    ]);
    if (!found[0]) throw new Problem('not-found', 'There is no such par level');
    return found[0];
  }

  private async points(domain: readonly unknown[]): Promise<WireOrderPoint[]> {
    const { company, locations } = await this.places.get();
    const ours = [['type', '=', 'internal'], ['storage_location', 'in', [...locations.values()]], ...domain];
    return this.tryton.all<WireOrderPoint>(MODEL, ours, FIELDS, { company });
  }
}

const toParLevel = (point: WireOrderPoint): ParLevel => ({
  id: `${point['storage_location.'].code}:${point['product.'].code}`,
  location: point['storage_location.'].code,
  itemId: point['product.'].code,
  parLevel: plain(point.target_quantity),
  reorderPoint: plain(point.min_quantity ?? 0),
  unit: point['unit.'].name,
  revision: point._timestamp,
  changedAt: changedAtOf(point),
});
