/**
 * A stock adjustment as an internal shipment of Tryton and back: from the stock location to the place of what was used,
 * and the other way round for a reversal. A shipment has one field for words, its reference, which holds all that has to
 * be found again: `encounter-4711 consumption #0123…cdef`, the last being a digest of the business key, and for a
 * reversal `encounter-4711 consumption reverses 17 #0123…cdef`.
 */
import { times, total, type StockAdjustment, type StockAdjustmentLine } from '@concord/canonical';
import { changedAtOf, fromWireDecimal, type Stamped, type WireDecimal } from '@concord/tryton';
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

export interface Words {
  readonly reference: string;
  readonly reason: StockAdjustment['reason'];
  readonly reverses?: string | undefined;
}

const WORDS =
  /^(?<reference>[A-Za-z0-9._:-]{1,128}) (?<reason>consumption|correction)(?: reverses (?<reverses>[0-9]+))? #(?<mark>[0-9a-f]{32})$/;

export const toReference = ({ reference, reason, reverses }: Words, mark: string): string =>
  `${reference} ${reason}${reverses ? ` reverses ${reverses}` : ''} #${mark}`;

export function wordsOf({ reference: text }: Pick<WireShipment, 'reference'>): (Words & { mark: string }) | undefined {
  const { reference, reason, reverses, mark } = WORDS.exec(text ?? '')?.groups ?? {};
  if (reference === undefined || reason === undefined || mark === undefined) return undefined;
  return { reference, reason: reason as Words['reason'], reverses, mark };
}

/** The adjustment of a shipment that is done; quantities and values of a reversal are negative. */
export function toAdjustment(
  shipment: WireShipment,
  words: Words,
  moves: readonly WireMove[],
  currency: string,
  reversal: WireShipment | undefined,
): StockAdjustment {
  const { reference, reason, reverses } = words;
  const sign = reverses === undefined ? 1 : -1;
  const lines = moves.map((move) => toLine(move, sign, currency));
  return {
    id: String(shipment.id),
    number: shipment.number ?? String(shipment.id),
    location: (reverses === undefined ? shipment['from_location.'] : shipment['to_location.']).code ?? '',
    reference,
    reason,
    status: reversal === undefined ? 'booked' : 'reversed',
    lines,
    value: total(
      lines.map(({ value }) => value),
      currency,
    ),
    reverses,
    reversedBy: reversal && String(reversal.id),
    bookedAt: changedAtOf(shipment),
    changedAt: changedAtOf(reversal ?? shipment),
  };
}

function toLine(move: WireMove, sign: 1 | -1, currency: string): StockAdjustmentLine {
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
}
