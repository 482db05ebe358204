/**
 * A purchase order as a purchase of Tryton and back. What Tryton has no field for stands as words in its comment and in the
 * notes of its lines, where people read them: where it is delivered to, who approved it, account and cost center of a line.
 */
import { money, times, total } from '@concord/canonical';
import type {
  NewPurchaseOrder,
  NewPurchaseOrderLine,
  PurchaseOrder,
  PurchaseOrderLine,
  PurchaseOrderStatus,
} from '@concord/canonical';
import { changedAtOf, fromWireDay, fromWireDecimal, toWireDay, toWireDecimal } from '@concord/tryton';
import { Decimal } from 'decimal.js';
import { createHash } from 'node:crypto';
import { noteWith, wordsIn } from './note.js';
import type { WireMove, WirePurchase, WirePurchaseLine } from './purchase-order.wire.js';

/** In which states of Tryton an order of a status is. */
export const STATES: Readonly<Record<PurchaseOrderStatus, readonly WirePurchase['state'][]>> = {
  draft: ['draft'],
  submitted: ['quotation'],
  approved: ['quotation'],
  sent: ['confirmed', 'processing', 'done'],
  'partially-received': ['confirmed', 'processing', 'done'],
  received: ['confirmed', 'processing', 'done'],
  closed: ['confirmed', 'processing', 'done'],
  cancelled: ['cancelled', 'confirmed', 'processing', 'done'],
};

/** In the order they were written. */
export const linesOf = (purchase: WirePurchase): WirePurchaseLine[] =>
  purchase['lines.'].filter(({ type }) => type === 'line').toSorted((a, b) => a.id - b.id);

/** A move of a line that nothing has come of, and that no receipt has taken. */
export const isExpected = ({ state, shipment }: WireMove): boolean =>
  shipment === null && (state === 'draft' || state === 'cancelled');

export const WORD = {
  deliverTo: 'Deliver to',
  requisition: 'Requisition',
  approved: 'Approved by',
  closed: 'Closed by',
  cancelled: 'Cancelled by',
  account: 'Account',
  costCenter: 'Cost center',
  unit: 'Unit',
} as const;

/** Who a word speaks of where nobody is named. */
export const NOBODY = 'Concord';

export const toDescription = (mark: string): string => `Concord #${mark}`;

/** A purchase that Concord drafted. */
export const OURS = ['description', 'like', `Concord #${'_'.repeat(32)}`] as const;

export interface KnownOrderParts {
  readonly company: number;
  readonly currency: number;
  readonly party: number;
  readonly address: number;
  readonly term: number | undefined;
  readonly warehouse: number;
}

export function toPurchase(order: NewPurchaseOrder, parts: KnownOrderParts, comment: string | null): object {
  const { company, currency, party, address, term, warehouse } = parts;
  return {
    company,
    currency,
    party,
    invoice_address: address,
    payment_term: term ?? null,
    warehouse,
    invoice_method: 'manual', // invoices are those that the supplier sends, and none that Tryton expects
    delivery_date: toWireDay(order.neededOn),
    comment: noteWith(comment, { [WORD.deliverTo]: order.deliverTo, [WORD.requisition]: order.requisition }),
  };
}

/** @param product none for a line in words only, whose unit is a word then too */
export function toPurchaseLine(
  { description, quantity, unit, unitPrice, account, costCenter }: NewPurchaseOrderLine,
  product: { readonly id: number; readonly uom: number } | undefined,
  analytic: { readonly root: number; readonly account: number },
): object {
  return {
    type: 'line',
    ...(product ? { product: product.id, unit: product.uom } : {}),
    quantity: Number(quantity),
    unit_price: toWireDecimal(unitPrice.amount),
    description,
    note: noteWith(null, {
      [WORD.account]: account,
      [WORD.costCenter]: costCenter,
      [WORD.unit]: product ? undefined : unit,
    }),
    analytic_accounts: [['create', [analytic]]],
  };
}

/** How what comes of a line says where it is from. */
export const originOf = ({ id }: Pick<WirePurchaseLine, 'id'>): string => `purchase.line,${id}`;

export const isGoods = (line: WirePurchaseLine): boolean => line['product.']?.type === 'goods';

