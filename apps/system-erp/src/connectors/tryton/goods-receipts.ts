/**
 * Goods receipts: supplier shipments of Tryton, from the dock on to the stock location of the order. Tryton itself posts
 * nothing for them, so that their value is posted by us, under a key that is made of the receipt's own.
 */
import { DEFAULT_PAGE_SIZE, pagePosition, Problem, times, toPage } from '@concord/canonical';
import type { GoodsReceipt, NewGoodsReceipt, NewReversal, Page, PurchaseOrder } from '@concord/canonical';
import type { Clock } from '@concord/api';
import { Once, type Turns } from '@concord/resilience';
import { changedSince, markOf, toWireDay, type Domain, type TrytonRecords, type WireDecimal } from '@concord/tryton';
import { Decimal } from 'decimal.js';
import { GoodsReceipts } from '../../ports/receiving.port.js';
import type { GoodsReceiptQuery } from '../../queries.js';
import { checkPositive, unknown } from '../purchasing-rules.js';
import {
  entryKeyOf,
  entryOf,
  markIn,
  OURS,
  RECEIVED_FIELDS,
  SHIPMENT_FIELDS,
  toGoodsReceipt,
  toReference,
  type WireReceived,
  type WireShipment,
} from './goods-receipt.mapping.js';
import type { TrytonJournal } from './journal.js';
import { isGoods, type WirePurchaseLine } from './purchase-order.mapping.js';
import { turnOf, type KnownOrder, type TrytonPurchaseOrders } from './purchase-orders.js';
import type { Binding } from './tryton-erp.config.js';

const SHIPMENT = 'stock.shipment.in';
const RETURN = 'stock.shipment.in.return';

/** What Tryton expects of a line of an order. */
interface WireExpected {
  readonly id: number;
  readonly origin: string;
  readonly product: number;
  readonly uom: number;
  readonly from_location: number;
  readonly to_location: number;
  readonly unit_price: WireDecimal | null;
  readonly currency: number | null;
}

const EXPECTED_FIELDS = ['origin', 'product', 'uom', 'from_location', 'to_location', 'unit_price', 'currency'] as const;

export class TrytonGoodsReceipts extends GoodsReceipts {
  private readonly once = new Once();

  constructor(
    private readonly tryton: TrytonRecords,
    private readonly orders: TrytonPurchaseOrders,
    private readonly journal: TrytonJournal,
    private readonly binding: Binding,
    private readonly clock: Clock,
    private readonly turns: Turns,
  ) {
    super();
  }

