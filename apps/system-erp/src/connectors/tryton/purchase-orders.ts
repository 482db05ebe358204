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
} from '@concord/canonical';
import type { NewApproval, Page, PurchaseOrder, PurchaseOrderChange } from '@concord/canonical';
import { Once, type Turns } from '@concord/resilience';
import { changedSince, markOf, type Domain, type TrytonRecords } from '@concord/tryton';
import { PurchaseOrders, type PurchaseOrderStep } from '../../ports/purchasing.port.js';
import type { PurchaseOrderQuery } from '../../queries.js';
import { after, PURCHASE_ORDER_STEPS } from '../steps.js';
import type { OrderDrafts } from './purchase-order.drafts.js';
import { STATES, toDescription } from './purchase-order.mapping.js';
import { orderSteps } from './purchase-order.steps.js';
import { turnOf, type Purchases } from './purchases.js';
import type { StructureCache } from './structure.cache.js';

/** How many purchases are looked at for one page of a list. */
const MOST_SCANNED = 2_000;
const SCANNED_AT_ONCE = 200;

export class TrytonPurchaseOrders extends PurchaseOrders {
  private readonly once = new Once();
  private readonly steps: ReturnType<typeof orderSteps>;

  constructor(
    tryton: TrytonRecords,
    private readonly structure: StructureCache,
    private readonly purchases: Purchases,
    private readonly drafts: OrderDrafts,
    private readonly turns: Turns,
  ) {
    super();
    this.steps = orderSteps(tryton, purchases);
  }

  override createPurchaseOrder(businessKey: string, order: NewPurchaseOrder): Promise<PurchaseOrder> {
    const mark = markOf(`purchase order ${businessKey}`);
    return this.once.run(mark, () =>
      this.turns.take([mark], async () => {
        const [known] = await this.purchases.find([['description', '=', toDescription(mark)]], 1);
        if (known) return known.order;
        const { values, lines, company } = await this.drafts.of(order, null);
        const drafted = { ...values, description: toDescription(mark), lines: [['create', lines]] };
        return (await this.purchases.draft(drafted, company)).order;
      }),
    );
  }

  override async readPurchaseOrder(id: string): Promise<PurchaseOrder> {
    return (await this.purchases.existing(id)).order;
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
      const found = await this.purchases.find([['id', '>', last], ...domain], atOnce);
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
      const { order, purchase, lines: before } = await this.purchases.existing(id);
      refuseStale(expected, order.revision);
      const { status } = order;
      if (status !== 'draft') throw new Problem('conflict', 'Only a draft changes', { context: { status } });
      const changed = mergePatch<NewPurchaseOrder>(order, change, NewPurchaseOrder);
      const { values, lines } = await this.drafts.of(changed, purchase.comment);
      const anew = [
        ['delete', before.map((line) => line.id)],
        ['create', lines],
      ];
      return (await this.purchases.write(purchase, { ...values, lines: anew })).order;
    });
  }

  override stepPurchaseOrder(id: string, step: PurchaseOrderStep, approval?: NewApproval): Promise<PurchaseOrder> {
    return this.turns.take([turnOf(id)], async () => {
      const known = await this.purchases.existing(id);
      const status = after(known.order.status, step, PURCHASE_ORDER_STEPS[step]);
      if (!status) return known.order;
      const { order } = await this.steps[step](known, approval);
      if (order.status === known.order.status) {
        throw new Problem('upstream-rejected', 'Tryton does not take the step', { context: { step } });
      }
      return order;
    });
  }

  private async ofLegalEntity(code: string | undefined): Promise<Domain> {
    const { books } = await this.structure.get();
    const companies = [...books.values()].filter(({ entity }) => !code || entity.code === code);
    return ['company', 'in', companies.map(({ company }) => company)];
  }
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
