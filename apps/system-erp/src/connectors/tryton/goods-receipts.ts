/**
 * Goods receipts: supplier shipments of Tryton, from the dock on to the stock location of the order. Tryton itself posts
 * nothing for them, so that their value is posted by us, under a key that is made of the receipt's own.
 */
import { DEFAULT_PAGE_SIZE, pagePosition, Problem, times, toPage } from '@concord/canonical';
import type { GoodsReceipt, NewGoodsReceipt, NewReversal, Page, PurchaseOrder } from '@concord/canonical';
import { Once, type Turns } from '@concord/resilience';
import { changedSince, markOf, type Domain, type TrytonRecords } from '@concord/tryton';
import { GoodsReceipts } from '../../ports/receiving.port.js';
import type { GoodsReceiptQuery } from '../../queries.js';
import { unknown } from '../purchasing-rules.js';
import type { ReceiptDrafts } from './goods-receipt.drafts.js';
import {
  entryKeyOf,
  entryOf,
  markIn,
  OURS,
  SHIPMENT_FIELDS,
  toGoodsReceipt,
  type WireReceived,
  type WireShipment,
} from './goods-receipt.mapping.js';
import { refuseInvoiced, refuseTooMuch } from './goods-receipt.rules.js';
import type { GoodsReturns } from './goods-returns.js';
import type { TrytonJournal } from './journal.js';
import { notKept } from './not-kept.js';
import { originOf } from './purchase-order.mapping.js';
import { turnOf, type KnownOrder, type Purchases } from './purchases.js';
import type { StockLocations } from './stock-locations.js';
import type { Binding } from './tryton-erp.config.js';

const SHIPMENT = 'stock.shipment.in';

interface KnownReceipt {
  readonly receipt: GoodsReceipt;
  readonly moves: readonly WireReceived[];
  readonly order: KnownOrder;
}

export class TrytonGoodsReceipts extends GoodsReceipts {
  private readonly once = new Once();

  constructor(
    private readonly tryton: TrytonRecords,
    private readonly purchases: Purchases,
    private readonly journal: TrytonJournal,
    private readonly locations: StockLocations,
    private readonly drafts: ReceiptDrafts,
    private readonly returns: GoodsReturns,
    private readonly binding: Binding,
    private readonly turns: Turns,
  ) {
    super();
  }

  override createGoodsReceipt(businessKey: string, receipt: NewGoodsReceipt): Promise<GoodsReceipt> {
    const mark = markOf(`goods receipt ${businessKey}`);
    return this.once.run(mark, () =>
      this.turns.take([mark, turnOf(receipt.purchaseOrder)], async () => {
        const there = [
          ['reference', 'like', `%#${mark}`],
          ['state', '!=', 'cancelled'],
        ];
        const [begun] = await this.shipments(there, 1);
        const order = await this.purchases.known(begun ? purchaseOf(begun) : receipt.purchaseOrder);
        if (!order) throw unknown('There is no such purchase order', { purchaseOrder: receipt.purchaseOrder });
        return begun ? this.finish(begun, order) : this.finish(await this.draft(mark, receipt, order), order);
      }),
    );
  }

  override async readGoodsReceipt(id: string): Promise<GoodsReceipt> {
    return (await this.existing(id)).receipt;
  }

  /** What Concord received, in the order it came into Tryton. */
  override async listGoodsReceipts(query: GoodsReceiptQuery): Promise<Page<GoodsReceipt>> {
    const { purchase_order, changed_since, page_token, page_size = DEFAULT_PAGE_SIZE } = query;
    const after = pagePosition<number>(page_token, Number.isSafeInteger) ?? 0;
    const domain: unknown[] = [['id', '>', after], ...OURS];
    if (purchase_order) {
      const order = await this.purchases.known(purchase_order);
      if (!order) return { items: [] };
      domain.push(['moves', 'where', [['origin', 'in', order.lines.map(originOf)]]]);
    }
    if (changed_since) domain.push(['OR', changedSince(changed_since), await this.givenBackSince(changed_since)]);
    const page = toPage(
      await this.shipments(domain, page_size + 1),
      page_size,
      ({ id }) => id,
      (shipment) => shipment,
    );
    return { ...page, items: (await this.receipts(page.items)).map(({ receipt }) => receipt) };
  }

  override async reverseGoodsReceipt(businessKey: string, id: string, reversal: NewReversal): Promise<GoodsReceipt> {
    const { purchaseOrder } = (await this.existing(id)).receipt;
    return this.turns.take([turnOf(purchaseOrder)], async () => {
      const { receipt, moves, order } = await this.existing(id);
      if (receipt.status === 'reversed') return receipt;
      refuseInvoiced(receipt, order.order);
      // The entry first: where its period is closed, nothing has moved yet.
      if (receipt.journalEntry) await this.reverseEntry(businessKey, receipt.journalEntry, reversal);
      await this.returns.giveBack(id, moves, order);
      return this.readGoodsReceipt(id);
    });
  }

  private async reverseEntry(businessKey: string, entry: string, reversal: NewReversal): Promise<void> {
    const { reversedBy } = await this.journal.readJournalEntry(entry);
    if (!reversedBy) await this.journal.takeBack(businessKey, entry, reversal);
  }

