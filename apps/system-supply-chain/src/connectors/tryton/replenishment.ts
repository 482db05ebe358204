/** Par levels of Tryton beside what lies there, what is on its way, and what open requisitions ask for. */
import { DEFAULT_PAGE_SIZE, isText, pagePosition, toPage, type Page, type ReplenishmentNeed } from '@concord/canonical';
import type { TrytonRecords } from '@concord/tryton';
import { Decimal } from 'decimal.js';
import { Replenishment } from '../../ports/replenishment.port.js';
import type { ReplenishmentNeedQuery } from '../../queries.js';
import type { OnHand } from './on-hand.js';
import { plain } from './on-hand.js';
import type { TrytonParLevels, SetLevel } from './par-levels.js';
import type { PlacesCache } from './places.js';
import { locationOf, statesOf, type WireRequisition, type WireRequisitionLine } from './requisition.mapping.js';

/** By location and product: `16 29`. */
type Quantities = ReadonlyMap<string, Decimal>;

export class TrytonReplenishment extends Replenishment {
  /** @param asksForItems whether there are requisitions of ours in this Tryton */
  constructor(
    private readonly tryton: TrytonRecords,
    private readonly places: PlacesCache,
    private readonly parLevels: TrytonParLevels,
    private readonly onHand: OnHand,
    private readonly asksForItems: boolean,
  ) {
    super();
  }

  override async listReplenishmentNeeds(query: ReplenishmentNeedQuery): Promise<Page<ReplenishmentNeed>> {
    const { location, item_id, due, page_token, page_size = DEFAULT_PAGE_SIZE } = query;
    const after = pagePosition<string>(page_token, isText) ?? '';
    const levels = (await this.parLevels.set({ location, item_id })).filter(({ level }) => level.id > after);
    const places = [...new Set(levels.map(({ place }) => place))];
    const products = [...new Set(levels.map(({ product }) => product))];
    const [lying, coming, requested] = await Promise.all([
      this.lying(places, levels),
      this.coming(places, products),
      this.asksForItems ? this.requested(places, products) : new Map<string, Decimal>(),
    ]);
    const needs = levels
      .map((set) => needOf(set, { lying, coming, requested }))
      .filter((need) => new Decimal(need.missing).greaterThan(0) && (need.due || due !== 'true'))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    return toPage(
      needs,
      page_size,
      ({ id }) => id,
      (need) => need,
    );
  }

  private async lying(places: readonly number[], levels: readonly SetLevel[]): Promise<Quantities> {
    const found = await Promise.all(
      places.map(async (place) => {
        const products = levels.filter((one) => one.place === place).map(({ product }) => product);
        const there = await this.onHand.at(place, products);
        return [...there].map(([product, quantity]) => [`${place} ${product}`, new Decimal(quantity)] as const);
      }),
    );
    return new Map(found.flat());
  }

  /** From suppliers, and from other locations that fill up this one. */
  private async coming(places: readonly number[], products: readonly number[]): Promise<Quantities> {
    const moves = await this.tryton.all<{ internal_quantity: number; to_location: number; product: number }>(
      'stock.move',
      [
        ['to_location', 'in', places],
        ['product', 'in', products],
        ['state', 'in', ['draft', 'assigned']],
      ],
      ['internal_quantity', 'to_location', 'product'],
    );
    return added(
      moves.map(({ to_location, product, internal_quantity }) => [`${to_location} ${product}`, internal_quantity]),
    );
  }

  private async requested(places: readonly number[], products: readonly number[]): Promise<Quantities> {
    const { company, locations } = await this.places.get();
    const open = await this.tryton.all<Pick<WireRequisition, 'description'>>(
      'purchase.requisition',
      [
        ['company', '=', company],
        ['description', 'like', `% #${'_'.repeat(32)}`],
        ['state', 'in', statesOf('open')],
      ],
      ['description'],
    );
    const placeOf = new Map(open.map((one) => [one.id, locations.get(locationOf(one))]));
    const lines = await this.tryton.all<WireRequisitionLine & { product: number }>(
      'purchase.requisition.line',
      [
        ['requisition', 'in', [...placeOf.keys()]],
        ['product', 'in', products],
      ],
      ['requisition', 'product', 'quantity', 'unit.factor', 'product.default_uom.factor'],
    );
    return added(
      lines.flatMap(({ requisition, product, quantity, 'unit.': unit, 'product.': { 'default_uom.': stockUnit } }) => {
        const place = placeOf.get(requisition);
        const inStockUnits = new Decimal(quantity).times(unit.factor).div(stockUnit.factor).toNumber();
        return place !== undefined && places.includes(place) ? [[`${place} ${product}`, inStockUnits] as const] : [];
      }),
    );
  }
}

function added(parts: readonly (readonly [key: string, quantity: number])[]): Quantities {
  const sums = new Map<string, Decimal>();
  for (const [key, quantity] of parts) sums.set(key, (sums.get(key) ?? new Decimal(0)).plus(quantity));
  return sums;
}

function needOf(
  { level, place, product }: SetLevel,
  { lying, coming, requested }: Record<'lying' | 'coming' | 'requested', Quantities>,
): ReplenishmentNeed {
  const of = (quantities: Quantities) => quantities.get(`${place} ${product}`) ?? new Decimal(0);
  const all = of(lying).plus(of(coming)).plus(of(requested));
  const { id, location, itemId, unit, parLevel, reorderPoint } = level;
  return {
    id,
    location,
    itemId,
    unit,
    onHand: of(lying).toFixed(),
    onOrder: plain(of(coming).toNumber()),
    requested: plain(of(requested).toNumber()),
    parLevel,
    reorderPoint,
    missing: plain(new Decimal(parLevel).minus(all).toNumber()),
    due: all.lessThan(reorderPoint),
  };
}
