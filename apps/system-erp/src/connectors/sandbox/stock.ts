/** The stock as the books hold it: how much of an item lies where, what it is worth, and what of it is set aside. */
import { Problem, type InventoryValuation, type Page } from '@concord/canonical';
import type { Database } from '@concord/database';
import { Decimal } from 'decimal.js';
import { Valuation } from '../../ports/receiving.port.js';
import type { InventoryValuationQuery } from '../../queries.js';
import type { Body, Documents } from './documents.store.js';
import { revalued, zeroOf } from './moving-average.js';

export type KeptValuation = InventoryValuation & { id: string };

/** What moved, and where. */
export type Movement = Pick<InventoryValuation, 'item' | 'location' | 'legalEntity' | 'unit' | 'quantity' | 'value'>;

export const placeOf = ({ item, location }: Pick<Movement, 'item' | 'location'>): string => `${location}.${item}`;

export class Stock extends Valuation {
  constructor(private readonly places: Documents<KeptValuation>) {
    super();
  }

  override async listInventoryValuations(query: InventoryValuationQuery): Promise<Page<InventoryValuation>> {
    const { item, location } = query;
    const { items, nextPageToken } = await this.places.list(query, { item, location });
    return { items: items.map(({ id: _, ...valuation }) => valuation), nextPageToken };
  }

  /** Books movements in the order of their places, so that two receipts never wait for each other. Throws `conflict`. */
  async move(tx: Database, movements: readonly Movement[]): Promise<void> {
    const inOrder = [...movements].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
    for (const movement of inOrder) await this.places.put(tx, placeOf(movement), (now) => moved(now, movement));
  }

  /** What lies at a place, which nobody else changes until the transaction ends. Throws `not-found`. */
  held(tx: Database, item: string, location: string): Promise<KeptValuation> {
    return this.places.change(placeOf({ item, location }), '*', (current) => current, tx);
  }
}

function moved(now: KeptValuation | undefined, movement: Movement): Body<KeptValuation> {
  const { item, location, legalEntity, unit, value } = movement;
  const before = now ?? { quantity: '0', value: zeroOf(value) };
  const after = revalued(before, movement);
  if (new Decimal(after.quantity).isNegative()) {
    throw new Problem('conflict', 'There is less in stock than would go back', { context: { item, location } });
  }
  return { item, location, legalEntity, unit, ...after };
}