  override createGoodsReceipt(businessKey: string, receipt: NewGoodsReceipt): Promise<GoodsReceipt> {
    const mark = markOf(`goods receipt ${businessKey}`);
    return this.once.run(mark, () =>
      this.turns.take([mark, turnOf(receipt.purchaseOrder)], async () => {
        const [known] = await this.shipments(
          [
            ['reference', 'like', `%#${mark}`],
            ['state', '!=', 'cancelled'],
          ],
          1,
        );
        return this.finish(known ?? (await this.draft(mark, receipt)));
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
      const order = await this.orders.known(purchase_order);
      if (!order) return { items: [] };
      domain.push(['moves', 'where', [['origin', 'in', originsOf(order)]]]);
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
    const {
      receipt: { purchaseOrder },
    } = await this.existing(id);
    return this.turns.take([turnOf(purchaseOrder)], async () => {
      const { receipt, moves, order } = await this.existing(id);
      if (receipt.status === 'reversed') return receipt;
      refuseInvoiced(receipt, order.order);
      // The entry first: where its period is closed, nothing has moved yet.
      if (receipt.journalEntry) await this.reverseEntry(businessKey, receipt.journalEntry, reversal);
      await this.giveBack(id, moves, order);
      return this.readGoodsReceipt(id);
    });
  }

  private async reverseEntry(businessKey: string, entry: string, reversal: NewReversal): Promise<void> {
    const { reversedBy } = await this.journal.readJournalEntry(entry);
    if (!reversedBy) await this.journal.reverseJournalEntry(businessKey, entry, reversal);
  }

  private async draft(mark: string, receipt: NewGoodsReceipt): Promise<WireShipment> {
    const known = await this.orders.known(receipt.purchaseOrder);
    if (!known) throw unknown('There is no such purchase order', { purchaseOrder: receipt.purchaseOrder });
    refuseTooMuch(receipt, known);
    await this.checkEntry(receipt, known.order);
    const { purchase, lines } = known;
    const { company } = purchase;
    const about = await this.tryton.first<{ party: number; warehouse: number }>(
      'purchase.purchase',
      [['id', '=', purchase.id]],
      ['party', 'warehouse'],
    );
    const values = {
      company,
      supplier: about?.party,
      warehouse: about?.warehouse,
      reference: toReference(receipt.deliveryNote, mark),
      effective_date: toWireDay(receipt.receivedOn),
      incoming_moves: await this.movesOf(receipt, lines, company),
    };
    const [id] = await this.tryton.create(SHIPMENT, [values], { company });
    const [shipment] = await this.shipments([['id', '=', id ?? 0]], 1);
    if (!shipment) throw notThere();
    return shipment;
  }

  /** The first of what came of a line is what Tryton expected of it; another lot of the same line is a move of its own. */
  private async movesOf({ lines }: NewGoodsReceipt, orderLines: readonly WirePurchaseLine[], company: number) {
    const expected = await this.tryton.all<WireExpected>(
      'stock.move',
      [
        ['origin', 'in', orderLines.map(originOf)],
        ['state', '=', 'draft'],
        ['shipment', '=', null],
      ],
      EXPECTED_FIELDS,
    );
    const taken = new Set<number>();
    const moves: unknown[] = [];
    for (const { line, quantity, lot } of lines) {
      const move = expected.find(({ origin }) => origin === originOf(orderLines[line - 1]!));
      if (!move) throw new Problem('conflict', 'Tryton does not expect the line', { context: { line: String(line) } });
      const came = { quantity: Number(quantity), lot: lot === undefined ? null : await this.lot(move.product, lot) };
      if (taken.has(move.id)) {
        const { id: _, ...same } = move;
        moves.push(['create', [{ ...same, ...came, company }]]);
      } else {
        moves.push(['add', [move.id]], ['write', [move.id], came]);
      }
      taken.add(move.id);
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

  /** Whatever its state, on to done and posted. */
  private async finish(shipment: WireShipment): Promise<GoodsReceipt> {
    const { id, company } = shipment;
    const context = { company };
    if (shipment.state === 'draft') await this.tryton.press(SHIPMENT, 'receive', [id], context);
    const at = [['id', '=', id]];
    let [now] = await this.shipments(at, 1);
    if (now?.state === 'received') {
      await this.shelve(now);
      await this.tryton.press(SHIPMENT, 'done', [id], context);
      [now] = await this.shipments(at, 1);
    }
    if (now?.state !== 'done') throw notThere();
    const [known] = await this.receipts([now]);
    if (!known) throw notThere();
    const { receipt, order } = known;
    if (receipt.journalEntry) return receipt;
    const entry = entryOf(receipt, receipt.legalEntity, order.order.lines, this.binding.receivedAccount);
    if (!entry.lines.length) return receipt;
    const posted = await this.journal.createJournalEntry(entryKeyOf(markIn(now)), entry);
    return { ...receipt, journalEntry: posted.id };
  }

  /** From the dock to the stock location of the order. */
  private async shelve({ id, company }: WireShipment): Promise<void> {
    const moves = await this.tryton.find<{ origin: string }>(
      'stock.move',
      [
        ['shipment', '=', `${SHIPMENT},${id}`],
        ['state', '=', 'draft'],
      ],
      ['origin'],
    );
    if (!moves.length) return;
    const [known] = await this.receipts([(await this.shipments([['id', '=', id]], 1))[0]!]);
    if (!known) throw notThere();
    const code = known.order.order.deliverTo;
    const location = await this.tryton.first('stock.location', [['code', '=', code]], ['code']);
    if (!location) throw unknown('There is no such stock location', { location: code });
    for (const move of moves) await this.tryton.write('stock.move', move.id, { to_location: location.id }, { company });
  }

  /** Back to the supplier; and Tryton is told that it may expect the same again. */
  private async giveBack(id: string, moves: readonly WireReceived[], { purchase, order, lines }: KnownOrder) {
    const { company } = purchase;
    const reference = `Return of ${id} #${markOf(`return of ${id}`)}`;
    const there = [
      ['reference', '=', reference],
      ['state', '!=', 'cancelled'],
    ];
    const known = await this.tryton.first<{ state: string }>(RETURN, there, ['state']);
    const returned = known?.id ?? (await this.makeReturn(reference, order, moves, company));
    if (known?.state !== 'done') {
      for (const button of ['wait', 'assign_force', 'done'])
        await this.tryton.press(RETURN, button, [returned], { company });
    }
    for (const line of lines) {
      const own = moves.filter(({ origin }) => origin === originOf(line)).map((move) => move.id);
      if (own.length)
        await this.tryton.write('purchase.line', line.id, { moves_recreated: [['add', own]] }, { company });
    }
    await this.tryton.press('purchase.purchase', 'process', [purchase.id], { company });
  }

  private async makeReturn(reference: string, order: PurchaseOrder, moves: readonly WireReceived[], company: number) {
    const location = await this.tryton.first('stock.location', [['code', '=', order.deliverTo]], ['code']);
    const came = await this.tryton.all<WireExpected & { lot: number | null; shipment: string }>(
      'stock.move',
      [['id', 'in', moves.map(({ id }) => id)]],
      [...EXPECTED_FIELDS, 'quantity', 'lot'],
    );
    const supplier = came[0]?.from_location;
    const back = came.map(({ id, ...move }) => ({
      ...move,
      company,
      origin: `stock.move,${id}`,
      from_location: location?.id,
      to_location: supplier,
    }));
    const about = await this.tryton.first<{ party: number; invoice_address: number }>(
      'purchase.purchase',
      [['id', '=', Number(order.id)]],
      ['party', 'invoice_address'],
    );
    const values = {
      company,
      supplier: about?.party,
      delivery_address: about?.invoice_address,
      from_location: location?.id,
      to_location: supplier,
      reference,
      effective_date: toWireDay(this.clock().toISOString().slice(0, 10)),
      moves: [['create', back]],
    };
    const [id] = await this.tryton.create(RETURN, [values], { company });
    if (id === undefined) throw notThere();
    return id;
  }

  private async checkEntry(receipt: NewGoodsReceipt, { lines, legalEntity }: PurchaseOrder): Promise<void> {
    const valued = receipt.lines.map((line) => ({
      ...line,
      value: times(lines[line.line - 1]!.unitPrice, line.quantity),
    }));
    const entry = entryOf({ ...receipt, lines: valued }, legalEntity, lines, this.binding.receivedAccount);
    if (entry.lines.length) await this.journal.check(entry);
  }

  private async existing(id: string) {
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
      RETURN,
      [['reference', 'like', 'Return of % #%'], changedSince(instant)],
      ['reference'],
    );
    const ids = returns.flatMap(({ reference }) => /^Return of (\d+) #/.exec(reference)?.[1] ?? []);
    return ['id', 'in', ids.map(Number)];
  }

  private async receipts(shipments: readonly WireShipment[]) {
    if (!shipments.length) return [];
    const moves = await this.tryton.all<WireReceived>(
      'stock.move',
      [
        ['shipment', 'in', shipments.map(({ id }) => `${SHIPMENT},${id}`)],
        ['origin', 'like', 'purchase.line,%'],
      ],
      RECEIVED_FIELDS,
    );
    const purchaseOf = await this.purchasesOf(moves);
    const orders = new Map<number, KnownOrder>();
    for (const id of new Set(purchaseOf.values())) {
      const known = await this.orders.known(String(id));
      if (known) orders.set(id, known);
    }
    const entries = await this.journal.postedUnder(shipments.map((shipment) => entryKeyOf(markIn(shipment))));
    return shipments.flatMap((shipment) => {
      const own = moves.filter((move) => move.shipment === `${SHIPMENT},${shipment.id}`);
      const order = orders.get(purchaseOf.get(own[0]?.origin ?? '') ?? 0);
      if (!order) return [];
      const {
        id: purchaseOrder,
        legalEntity,
        total: { currency },
      } = order.order;
      const givenBack = new Set(order.lines.flatMap(({ moves_recreated }) => moves_recreated));
      const receipt = toGoodsReceipt(shipment, own, {
        purchaseOrder,
        legalEntity,
        currency,
        lineOf: ({ origin }) => order.lines.findIndex((line) => originOf(line) === origin) + 1,
        isReversed: own.length > 0 && own.every(({ id }) => givenBack.has(id)),
        journalEntry: entries.get(entryKeyOf(markIn(shipment))),
      });
      return [{ receipt, moves: own, order }];
    });
  }

  /** Purchase by the origin of a move. */
  private async purchasesOf(moves: readonly WireReceived[]): Promise<ReadonlyMap<string, number>> {
    const ids = [...new Set(moves.map(({ origin }) => Number(origin.split(',')[1])))];
    const lines = await this.tryton.all<{ purchase: number }>('purchase.line', [['id', 'in', ids]], ['purchase']);
    return new Map(lines.map(({ id, purchase }) => [`purchase.line,${id}`, purchase]));
  }
}

const originOf = ({ id }: Pick<WirePurchaseLine, 'id'>): string => `purchase.line,${id}`;

const originsOf = ({ lines }: KnownOrder): string[] => lines.map(originOf);

/** Tryton would take in more than was ordered without a word. */
function refuseTooMuch({ purchaseOrder, lines }: NewGoodsReceipt, { order, lines: wire }: KnownOrder): void {
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

function refuseInvoiced(receipt: GoodsReceipt, order: PurchaseOrder): void {
  for (const { line, quantity } of receipt.lines) {
    const { received, invoiced } = order.lines[line - 1]!;
    if (new Decimal(received).minus(quantity).greaterThanOrEqualTo(invoiced)) continue;
    throw new Problem('conflict', 'What was invoiced does not go back', { context: { line: String(line), invoiced } });
  }
}

const notThere = (): Problem => new Problem('upstream-unavailable', 'Tryton did not keep what it took');
