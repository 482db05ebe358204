/**
 * What Concord moves, as an internal shipment of Tryton: from where to where, and what. A shipment has one field for
 * words, its reference, which holds all that has to be found again: `encounter-4711 consumption #0123…cdef`, the last
 * being a digest of the business key, and for a reversal `encounter-4711 consumption reverses 17 #0123…cdef`.
 */
import { times, type Money } from '@concord/canonical';
import { fromWireDecimal, type Stamped, type WireDecimal } from '@concord/tryton';
import { Decimal } from 'decimal.js';

export const SHIPMENT_FIELDS = [
  'number',
  'reference',
  'state',
  'from_location.code',
  'to_location.code',
  'create_date',
  'write_date',
] as const;

export interface WireShipment extends Omit<Stamped, '_timestamp'> {
  readonly id: number;
  readonly number: string | null;
  readonly reference: string | null;
  readonly state: 'request' | 'draft' | 'waiting' | 'assigned' | 'shipped' | 'done' | 'cancelled';
  readonly 'from_location.': { readonly code: string | null };
  readonly 'to_location.': { readonly code: string | null };
}

export const MOVE_FIELDS = ['shipment', 'product.code', 'quantity', 'uom.name', 'lot.number', 'cost_price'] as const;

export interface WireMove {
  readonly id: number;
  /** `stock.shipment.internal,17` */
  readonly shipment: string;
  readonly 'product.': { readonly code: string };
  readonly quantity: number;
  readonly 'uom.': { readonly name: string };
  readonly 'lot.': { readonly number: string } | null;
  readonly cost_price: WireDecimal | null;
}

export type Reason = 'consumption' | 'correction' | 'transfer';

export interface Words {
  readonly reference: string;
  readonly reason: Reason;
  readonly reverses?: string | undefined;
}

const WORDS =
  /^(?<reference>[A-Za-z0-9._:-]{1,128}) (?<reason>consumption|correction|transfer)(?: reverses (?<reverses>[0-9]+))? #(?<mark>[0-9a-f]{32})$/;

export const toReference = ({ reference, reason, reverses }: Words, mark: string): string =>
  `${reference} ${reason}${reverses ? ` reverses ${reverses}` : ''} #${mark}`;

export function wordsOf({ reference: text }: Pick<WireShipment, 'reference'>): (Words & { mark: string }) | undefined {
  const { reference, reason, reverses, mark } = WORDS.exec(text ?? '')?.groups ?? {};
  if (reference === undefined || reason === undefined || mark === undefined) return undefined;
  return { reference, reason: reason as Reason, reverses, mark };
}

/** A shipment that is done, as it is told of. */
export interface Told {
  readonly shipment: WireShipment;
  readonly words: Words;
  readonly moves: readonly WireMove[];
  readonly currency: string;
  /** What took it back. */
  readonly reversal: WireShipment | undefined;
}

export interface ToldLine {
  readonly itemId: string;
  readonly quantity: string;
  readonly unit: string;
  readonly lot?: string;
  readonly value: Money;
}

/** @param sign -1 where it is told as what returned */
export const linesOf = ({ moves, currency }: Told, sign: 1 | -1): ToldLine[] =>
  moves.map((move) => {
    const quantity = new Decimal(move.quantity).times(sign).toFixed();
    const cost = { amount: move.cost_price ? fromWireDecimal(move.cost_price) : '0', currency }; // of one, when it left
    const lot = move['lot.']?.number;
    return {
      itemId: move['product.'].code,
      quantity,
      unit: move['uom.'].name,
      ...(lot === undefined ? {} : { lot }),
      value: times(cost, quantity),
    };
  });
