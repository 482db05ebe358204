/**
 * A purchase order as a purchase of Tryton and back. What Tryton has no field for stands as words in its comment and in the
 * notes of its lines, where people read them: where it is delivered to, who approved it, account and cost center of a line.
 */
import { money, times, total } from '@concord/canonical';
import type { NewPurchaseOrder, NewPurchaseOrderLine, PurchaseOrder, PurchaseOrderLine } from '@concord/canonical';
import {
  changedAtOf,
  fromWireDay,
  fromWireDecimal,
  STAMPS,
  toWireDay,
  toWireDecimal,
  type Stamped,
  type WireDay,
  type WireDecimal,
} from '@concord/tryton';
import { Decimal } from 'decimal.js';
import { createHash } from 'node:crypto';
import { noteWith, wordsIn } from './note.js';

export const PURCHASE_FIELDS = [
  'company',
  'party.code',
  'description',
  'comment',
  'state',
  'invoice_state',
  'delivery_date',
  ...STAMPS,
] as const;

export interface WirePurchase extends Stamped {
  readonly id: number;
  readonly company: number;
  readonly 'party.': { readonly code: string };
  /** `Concord #0123…cdef`: a digest of our business key. */
  readonly description: string | null;
  readonly comment: string | null;
  readonly state: 'draft' | 'quotation' | 'confirmed' | 'processing' | 'done' | 'cancelled';
  readonly invoice_state: 'none' | 'waiting' | 'paid' | 'exception';
  readonly delivery_date: WireDay | null;
}

export const PURCHASE_LINE_FIELDS = [
  'purchase',
  'product.code',
  'product.type',
  'quantity',
  'unit.name',
  'unit.factor',
  'unit_price',
  'description',
  'note',
  'moves_recreated',
] as const;

export interface WirePurchaseLine {
  readonly id: number;
  readonly purchase: number;
  readonly 'product.': { readonly id: number; readonly code: string; readonly type: string } | null;
  readonly quantity: number;
  readonly 'unit.': { readonly id: number; readonly name: string; readonly factor: number } | null;
  readonly unit_price: WireDecimal;
  readonly description: string | null;
  readonly note: string | null;
  /** Moves in whose place others came: what was received and given back. */
  readonly moves_recreated: readonly number[];
}

/** What came or was invoiced of a line, in the unit of the line. */
export interface Moved {
  readonly line: number;
  readonly quantity: Decimal;
  readonly changedAt: string;
}

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
  readonly lines: readonly object[];
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

export const isGoods = (line: WirePurchaseLine): boolean => line['product.']?.type === 'goods';

export function toPurchaseOrder(
  purchase: WirePurchase,
  lines: readonly WirePurchaseLine[],
  received: readonly Moved[],
  invoiced: readonly Moved[],
  { code: legalEntity, currency }: { readonly code: string; readonly currency: string },
): PurchaseOrder {
  const words = wordsIn(purchase.comment);
  const shown = lines.map((line, index) => toLine(line, index + 1, received, invoiced, currency));
  const approvedBy = words.get(WORD.approved);
  const requisition = words.get(WORD.requisition);
  const moved = [...received, ...invoiced].map(({ changedAt }) => changedAt);
  return {
    id: String(purchase.id),
    legalEntity,
    supplier: purchase['party.'].code,
    ...(requisition === undefined ? {} : { requisition }),
    deliverTo: words.get(WORD.deliverTo) ?? '',
    neededOn: purchase.delivery_date ? fromWireDay(purchase.delivery_date) : '',
    lines: shown,
    status: statusOf(purchase, words, lines, shown),
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

function toLine(
  line: WirePurchaseLine,
  number: number,
  received: readonly Moved[],
  invoiced: readonly Moved[],
  currency: string,
): PurchaseOrderLine {
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
    received: sumOf(line, received),
    invoiced: sumOf(line, invoiced),
    amount: times(unitPrice, quantity),
  };
}

const sumOf = ({ id }: WirePurchaseLine, moved: readonly Moved[]): string =>
  Decimal.sum(0, ...moved.filter(({ line }) => line === id).map(({ quantity }) => quantity)).toFixed();

/** Between quotation and confirmation Tryton knows no approval, and after the confirmation no end without goods. */
function statusOf(
  { state, invoice_state }: WirePurchase,
  words: ReadonlyMap<string, string>,
  lines: readonly WirePurchaseLine[],
  shown: readonly PurchaseOrderLine[],
): PurchaseOrder['status'] {
  if (state === 'draft') return 'draft';
  if (state === 'cancelled' || words.has(WORD.cancelled)) return 'cancelled';
  if (words.has(WORD.closed) || (state === 'done' && invoice_state === 'paid')) return 'closed';
  if (state === 'quotation') return words.has(WORD.approved) ? 'approved' : 'submitted';
  const goods = shown.filter((_, index) => isGoods(lines[index]!));
  if (goods.every(({ received }) => new Decimal(received).isZero())) return 'sent';
  return goods.every(({ received, quantity }) => new Decimal(received).greaterThanOrEqualTo(quantity))
    ? 'received'
    : 'partially-received';
}
