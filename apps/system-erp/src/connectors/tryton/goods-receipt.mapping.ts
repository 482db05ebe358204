/**
 * A goods receipt as a supplier shipment of Tryton and back. Its reference holds the delivery note and a digest of our
 * business key: `DN-778 #0123…cdef`.
 */
import { money, times, total } from '@concord/canonical';
import type {
  GoodsReceipt,
  GoodsReceiptLine,
  JournalLine,
  NewJournalEntry,
  PurchaseOrderLine,
} from '@concord/canonical';
import {
  changedAtOf,
  fromWireDay,
  fromWireDecimal,
  STAMPS,
  type Stamped,
  type WireDay,
  type WireDecimal,
} from '@concord/tryton';
import { Decimal } from 'decimal.js';

/** All of a shipment, so that it is read in one call. */
export const SHIPMENT_FIELDS = [
  'company',
  'reference',
  'state',
  'effective_date',
  ...STAMPS,
  ...['origin', 'purchase', 'product', 'uom', 'from_location', 'quantity', 'unit_price', 'currency', 'lot'].map(
    (field) => `incoming_moves.${field}`,
  ),
  'incoming_moves.lot.number',
  'inventory_moves.state',
];

export interface WireShipment extends Stamped {
  readonly id: number;
  readonly company: number;
  readonly reference: string | null;
  readonly state: 'draft' | 'received' | 'done' | 'cancelled';
  readonly effective_date: WireDay | null;
  readonly 'incoming_moves.': readonly WireReceived[];
  /** From the dock to the shelf. */
  readonly 'inventory_moves.': readonly { readonly id: number; readonly state: string }[];
}

/** What came in at the dock; what goes on to the shelf has its own moves. */
export interface WireReceived {
  readonly id: number;
  /** `purchase.line,4` */
  readonly origin: string | null;
  readonly purchase: number | null;
  readonly product: number;
  readonly uom: number;
  readonly from_location: number;
  readonly quantity: number;
  readonly unit_price: WireDecimal | null;
  readonly currency: number | null;
  readonly lot: number | null;
  readonly 'lot.': { readonly number: string } | null;
}

const REFERENCE = /^(?:(?<deliveryNote>\S+) )?#(?<mark>[0-9a-f]{32})$/;

export const toReference = (deliveryNote: string | undefined, mark: string): string =>
  deliveryNote === undefined ? `#${mark}` : `${deliveryNote} #${mark}`;

export const markIn = ({ reference }: Pick<WireShipment, 'reference'>): string =>
  REFERENCE.exec(reference ?? '')?.groups?.['mark'] ?? '';

/** Receipts of Concord that were not called off. */
export const OURS = [
  ['state', '=', 'done'],
  ['reference', 'like', `%#${'_'.repeat(32)}`],
] as const;

/** What the entry of a receipt says of itself. */
export const ENTRY_TEXT = 'Goods receipt';

/** Under which business key the entry of a receipt is posted. */
export const entryKeyOf = (mark: string): string => `goods receipt ${mark}`;

/** What came is worth its price in the order; it is owed, though not invoiced yet. */
export function entryOf(
  { purchaseOrder, receivedOn, lines }: Pick<GoodsReceipt, 'purchaseOrder' | 'receivedOn' | 'lines'>,
  legalEntity: string,
  orderLines: readonly PurchaseOrderLine[],
  receivedAccount: string,
): NewJournalEntry {
  const posted = lines.flatMap(({ line, value }): JournalLine[] => {
    const { account, costCenter } = orderLines.find((one) => one.line === line)!;
    if (new Decimal(value.amount).isZero()) return [];
    return [
      { account, costCenter, side: 'debit', amount: value },
      { account: receivedAccount, costCenter, side: 'credit', amount: value },
    ];
  });
  const about = { legalEntity, accountingDate: receivedOn, reference: purchaseOrder };
  return { ...about, description: ENTRY_TEXT, lines: posted };
}

export function toGoodsReceipt(
  shipment: WireShipment,
  moves: readonly WireReceived[],
  { purchaseOrder, legalEntity, currency, lineOf, isReversed, journalEntry }: Surroundings,
): GoodsReceipt {
  const lines = moves.map((move): GoodsReceiptLine => {
    const quantity = new Decimal(move.quantity).toFixed();
    const price = money(move.unit_price ? fromWireDecimal(move.unit_price) : 0, currency);
    const lot = move['lot.']?.number;
    return { line: lineOf(move), quantity, ...(lot === undefined ? {} : { lot }), value: times(price, quantity) };
  });
  const deliveryNote = REFERENCE.exec(shipment.reference ?? '')?.groups?.['deliveryNote'];
  return {
    id: String(shipment.id),
    purchaseOrder,
    legalEntity,
    receivedOn: shipment.effective_date ? fromWireDay(shipment.effective_date) : '',
    ...(deliveryNote === undefined ? {} : { deliveryNote }),
    status: isReversed ? 'reversed' : 'posted',
    lines,
    value: total(
      lines.map(({ value }) => value),
      currency,
    ),
    ...(journalEntry === undefined ? {} : { journalEntry }),
    revision: `${shipment._timestamp}${isReversed ? '-reversed' : ''}`,
    changedAt: changedAtOf(shipment),
  };
}

interface Surroundings {
  readonly purchaseOrder: string;
  readonly legalEntity: string;
  readonly currency: string;
  readonly lineOf: (move: WireReceived) => number;
  readonly isReversed: boolean;
  readonly journalEntry: string | undefined;
}
