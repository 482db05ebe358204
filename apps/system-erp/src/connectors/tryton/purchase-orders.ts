/**
 * Purchase orders: purchases of Tryton. Draft, submitted and approved are its draft and its quotation; what is sent is
 * confirmed there, and from then on Tryton expects the goods.
 */
import {
  DEFAULT_PAGE_SIZE,
  mergePatch,
  NewPurchaseOrder,
  pagePosition,
  pageToken,
  Problem,
  refuseStale,
  stale,
} from '@concord/canonical';
import type {
  NewApproval,
  NewPurchaseOrderLine,
  Page,
  PurchaseOrder,
  PurchaseOrderChange,
  PurchaseOrderStatus,
} from '@concord/canonical';
import { Once, type Turns } from '@concord/resilience';
import { changedAtOf, changedSince, markOf, TrytonRefusal } from '@concord/tryton';
import type { Domain, Stamped, TrytonRecords } from '@concord/tryton';
import { Decimal } from 'decimal.js';
import { PurchaseOrders, type PurchaseOrderStep } from '../../ports/purchasing.port.js';
import type { PurchaseOrderQuery } from '../../queries.js';
import { checkLines, unknown } from '../purchasing-rules.js';
import { after, PURCHASE_ORDER_STEPS } from '../steps.js';
import type { TrytonItems } from './items.js';
import { noteWith } from './note.js';
import {
  NOBODY,
  OURS,
  PURCHASE_FIELDS,
  PURCHASE_LINE_FIELDS,
  toDescription,
  toPurchase,
  toPurchaseLine,
  toPurchaseOrder,
  WORD,
  type Moved,
  type WirePurchase,
  type WirePurchaseLine,
} from './purchase-order.mapping.js';
import { knownCodes, type Books, type StructureCache } from './structure.js';
import type { TrytonSuppliers } from './suppliers.js';

const PURCHASE = 'purchase.purchase';

/** An order, and what Tryton has of it. */
export interface KnownOrder {
  readonly order: PurchaseOrder;
  readonly purchase: WirePurchase;
  /** In the order of the lines of the order. */
  readonly lines: readonly WirePurchaseLine[];
}

/** How many purchases are looked at for one page of a list. */
const MOST_SCANNED = 2_000;
const SCANNED_AT_ONCE = 200;

/** In which states of Tryton an order of a status is. */
const STATES: Readonly<Record<PurchaseOrderStatus, readonly WirePurchase['state'][]>> = {
  draft: ['draft'],
  submitted: ['quotation'],
  approved: ['quotation'],
  sent: ['confirmed', 'processing', 'done'],
  'partially-received': ['confirmed', 'processing', 'done'],
  received: ['confirmed', 'processing', 'done'],
  closed: ['confirmed', 'processing', 'done'],
  cancelled: ['cancelled', 'confirmed', 'processing', 'done'],
};

/** Of what was not sent, nothing can have come. */
const NOT_SENT: readonly WirePurchase['state'][] = ['draft', 'quotation', 'cancelled'];

/** The turn of what changes an order, or what has come of it. */
export const turnOf = (order: string): string => `order ${order}`;

export class TrytonPurchaseOrders extends PurchaseOrders {
  private readonly once = new Once();

  constructor(
    private readonly tryton: TrytonRecords,
    private readonly structure: StructureCache,
    private readonly suppliers: TrytonSuppliers,
    private readonly items: TrytonItems,
    private readonly turns: Turns,
  ) {
    super();
  }

  override createPurchaseOrder(businessKey: string, order: NewPurchaseOrder): Promise<PurchaseOrder> {
    const mark = markOf(`purchase order ${businessKey}`);
    return this.once.run(mark, () =>
      this.turns.take([mark], async () => {
        const [known] = await this.find([['description', '=', toDescription(mark)]], 1);
        if (known) return known.order;
        const { values, lines, books } = await this.valuesOf(order, null);
        const drafted = { ...values, description: toDescription(mark), lines: [['create', lines]] };
        const [id] = await this.tryton.create(PURCHASE, [drafted], { company: books.company });
        return this.readPurchaseOrder(String(id));
      }),
    );
  }

  override async readPurchaseOrder(id: string): Promise<PurchaseOrder> {
    const known = await this.known(id);
    if (!known) throw new Problem('not-found', 'There is no such purchase order');
    return known.order;
  }

