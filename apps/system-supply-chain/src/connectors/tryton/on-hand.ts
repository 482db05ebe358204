/** How much lies at a location of Tryton now, and nothing of what lies below it. */
import type { Clock } from '@concord/api';
import { toWireDay, type TrytonRecords } from '@concord/tryton';
import { Decimal } from 'decimal.js';
import type { PlacesCache } from './places.js';

export class OnHand {
  constructor(
    private readonly tryton: TrytonRecords,
    private readonly places: PlacesCache,
    private readonly clock: Clock,
  ) {}

  /** By product. */
  async at(location: number, products: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const context = await this.context(location);
    const domain = [['id', 'in', products]];
    const there = await this.tryton.all<{ quantity: number }>('product.product', domain, ['quantity'], context);
    return new Map(there.map(({ id, quantity }) => [id, plain(quantity)]));
  }

  /** Of one item, or of one lot of it. */
  async of(item: string, location: number, lot?: string): Promise<string> {
    const context = await this.context(location);
    const [model, domain] =
      lot === undefined
        ? ['product.product', [['code', '=', item]]]
        : [
            'stock.lot',
            [
              ['product.code', '=', item],
              ['number', '=', lot],
            ],
          ];
    const found = await this.tryton.first<{ quantity: number }>(model, domain, ['quantity'], { context });
    return plain(found?.quantity ?? 0);
  }

  /** The context in which Tryton counts what lies there. */
  async context(location: number): Promise<Record<string, unknown>> {
    const { company } = await this.places.get();
    const stock_date_end = toWireDay(this.clock().toISOString().slice(0, 10));
    return { company, locations: [location], with_childs: false, stock_date_end };
  }
}

/** Tryton counts in binary floats; what we keep has six decimals at most. */
export const plain = (quantity: number): string => new Decimal(quantity).toDecimalPlaces(6).toFixed();
