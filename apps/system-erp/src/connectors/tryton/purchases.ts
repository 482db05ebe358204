/** Purchases of Tryton that Concord drafted: each is read whole, with what has come and what was invoiced, in one call. */
import { Problem, stale, type PurchaseOrder } from '@concord/canonical';
import { TrytonRefusal, type Domain, type TrytonRecords } from '@concord/tryton';
import { linesOf, OURS, toPurchaseOrder } from './purchase-order.mapping.js';
import { PURCHASE_FIELDS, type WirePurchase, type WirePurchaseLine } from './purchase-order.wire.js';
import type { StructureCache } from './structure.cache.js';

const PURCHASE = 'purchase.purchase';

/** An order, and what Tryton has of it. */
export interface KnownOrder {
  readonly order: PurchaseOrder;
  readonly purchase: WirePurchase;
  /** In the order of the lines of the order. */
  readonly lines: readonly WirePurchaseLine[];
}

/** The turn of what changes an order, or what has come of it. */
export const turnOf = (order: string): string => `order ${order}`;

export class Purchases {
  constructor(
    private readonly tryton: TrytonRecords,
    private readonly structure: StructureCache,
  ) {}

  /** Oldest first. */
  async find(domain: Domain, limit: number): Promise<KnownOrder[]> {
    const purchases = await this.tryton.find<WirePurchase>(PURCHASE, [OURS, ...domain], PURCHASE_FIELDS, { limit });
    if (!purchases.length) return [];
    const { books } = await this.structure.get();
    const entityOf = new Map([...books.values()].map(({ company, entity }) => [company, entity]));
    return purchases.flatMap((purchase) => {
      const entity = entityOf.get(purchase.company);
      return entity ? [{ order: toPurchaseOrder(purchase, entity), purchase, lines: linesOf(purchase) }] : [];
    });
  }

  /** Undefined where Concord drafted none of this number. */
  async known(id: string): Promise<KnownOrder | undefined> {
    const found = /^[1-9][0-9]{0,9}$/.test(id) ? await this.find([['id', '=', Number(id)]], 1) : [];
    return found[0];
  }

  /** Throws `not-found`. */
  async existing(id: string): Promise<KnownOrder> {
    const known = await this.known(id);
    if (!known) throw new Problem('not-found', 'There is no such purchase order');
    return known;
  }

  async draft(values: object, company: number): Promise<KnownOrder> {
    const [id] = await this.tryton.create(PURCHASE, [values], { company });
    return this.existing(String(id));
  }

  /** What has become of it. */
  async press({ id, company }: WirePurchase, button: string): Promise<KnownOrder> {
    await this.tryton.press(PURCHASE, button, [id], { company });
    return this.existing(String(id));
  }

  /** What has become of it. Throws `stale` where Tryton has changed it since it was read. */
  async write({ id, company, _timestamp }: WirePurchase, values: object): Promise<KnownOrder> {
    try {
      await this.tryton.write(PURCHASE, id, values, { company }, _timestamp);
    } catch (error) {
      if (error instanceof TrytonRefusal && error.reason === 'changed-meanwhile') throw stale();
      throw error;
    }
    return this.existing(String(id));
  }
}