  private async draft(mark: string, receipt: NewGoodsReceipt, order: KnownOrder) {
    refuseTooMuch(receipt, order);
    await this.checkEntry(receipt, order.order);
    const { company } = order.purchase;
    const [id] = await this.tryton.create(SHIPMENT, [await this.drafts.of(receipt, mark, order)], { company });
    if (id === undefined) throw notKept();
    return { id, company, state: 'draft' } as const;
  }

  /** Whatever its state, on to done and posted. */
  private async finish({ id, company, state }: Pick<WireShipment, 'id' | 'company' | 'state'>, order: KnownOrder) {
    const context = { company };
    if (state === 'draft') await this.tryton.press(SHIPMENT, 'receive', [id], context);
    const now = async () => (await this.shipments([['id', '=', id]], 1))[0];
    let shipment = await now();
    if (shipment?.state === 'received') {
      await this.shelve(shipment, order);
      await this.tryton.press(SHIPMENT, 'done', [id], context);
      shipment = await now();
    }
    if (shipment?.state !== 'done') throw notKept();
    const { receipt } = shown(shipment, order, undefined);
    const entry = entryOf(receipt, receipt.legalEntity, order.order.lines, this.binding.receivedAccount);
    if (!entry.lines.length) return receipt;
    const posted = await this.journal.createJournalEntry(entryKeyOf(markIn(shipment)), entry);
    return { ...receipt, journalEntry: posted.id };
  }

  /** From the dock to the stock location of the order. */
  private async shelve({ id, company, ...shipment }: WireShipment, { order }: KnownOrder): Promise<void> {
    const open = shipment['inventory_moves.'].filter(({ state }) => state === 'draft').map((move) => move.id);
    if (!open.length) return;
    const { id: to_location } = await this.locations.named(order.deliverTo);
    await this.tryton.write(SHIPMENT, id, { inventory_moves: [['write', open, { to_location }]] }, { company });
  }

  private async checkEntry(receipt: NewGoodsReceipt, { lines, legalEntity }: PurchaseOrder): Promise<void> {
    const valued = receipt.lines.map((line) => ({
      ...line,
      value: times(lines[line.line - 1]!.unitPrice, line.quantity),
    }));
    const entry = entryOf({ ...receipt, lines: valued }, legalEntity, lines, this.binding.receivedAccount);
    if (entry.lines.length) await this.journal.check(entry);
  }

  private async existing(id: string): Promise<KnownReceipt> {
    const domain = [['id', '=', Number(id)], ...OURS];
    const [shipment] = /^[1-9][0-9]{0,9}$/.test(id) ? await this.shipments(domain, 1) : [];
    const [known] = shipment ? await this.receipts([shipment]) : [];
    if (!known) throw new Problem('not-found', 'There is no such goods receipt');
    return known;
  }

  private shipments(domain: Domain, limit: number): Promise<WireShipment[]> {
    return this.tryton.find<WireShipment>(SHIPMENT, domain, SHIPMENT_FIELDS, { limit });
  }

  private async givenBackSince(instant: string): Promise<Domain> {
    const returns = await this.tryton.all<{ reference: string }>(
      'stock.shipment.in.return',
      [['reference', 'like', 'Return of % #%'], changedSince(instant)],
      ['reference'],
    );
    const ids = returns.flatMap(({ reference }) => /^Return of (\d+) #/.exec(reference)?.[1] ?? []);
    return ['id', 'in', ids.map(Number)];
  }

  private async receipts(shipments: readonly WireShipment[]): Promise<KnownReceipt[]> {
    if (!shipments.length) return [];
    const ids = new Set(shipments.map((shipment) => Number(purchaseOf(shipment))));
    const orders = await this.purchases.find([['id', 'in', [...ids]]], ids.size);
    const orderOf = new Map(orders.map((order) => [order.purchase.id, order]));
    const entries = await this.journal.postedUnder(shipments.map((shipment) => entryKeyOf(markIn(shipment))));
    return shipments.flatMap((shipment) => {
      const order = orderOf.get(Number(purchaseOf(shipment)));
      return order ? [shown(shipment, order, entries.get(entryKeyOf(markIn(shipment))))] : [];
    });
  }
}

/** The purchase that it came of; `0` where it came of none. */
const purchaseOf = (shipment: WireShipment): string =>
  String(shipment['incoming_moves.'].find(({ purchase }) => purchase)?.purchase ?? 0);

function shown(shipment: WireShipment, order: KnownOrder, journalEntry: string | undefined): KnownReceipt {
  const moves = shipment['incoming_moves.']
    .filter(({ origin }) => origin?.startsWith('purchase.line,'))
    .toSorted((a, b) => a.id - b.id);
  const { id: purchaseOrder, legalEntity, total } = order.order;
  const givenBack = new Set(order.lines.flatMap(({ moves_recreated }) => moves_recreated));
  const receipt = toGoodsReceipt(shipment, moves, {
    purchaseOrder,
    legalEntity,
    currency: total.currency,
    lineOf: ({ origin }) => order.lines.findIndex((line) => originOf(line) === origin) + 1,
    isReversed: moves.length > 0 && moves.every(({ id }) => givenBack.has(id)),
    journalEntry,
  });
  return { receipt, moves, order };
}