export function toPurchaseOrder(
  purchase: WirePurchase,
  { code: legalEntity, currency }: { readonly code: string; readonly currency: string },
): PurchaseOrder {
  const words = wordsIn(purchase.comment);
  const lines = linesOf(purchase).map((line) => ({ line, received: receivedOf(line), invoiced: invoicedOf(line) }));
  const shown = lines.map((line, index) => toLine(line, index + 1, currency));
  const approvedBy = words.get(WORD.approved);
  const requisition = words.get(WORD.requisition);
  const moved = lines.flatMap(({ received, invoiced }) => [...received, ...invoiced].map(({ changedAt }) => changedAt));
  return {
    id: String(purchase.id),
    legalEntity,
    supplier: purchase['party.'].code,
    ...(requisition === undefined ? {} : { requisition }),
    deliverTo: words.get(WORD.deliverTo) ?? '',
    neededOn: purchase.delivery_date ? fromWireDay(purchase.delivery_date) : '',
    lines: shown,
    status: statusOf(
      purchase,
      words,
      lines.map(({ line }, index) => ({ line, shown: shown[index]! })),
    ),
    total: total(
      shown.map(({ amount }) => amount),
      currency,
    ),
    ...(approvedBy === undefined || approvedBy === NOBODY ? {} : { approvedBy }),
    revision: revisionOf(purchase, shown),
    changedAt: [changedAtOf(purchase), ...moved].sort().at(-1)!,
  };
}

/** What comes of an order does not change the purchase itself in Tryton. */
function revisionOf({ _timestamp }: WirePurchase, lines: readonly PurchaseOrderLine[]): string {
  const moved = lines.map(({ received, invoiced }) => `${received} ${invoiced}`).join();
  return `${_timestamp}-${createHash('sha256').update(moved).digest('hex').slice(0, 8)}`;
}

/** What came or was invoiced of a line, in the unit of the line. */
interface Moved {
  readonly quantity: Decimal;
  readonly changedAt: string;
}

interface MovedLine {
  readonly line: WirePurchaseLine;
  readonly received: readonly Moved[];
  readonly invoiced: readonly Moved[];
}

const receivedOf = (line: WirePurchaseLine): Moved[] =>
  line['moves.']
    .filter(({ id, state }) => state === 'done' && !line.moves_recreated.includes(id))
    .map((move) => ({ quantity: inUnitOf(line, move.quantity, move['uom.'].factor), changedAt: changedAtOf(move) }));

const invoicedOf = (line: WirePurchaseLine): Moved[] =>
  line['invoice_lines.']
    .filter(({ 'invoice.': { state } }) => state === 'posted' || state === 'paid')
    .map(({ quantity, 'unit.': unit, 'invoice.': invoice }) => ({
      quantity: inUnitOf(line, quantity, unit?.factor),
      changedAt: changedAtOf(invoice),
    }));

function inUnitOf(line: WirePurchaseLine, quantity: number, factor: number | undefined): Decimal {
  const own = line['unit.']?.factor;
  const scale = factor === undefined || own === undefined ? 1 : new Decimal(factor).div(own);
  return new Decimal(quantity).times(scale).toDecimalPlaces(6);
}

const sumOf = (moved: readonly Moved[]): string => Decimal.sum(0, ...moved.map(({ quantity }) => quantity)).toFixed();

function toLine({ line, received, invoiced }: MovedLine, number: number, currency: string): PurchaseOrderLine {
  const words = wordsIn(line.note);
  const unitPrice = money(fromWireDecimal(line.unit_price), currency);
  const quantity = new Decimal(line.quantity).toFixed();
  const item = line['product.']?.code;
  return {
    ...(item === undefined ? {} : { item }),
    description: line.description ?? '',
    quantity,
    unit: line['unit.']?.name ?? words.get(WORD.unit) ?? '',
    unitPrice,
    account: words.get(WORD.account) ?? '',
    costCenter: words.get(WORD.costCenter) ?? '',
    line: number,
    received: sumOf(received),
    invoiced: sumOf(invoiced),
    amount: times(unitPrice, quantity),
  };
}

/** Between quotation and confirmation Tryton knows no approval, and after the confirmation no end without goods. */
function statusOf(
  { state, invoice_state }: WirePurchase,
  words: ReadonlyMap<string, string>,
  lines: readonly { readonly line: WirePurchaseLine; readonly shown: PurchaseOrderLine }[],
): PurchaseOrderStatus {
  if (state === 'draft') return 'draft';
  if (state === 'cancelled' || words.has(WORD.cancelled)) return 'cancelled';
  if (words.has(WORD.closed) || (state === 'done' && invoice_state === 'paid')) return 'closed';
  if (state === 'quotation') return words.has(WORD.approved) ? 'approved' : 'submitted';
  const goods = lines.filter(({ line }) => isGoods(line)).map(({ shown }) => shown);
  if (goods.every(({ received }) => new Decimal(received).isZero())) return 'sent';
  return goods.every(({ received, quantity }) => new Decimal(received).greaterThanOrEqualTo(quantity))
    ? 'received'
    : 'partially-received';
}
