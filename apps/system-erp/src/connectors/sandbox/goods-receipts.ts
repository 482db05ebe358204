import { isZero, Problem, times, total } from '@concord/canonical';
import type {
  GoodsReceipt,
  GoodsReceiptLine,
  JournalLine,
  NewGoodsReceipt,
  NewReversal,
  Page,
} from '@concord/canonical';
import type { ErpItem, PurchaseOrder, PurchaseOrderLine } from '@concord/canonical';
import type { Database } from '@concord/database';
import { Decimal } from 'decimal.js';
import { GoodsReceipts } from '../../ports/receiving.port.js';
import type { GoodsReceiptQuery } from '../../queries.js';
import { ACCOUNT } from './accounts.js';
import type { Books } from './books.js';
import type { Documents } from './documents.store.js';
import { negated } from './moving-average.js';
import { checkPositive, unknown } from '../purchasing-rules.js';
import type { Movement, Stock } from './stock.js';

/** More than was ordered may come, up to this share of it. */
const OVER_RECEIPT = '0.05';

const ANY = '*';

/** A receipt debits what was bought and credits what is received but not invoiced, at the prices of the order. */
export class SandboxGoodsReceipts extends GoodsReceipts {
  constructor(
    private readonly books: Books,
    private readonly receipts: Documents<GoodsReceipt>,
    private readonly orders: Documents<PurchaseOrder>,
    private readonly items: Documents<ErpItem>,
    private readonly stock: Stock,
  ) {
    super();
  }

  override createGoodsReceipt(businessKey: string, receipt: NewGoodsReceipt): Promise<GoodsReceipt> {
    return this.receipts.once(businessKey, async (tx) => {
      const order = await this.take(receipt, tx);
      const lines = receipt.lines.map((line) => ({
        ...line,
        value: times(lineOf(order, line.line).unitPrice, line.quantity),
      }));
      const { legalEntity } = order;
      const value = total(
        lines.map((line) => line.value),
        this.books.currencyOf(legalEntity),
      );
      await this.stock.move(tx, await this.movementsOf(order, lines, tx));
      const journalEntry = await this.post(businessKey, receipt, order, lines, tx);
      return { ...receipt, legalEntity, status: 'posted', lines, value, journalEntry };
    });
  }

  override readGoodsReceipt(id: string): Promise<GoodsReceipt> {
    return this.receipts.read(id);
  }

  override listGoodsReceipts(query: GoodsReceiptQuery): Promise<Page<GoodsReceipt>> {
    return this.receipts.list(query, { purchaseOrder: query.purchase_order });
  }

  override reverseGoodsReceipt(businessKey: string, id: string, reversal: NewReversal): Promise<GoodsReceipt> {
    return this.receipts.change(id, ANY, async (receipt, tx) => {
      if (receipt.status === 'reversed') return receipt;
      const order = await this.giveBack(receipt, tx);
      const back = (await this.movementsOf(order, receipt.lines, tx)).map((one) => ({ ...one, ...negated(one) }));
      await this.stock.move(tx, back);
      if (receipt.journalEntry) await this.books.reverse(businessKey, receipt.journalEntry, reversal, tx);
      return { ...receipt, status: 'reversed' };
    });
  }

  private async take({ purchaseOrder, lines }: NewGoodsReceipt, tx: Database): Promise<PurchaseOrder> {
    lines.forEach(({ quantity }, index) => checkPositive(quantity, `/lines/${index}/quantity`));
    try {
      return await this.orders.change(purchaseOrder, ANY, (order) => received(order, lines), tx);
    } catch (error) {
      if (!(error instanceof Problem && error.slug === 'not-found')) throw error;
      throw unknown('There is no such purchase order', { purchaseOrder });
    }
  }

  private giveBack({ purchaseOrder, lines }: GoodsReceipt, tx: Database): Promise<PurchaseOrder> {
    const negative = lines.map(({ line, quantity }) => ({ line, quantity: new Decimal(quantity).negated().toFixed() }));
    return this.orders.change(purchaseOrder, ANY, (order) => received(order, negative), tx);
  }

  /** Only what is an item of stock is valued; the rest was an expense at once. */
  private async movementsOf(
    order: PurchaseOrder,
    lines: readonly GoodsReceiptLine[],
    tx: Database,
  ): Promise<Movement[]> {
    const movements: Movement[] = [];
    for (const { line, quantity, value } of lines) {
      const { item, unit } = lineOf(order, line);
      if (!item || (await this.items.read(item, tx)).kind !== 'stocked') continue;
      movements.push({ item, location: order.deliverTo, legalEntity: order.legalEntity, unit, quantity, value });
    }
    return movements;
  }

  private async post(
    businessKey: string,
    { receivedOn, purchaseOrder }: NewGoodsReceipt,
    order: PurchaseOrder,
    lines: readonly GoodsReceiptLine[],
    tx: Database,
  ): Promise<string | undefined> {
    const posted = lines.flatMap(({ line, value }): JournalLine[] => {
      const { account, costCenter } = lineOf(order, line);
      if (isZero(value)) return [];
      return [
        { account, costCenter, side: 'debit', amount: value },
        { account: ACCOUNT.receivedNotInvoiced, costCenter, side: 'credit', amount: value },
      ];
    });
    if (!posted.length) return undefined;
    const { legalEntity } = order;
    const about = { accountingDate: receivedOn, reference: purchaseOrder, description: 'Goods receipt' };
    const entry = { legalEntity, ...about, lines: posted };
    return (await this.books.post(`goods receipt: ${businessKey}`, entry, undefined, tx)).id;
  }
}

function lineOf({ id, lines }: PurchaseOrder, number: number): PurchaseOrderLine {
  const line = lines.find(({ line }) => line === number);
  if (!line) throw unknown('The purchase order has no such line', { purchaseOrder: id, line: String(number) });
  return line;
}

/** The order after quantities came or, negative, went back. */
function received(order: PurchaseOrder, came: readonly { line: number; quantity: string }[]): PurchaseOrder {
  const { id, status } = order;
  const isBack = came.some(({ quantity }) => quantity.startsWith('-'));
  const takes = isBack ? ['partially-received', 'received'] : ['sent', 'partially-received'];
  if (!takes.includes(status)) {
    throw new Problem('conflict', `A purchase order that is ${status} takes no receipts`, {
      context: { purchaseOrder: id, status },
    });
  }
  let lines = order.lines;
  for (const { line, quantity } of came) {
    lineOf(order, line);
    lines = lines.map((one) => (one.line === line ? filled(one, quantity, id) : one));
  }
  const isAll = lines.every((line) => new Decimal(line.received).greaterThanOrEqualTo(line.quantity));
  const isNone = lines.every((line) => new Decimal(line.received).isZero());
  return { ...order, lines, status: isAll ? 'received' : isNone ? 'sent' : 'partially-received' };
}

function filled(line: PurchaseOrderLine, quantity: string, purchaseOrder: string): PurchaseOrderLine {
  const now = new Decimal(line.received).plus(quantity);
  const context = { purchaseOrder, line: String(line.line), ordered: line.quantity, received: line.received };
  if (now.greaterThan(new Decimal(line.quantity).times(OVER_RECEIPT).plus(line.quantity))) {
    throw new Problem('conflict', 'More came than was ordered and may come above it', { context });
  }
  if (quantity.startsWith('-') && now.lessThan(line.invoiced)) {
    throw new Problem('conflict', 'What was invoiced does not go back', { context });
  }
  return { ...line, received: now.toFixed() };
}
