/** What of a receipt Tryton would take without a word, though the order does not allow it. */
import { Problem, type GoodsReceipt, type NewGoodsReceipt, type PurchaseOrder } from '@concord/canonical';
import { Decimal } from 'decimal.js';
import { checkPositive, unknown } from '../purchasing-rules.js';
import { isGoods } from './purchase-order.mapping.js';
import type { KnownOrder } from './purchases.js';

/** Throws `unknown-code` for a line that the order does not have, `conflict` where it does not take the receipt. */
export function refuseTooMuch({ purchaseOrder, lines }: NewGoodsReceipt, { order, lines: wire }: KnownOrder): void {
  const { status } = order;
  lines.forEach(({ quantity }, index) => checkPositive(quantity, `/lines/${index}/quantity`));
  for (const { line } of lines) {
    if (!order.lines[line - 1]) throw unknown('The purchase order has no such line', { line: String(line) });
  }
  if (!['sent', 'partially-received', 'received'].includes(status)) {
    throw new Problem('conflict', 'The order takes no receipts', { context: { purchaseOrder, status } });
  }
  for (const { line, quantity: ordered, received } of order.lines) {
    const own = lines.filter((one) => one.line === line);
    if (!own.length) continue;
    const context = { purchaseOrder, line: String(line), ordered, received };
    if (!isGoods(wire[line - 1]!))
      throw new Problem('conflict', 'Tryton receives goods, and nothing else', { context });
    const now = Decimal.sum(received, ...own.map(({ quantity }) => quantity));
    if (now.greaterThan(ordered)) throw new Problem('conflict', 'More came than was ordered', { context });
  }
}

/** Throws `conflict` where less would be left than was invoiced. */
export function refuseInvoiced(receipt: GoodsReceipt, order: PurchaseOrder): void {
  for (const { line, quantity } of receipt.lines) {
    const { received, invoiced } = order.lines[line - 1]!;
    if (new Decimal(received).minus(quantity).greaterThanOrEqualTo(invoiced)) continue;
    throw new Problem('conflict', 'What was invoiced does not go back', { context: { line: String(line), invoiced } });
  }
}
