/** What goes back: a return shipment of Tryton, from the stock location of the order to its supplier. */
import type { Clock } from '@concord/api';
import { markOf, toWireDay, type TrytonRecords } from '@concord/tryton';
import { notKept } from './not-kept.js';
import { originOf } from './purchase-order.mapping.js';
import type { WireReceived } from './goods-receipt.mapping.js';
import type { KnownOrder, Purchases } from './purchases.js';
import type { StockLocations } from './stock-locations.js';

const RETURN = 'stock.shipment.in.return';

export class GoodsReturns {
  constructor(
    private readonly tryton: TrytonRecords,
    private readonly purchases: Purchases,
    private readonly locations: StockLocations,
    private readonly clock: Clock,
  ) {}

  /**
   * Goes on with a return that was begun; and Tryton is told that it may expect the same again.
   * @param id of the receipt
   */
  async giveBack(id: string, moves: readonly WireReceived[], known: KnownOrder): Promise<void> {
    const { purchase, lines } = known;
    const context = { company: purchase.company };
    const reference = `Return of ${id} #${markOf(`return of ${id}`)}`;
    const there = [
      ['reference', '=', reference],
      ['state', '!=', 'cancelled'],
    ];
    const begun = await this.tryton.first<{ state: string }>(RETURN, there, ['state']);
    const returned = begun?.id ?? (await this.make(reference, moves, known));
    if (begun?.state !== 'done') {
      for (const button of ['wait', 'assign_force', 'done'])
        await this.tryton.press(RETURN, button, [returned], context);
    }
    const recreated = lines
      .map((line) => ({ line, own: moves.filter(({ origin }) => origin === originOf(line)) }))
      .filter(({ own }) => own.length)
      .map(({ line, own }) => ['write', [line.id], { moves_recreated: [['add', own.map((move) => move.id)]] }]);
    if (recreated.length) await this.tryton.write('purchase.purchase', purchase.id, { lines: recreated }, context);
    await this.purchases.press(purchase, 'process');
  }

  private async make(reference: string, moves: readonly WireReceived[], { purchase, order }: KnownOrder) {
    const { company } = purchase;
    const location = await this.locations.named(order.deliverTo);
    const supplier = moves[0]?.from_location;
    const back = moves.map(({ id, product, uom, unit_price, currency, quantity, lot }) => ({
      ...{ company, product, uom, unit_price, currency, quantity, lot },
      origin: `stock.move,${id}`,
      from_location: location.id,
      to_location: supplier,
    }));
    const values = {
      company,
      supplier: purchase.party,
      delivery_address: purchase.invoice_address,
      from_location: location.id,
      to_location: supplier,
      reference,
      effective_date: toWireDay(this.clock().toISOString().slice(0, 10)),
      moves: [['create', back]],
    };
    const [id] = await this.tryton.create(RETURN, [values], { company });
    if (id === undefined) throw notKept();
    return id;
  }
}
