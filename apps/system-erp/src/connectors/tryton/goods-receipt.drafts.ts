/** What a receipt of ours is in Tryton, before it is written there. */
import { Problem, type NewGoodsReceipt } from '@concord/canonical';
import { toWireDay, type TrytonRecords } from '@concord/tryton';
import { toReference } from './goods-receipt.mapping.js';
import { isExpected, originOf } from './purchase-order.mapping.js';
import type { KnownOrder } from './purchases.js';

export class ReceiptDrafts {
  constructor(private readonly tryton: TrytonRecords) {}

  /** The values of a supplier shipment. Throws `conflict` for a line that Tryton does not expect. */
  async of(receipt: NewGoodsReceipt, mark: string, known: KnownOrder): Promise<object> {
    const { company, party, warehouse } = known.purchase;
    return {
      company,
      supplier: party,
      warehouse,
      reference: toReference(receipt.deliveryNote, mark),
      effective_date: toWireDay(receipt.receivedOn),
      incoming_moves: await this.movesOf(receipt, known),
    };
  }

  /** The first of what came of a line is what Tryton expected of it; another lot of the same line is a move of its own. */
  private async movesOf({ lines }: NewGoodsReceipt, known: KnownOrder): Promise<unknown[]> {
    const { company } = known.purchase;
    const taken = new Set<number>();
    const moves: unknown[] = [];
    for (const { line, quantity, lot } of lines) {
      const ordered = known.lines[line - 1]!;
      const move = ordered['moves.'].find((one) => isExpected(one) && one.state === 'draft');
      if (!move) throw new Problem('conflict', 'Tryton does not expect the line', { context: { line: String(line) } });
      const { id, product, uom, from_location, to_location, unit_price, currency } = move;
      const came = { quantity: Number(quantity), lot: lot === undefined ? null : await this.lot(product, lot) };
      if (taken.has(id)) {
        const same = { origin: originOf(ordered), product, uom, from_location, to_location, unit_price, currency };
        moves.push(['create', [{ ...same, ...came, company }]]);
      } else {
        moves.push(['add', [id]], ['write', [id], came]);
      }
      taken.add(id);
    }
    return moves;
  }

  private async lot(product: number, number: string): Promise<number | undefined> {
    const domain = [
      ['product', '=', product],
      ['number', '=', number],
    ];
    const found = await this.tryton.first('stock.lot', domain, ['number']);
    return found?.id ?? (await this.tryton.create('stock.lot', [{ product, number }]))[0];
  }
}