  /**
   * Orders that Concord drafted, in the order they came into Tryton. Which status an order has, its goods say: a page of
   * one status may be shorter than was asked for, also where another one follows.
   */
  override async listPurchaseOrders(query: PurchaseOrderQuery): Promise<Page<PurchaseOrder>> {
    const { status, supplier, legal_entity, changed_since, page_token, page_size = DEFAULT_PAGE_SIZE } = query;
    const domain: unknown[] = [await this.ofLegalEntity(legal_entity)];
    if (status) domain.push(['state', 'in', STATES[status]]);
    if (supplier) domain.push(['party.code', '=', supplier]);
    if (changed_since) domain.push(movedSince(changed_since));
    const items: PurchaseOrder[] = [];
    let last = pagePosition<number>(page_token, Number.isSafeInteger) ?? 0;
    const atOnce = status ? SCANNED_AT_ONCE : page_size + 1;
    for (let scanned = 0; scanned < MOST_SCANNED; scanned += atOnce) {
      const found = await this.find([['id', '>', last], ...domain], atOnce);
      for (const { order } of found) {
        if (items.length === page_size) return { items, nextPageToken: pageToken(last) };
        if (!status || order.status === status) items.push(order);
        last = Number(order.id);
      }
      if (found.length < atOnce) return { items };
    }
    return { items, nextPageToken: pageToken(last) };
  }

  override changePurchaseOrder(id: string, expected: string, change: PurchaseOrderChange): Promise<PurchaseOrder> {
    return this.turns.take([turnOf(id)], async () => {
      const { order, purchase, lines: before } = await this.existing(id);
      refuseStale(expected, order.revision);
      const { status } = order;
      if (status !== 'draft') throw new Problem('conflict', 'Only a draft changes', { context: { status } });
      const changed = mergePatch<NewPurchaseOrder>(order, change, NewPurchaseOrder);
      const { values, lines, books } = await this.valuesOf(changed, purchase.comment);
      const anew = [
        ['delete', before.map((line) => line.id)],
        ['create', lines],
      ];
      await this.write(purchase, { ...values, lines: anew }, books);
      return this.readPurchaseOrder(id);
    });
  }

  override stepPurchaseOrder(id: string, step: PurchaseOrderStep, approval?: NewApproval): Promise<PurchaseOrder> {
    return this.turns.take([turnOf(id)], async () => {
      const known = await this.existing(id);
      const status = after(known.order.status, step, PURCHASE_ORDER_STEPS[step]);
      if (!status) return known.order;
      await this.steps[step](known, approval);
      const order = await this.readPurchaseOrder(id);
      if (order.status === known.order.status) {
        throw new Problem('upstream-rejected', 'Tryton does not take the step', { context: { step } });
      }
      return order;
    });
  }

  /** How each step is taken in Tryton. */
  private readonly steps: Record<PurchaseOrderStep, (known: KnownOrder, approval?: NewApproval) => Promise<void>> = {
    submit: ({ purchase }) => this.press(purchase, 'quote'),
    approve: (known, approval) => this.note(known, { [WORD.approved]: approval?.approver ?? NOBODY }),
    send: async ({ purchase }) => {
      await this.press(purchase, 'confirm');
      // Tryton processes what is confirmed by itself, but only where it is set up to do it at once.
      const [now] = await this.find([['id', '=', purchase.id]], 1);
      if (now?.purchase.state === 'confirmed') await this.press(purchase, 'process');
    },
    close: (known) => this.end(known, { [WORD.closed]: NOBODY }),
    cancel: async (known) => {
      if (known.order.status === 'sent') await this.end(known, { [WORD.cancelled]: NOBODY });
      else await this.press(known.purchase, 'cancel');
    },
  };

  /** Undefined where Concord drafted none of this number. */
  async known(id: string): Promise<KnownOrder | undefined> {
    const found = /^[1-9][0-9]{0,9}$/.test(id) ? await this.find([['id', '=', Number(id)]], 1) : [];
    return found[0];
  }

  private async existing(id: string): Promise<KnownOrder> {
    const known = await this.known(id);
    if (!known) throw new Problem('not-found', 'There is no such purchase order');
    return known;
  }

