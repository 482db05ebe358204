/**
 * What the stock is worth: the quantity that Tryton counts of a product at a storage location, at the cost that it keeps
 * of the product. Of the stock of a company each location is asked for itself, which Tryton does not do for all at once.
 */
import {
  DEFAULT_PAGE_SIZE,
  isChangedSince,
  pagePosition,
  toPage,
  type InventoryValuation,
  type Page,
} from '@concord/canonical';
import type { Clock } from '@concord/api';
import { changedSince, toWireDay, type Domain, type TrytonRecords } from '@concord/tryton';
import { Valuation } from '../../ports/receiving.port.js';
import type { InventoryValuationQuery } from '../../queries.js';
import type { StructureCache } from './structure.cache.js';
import { STOCKED_FIELDS, toValuation, type Stand, type WireMoved, type WireStocked } from './valuation.mapping.js';

const MOVED_FIELDS = ['product', 'from_location', 'to_location', 'create_date', 'write_date'];

/** The last of the moves first: Tryton writes a move when it is done. */
const LAST_FIRST = [
  ['write_date', 'DESC NULLS LAST'],
  ['id', 'DESC'],
] as const;

interface Stocked {
  readonly product: WireStocked;
  readonly stand: Stand;
  /** The location, as Tryton calls it. */
  readonly at: number;
}

type Position = readonly [item: string, location: string, legalEntity: string];

const isPosition = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 3 && value.every((part) => typeof part === 'string');

export class TrytonValuation extends Valuation {
  constructor(
    private readonly tryton: TrytonRecords,
    private readonly structure: StructureCache,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** By item and location. A page of what was changed since may be shorter than was asked for. */
  override async listInventoryValuations(query: InventoryValuationQuery): Promise<Page<InventoryValuation>> {
    const { item, changed_since, page_token, page_size = DEFAULT_PAGE_SIZE } = query;
    const after = pagePosition<Position>(page_token, isPosition);
    const domain: unknown[] = [['code', '!=', null]];
    if (item) domain.push(['code', '=', item]);
    if (after) domain.push(['code', '>=', after[0]]);
    if (changed_since) domain.push(await this.touchedSince(changed_since));
    // One more than the page, and the item that the page before ended with.
    const stocked = (await this.stocked(domain, query.location, page_size + 2))
      .filter((one) => !after || compare(positionOf(one), after) > 0)
      .sort((a, b) => compare(positionOf(a), positionOf(b)));
    const page = toPage(stocked, page_size, positionOf, (one) => one);
    const items: InventoryValuation[] = [];
    const moved = await this.lastMoves(page.items);
    for (const one of page.items) items.push(toValuation(one.product, one.stand, await this.movedOf(one, moved)));
    return { ...page, items: items.filter((valued) => isChangedSince(valued, { changed_since })) };
  }

  /** Of each location the first products of the page to come, in the order of their numbers. */
  private async stocked(domain: Domain, code: string | undefined, limit: number): Promise<Stocked[]> {
    const named = code ? ['code', '=', code] : ['code', '!=', null];
    const storage = ['type', '=', 'storage'];
    const locations = await this.tryton.all<{ code: string }>('stock.location', [storage, named], ['code']);
    const stock_date_end = toWireDay(this.clock().toISOString().slice(0, 10));
    const stocked: Stocked[] = [];
    for (const { company, entity } of (await this.structure.get()).books.values()) {
      for (const { id: at, code: location } of locations) {
        const stand = { location, legalEntity: entity.code, currency: entity.currency, company };
        const context = { company, locations: [at], with_childs: false, stock_date_end, active_test: false };
        const search = { limit, order: [['code', 'ASC']] as const, context };
        const there = ['quantity', '!=', 0];
        const found = await this.tryton.find<WireStocked>(
          'product.product',
          [there, ...domain],
          STOCKED_FIELDS,
          search,
        );
        stocked.push(...found.map((product) => ({ product, stand, at })));
      }
    }
    return stocked;
  }

  /** The latest of the moves of these, as many as are read at once; oldest ones may be missing. */
  private async lastMoves(stocked: readonly Stocked[]): Promise<readonly WireMoved[]> {
    if (!stocked.length) return [];
    const products = ['product', 'in', [...new Set(stocked.map(({ product }) => product.id))]];
    const places = [...new Set(stocked.map(({ at }) => at))];
    const there = ['OR', ['from_location', 'in', places], ['to_location', 'in', places]];
    return this.tryton.find<WireMoved>('stock.move', [products, DONE, there], MOVED_FIELDS, { order: LAST_FIRST });
  }

  private async movedOf({ product, at }: Stocked, moved: readonly WireMoved[]): Promise<WireMoved | undefined> {
    const isOwn = (move: WireMoved) =>
      move.product === product.id && (move.from_location === at || move.to_location === at);
    const known = moved.find(isOwn);
    if (known) return known;
    const own = [['product', '=', product.id], DONE, ['OR', ['from_location', '=', at], ['to_location', '=', at]]];
    return this.tryton.first<WireMoved>('stock.move', own, MOVED_FIELDS, { order: LAST_FIRST });
  }

  /** A clause: products that were moved, or whose cost was changed, at or after an instant. */
  private async touchedSince(instant: string): Promise<Domain> {
    const moved = [DONE, changedSince(instant)];
    const moves = await this.tryton.all<{ product: number }>('stock.move', moved, ['product']);
    const products = [...new Set(moves.map(({ product }) => product))];
    return ['OR', ['id', 'in', products], ['cost_prices', 'where', [changedSince(instant)]]];
  }
}

const DONE: Domain = ['state', '=', 'done'];

const positionOf = ({ product, stand }: Stocked): Position => [product.code, stand.location, stand.legalEntity];

function compare(a: Position, b: Position): number {
  const differing = a.findIndex((part, index) => part !== b[index]);
  if (differing < 0) return 0;
  return a[differing]! < b[differing]! ? -1 : 1;
}
