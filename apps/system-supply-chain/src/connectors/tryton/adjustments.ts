/** Stock adjustments in Tryton: internal shipments between a stock location and the place of what was used. */
import { Problem } from '@concord/canonical';
import type { NewReversal, NewStockAdjustment, Page, StockAdjustment } from '@concord/canonical';
import { literally, type Domain } from '@concord/tryton';
import type { StockAdjustmentQuery } from '../../queries.js';
import { toAdjustment } from './adjustment.mapping.js';
import type { TrytonLoads } from './loads.js';
import type { PlacesCache } from './places.js';
import type { Told } from './shipment.mapping.js';
import { OURS, type TrytonShipments } from './shipments.js';

export class TrytonAdjustments {
  constructor(
    private readonly shipments: TrytonShipments,
    private readonly loads: TrytonLoads,
    private readonly places: PlacesCache,
  ) {}

  async create(businessKey: string, adjustment: NewStockAdjustment): Promise<StockAdjustment> {
    const told = await this.shipments.send(businessKey, async () => {
      const { location, reference, reason, lines } = adjustment;
      const from = await this.places.location(location);
      const { used: to } = await this.places.get();
      return { words: { reference, reason }, from, to, moves: await this.loads.movesOf(lines, from, to) };
    });
    return toAdjustment(told);
  }

  async read(id: string): Promise<StockAdjustment> {
    return toAdjustment(await this.find(id));
  }

  /** What Concord booked, in the order it came into Tryton. */
  async list(query: StockAdjustmentQuery): Promise<Page<StockAdjustment>> {
    const { reference } = query;
    const about = reference ? [['reference', 'like', `${literally(reference)} %`]] : [];
    const page = await this.shipments.list([...(await this.asked()), ...about], query);
    return { ...page, items: page.items.map(toAdjustment) };
  }

  async reverse(businessKey: string, id: string, _: NewReversal): Promise<StockAdjustment> {
    const taken = await this.find(id);
    const { location, reverses } = toAdjustment(taken);
    if (reverses) throw new Problem('conflict', 'A reversal is not reversed', { context: { reverses } });
    const [{ used: from }, to] = [await this.places.get(), await this.places.location(location)];
    const conflict = (reversedBy: string) =>
      new Problem('conflict', 'The adjustment is reversed already', { context: { stockAdjustment: id, reversedBy } });
    return toAdjustment(await this.shipments.takeBack(businessKey, taken, { from, to }, conflict));
  }

  private async find(id: string): Promise<Told> {
    const told = await this.shipments.find(id, await this.asked());
    if (!told) throw new Problem('not-found', 'There is no such stock adjustment');
    return told;
  }

  /** To or from what was used: what goes between two stock locations is a transfer. */
  private async asked(): Promise<Domain> {
    const { used } = await this.places.get();
    return [...OURS, ['OR', ['from_location', '=', used], ['to_location', '=', used]]];
  }
}