  /** Nothing more is expected: what has not come is called off, and Tryton told not to ask for it again. */
  private async end(known: KnownOrder, words: Record<string, string>): Promise<void> {
    const { purchase, lines } = known;
    const expected: Domain = [
      ['origin', 'in', lines.map(({ id }) => `purchase.line,${id}`)],
      ['state', 'in', ['draft', 'cancelled']],
      ['shipment', '=', null],
    ];
    const moves = await this.tryton.all<{ origin: string; state: string }>('stock.move', expected, ['origin', 'state']);
    const context = { company: purchase.company };
    const open = moves.filter(({ state }) => state === 'draft').map(({ id }) => id);
    if (open.length) await this.tryton.press('stock.move', 'cancel', open, context);
    for (const { id } of lines) {
      const own = moves.filter(({ origin }) => origin === `purchase.line,${id}`).map((move) => move.id);
      if (own.length) await this.tryton.write('purchase.line', id, { moves_ignored: [['add', own]] }, context);
    }
    await this.press(purchase, 'process');
    await this.note((await this.known(String(purchase.id))) ?? known, words);
  }

  private note({ purchase }: KnownOrder, words: Record<string, string>): Promise<void> {
    return this.write(purchase, { comment: noteWith(purchase.comment, words) }, purchase);
  }

  private press({ id, company }: WirePurchase, button: string): Promise<void> {
    return this.tryton.press(PURCHASE, button, [id], { company });
  }

  private async write({ id, _timestamp }: WirePurchase, values: object, { company }: Pick<Books, 'company'>) {
    try {
      await this.tryton.write(PURCHASE, id, values, { company }, _timestamp);
    } catch (error) {
      if (error instanceof TrytonRefusal && error.reason === 'changed-meanwhile') throw stale();
      throw error;
    }
  }

  private async valuesOf(order: NewPurchaseOrder, comment: string | null) {
    const books = await this.structure.books(order.legalEntity);
    checkLines(order.legalEntity, order.lines, knownCodes(await this.structure.get()));
    const [supplier, warehouse, lines] = await Promise.all([
      this.supplierOf(order),
      this.warehouseOf(order),
      this.linesOf(order.lines, books),
    ]);
    const { company, currency } = books;
    const parts = { company, currency, warehouse, lines, ...supplier };
    return { values: toPurchase(order, parts, comment), lines, books };
  }

  private async supplierOf({ supplier: code }: NewPurchaseOrder) {
    const known = await this.suppliers.known(code);
    if (!known) throw unknown('There is no such supplier', { supplier: code });
    const { party, address, term, supplier } = known;
    if (!supplier.active || supplier.blocked || address === undefined) {
      throw new Problem('conflict', 'Nothing is bought from this supplier', { context: { supplier: code } });
    }
    return { party, address, term };
  }

  /** The warehouse whose stock location it is delivered to. */
  private async warehouseOf({ deliverTo: location }: NewPurchaseOrder): Promise<number> {
    const there = [
      ['code', '=', location],
      ['type', '=', 'storage'],
    ];
    const found = await this.tryton.first<{ warehouse: number | null }>('stock.location', there, ['warehouse']);
    if (!found?.warehouse) throw unknown('There is no such stock location', { location });
    return found.warehouse;
  }

  private async linesOf(lines: readonly NewPurchaseOrderLine[], books: Books): Promise<object[]> {
    const items = await this.items.byCode(lines.flatMap(({ item }) => item ?? []));
    const categories = [...new Set([...items.values()].map(({ unitCategory }) => unitCategory))];
    const units = await this.tryton.all<{ name: string; category: number }>(
      'product.uom',
      [['category', 'in', categories]],
      ['name', 'category'],
    );
    return lines.map((line) => {
      const { item, unit, costCenter, project } = line;
      if (project !== undefined) throw unknown('Tryton keeps no projects that pay', { project });
      const analytic = { root: books.costCenterRoot, account: books.costCenters.get(costCenter)!.key };
      if (item === undefined) return toPurchaseLine(line, undefined, analytic);
      const known = items.get(item);
      if (!known) throw unknown('There is no such item', { item });
      if (!known.item.active) throw new Problem('conflict', 'The item is not bought any more', { context: { item } });
      const uom = units.find(({ name, category }) => name === unit && category === known.unitCategory);
      if (!uom) throw unknown('The item has no such unit', { item, unit });
      return toPurchaseLine(line, { id: known.product, uom: uom.id }, analytic);
    });
  }

  private async ofLegalEntity(code: string | undefined): Promise<Domain> {
    const { books } = await this.structure.get();
    const companies = [...books.values()].filter(({ entity }) => !code || entity.code === code);
    return ['company', 'in', companies.map(({ company }) => company)];
  }

  private async find(domain: Domain, limit: number): Promise<KnownOrder[]> {
    const purchases = await this.tryton.find<WirePurchase>(PURCHASE, [OURS, ...domain], PURCHASE_FIELDS, { limit });
    if (!purchases.length) return [];
    const [lines, { books }] = await Promise.all([
      this.tryton.all<WirePurchaseLine>(
        'purchase.line',
        [
          ['purchase', 'in', purchases.map(({ id }) => id)],
          ['type', '=', 'line'],
        ],
        PURCHASE_LINE_FIELDS,
      ),
      this.structure.get(),
    ]);
    const linesOf = (has: (purchase: WirePurchase) => boolean) => {
      const ids = new Set(purchases.filter(has).map(({ id }) => id));
      return lines.filter(({ purchase }) => ids.has(purchase));
    };
    const [received, invoiced] = await Promise.all([
      this.receivedOf(linesOf(({ state }) => !NOT_SENT.includes(state))),
      this.invoicedOf(linesOf(({ invoice_state }) => invoice_state !== 'none')),
    ]);
    const entityOf = new Map([...books.values()].map(({ company, entity }) => [company, entity]));
    return purchases.flatMap((purchase) => {
      const entity = entityOf.get(purchase.company);
      const own = lines.filter((line) => line.purchase === purchase.id);
      return entity
        ? [{ order: toPurchaseOrder(purchase, own, received, invoiced, entity), purchase, lines: own }]
        : [];
    });
  }

  private async receivedOf(lines: readonly WirePurchaseLine[]): Promise<Moved[]> {
    if (!lines.length) return [];
    const done = await this.tryton.all<Stamped & { origin: string; quantity: number; 'uom.': { factor: number } }>(
      'stock.move',
      [originIn(lines), ['state', '=', 'done']],
      ['origin', 'quantity', 'uom.factor', 'create_date', 'write_date'],
    );
    const givenBack = new Set(lines.flatMap(({ moves_recreated }) => moves_recreated));
    return done
      .filter(({ id }) => !givenBack.has(id))
      .map((move) => inUnitOf(lines, move, move['uom.'].factor, changedAtOf(move)));
  }

  private async invoicedOf(lines: readonly WirePurchaseLine[]): Promise<Moved[]> {
    if (!lines.length) return [];
    const billed = await this.tryton.all<{
      origin: string;
      quantity: number;
      'unit.': { factor: number } | null;
      'invoice.': Pick<Stamped, 'create_date' | 'write_date'>;
    }>(
      'account.invoice.line',
      [originIn(lines), ['invoice.state', 'in', ['posted', 'paid']]],
      ['origin', 'quantity', 'unit.factor', 'invoice.create_date', 'invoice.write_date'],
    );
    return billed.map((line) => inUnitOf(lines, line, line['unit.']?.factor, changedAtOf(line['invoice.'])));
  }
}

const originIn = (lines: readonly WirePurchaseLine[]): Domain => [
  'origin',
  'in',
  lines.map(({ id }) => `purchase.line,${id}`),
];

function inUnitOf(
  lines: readonly WirePurchaseLine[],
  { origin, quantity }: { origin: string; quantity: number },
  factor: number | undefined,
  changedAt: string,
): Moved {
  const id = Number(origin.split(',')[1]);
  const own = lines.find((line) => line.id === id)?.['unit.']?.factor;
  const scale = factor === undefined || own === undefined ? 1 : new Decimal(factor).div(own);
  return { line: id, quantity: new Decimal(quantity).times(scale).toDecimalPlaces(6), changedAt };
}

/** The purchase itself, or what has come or was invoiced of it. */
const movedSince = (instant: string): Domain => [
  'OR',
  changedSince(instant),
  [
    'lines',
    'where',
    [
      'OR',
      ['moves', 'where', [changedSince(instant)]],
      ['invoice_lines', 'where', [changedSince(instant, 'invoice.')]],
    ],
  ],
];
