/** A stock transfer as an internal shipment of Tryton between two stock locations, and one the other way to take it back. */
import { total, type StockTransfer } from '@concord/canonical';
import { changedAtOf } from '@concord/tryton';
import { linesOf, type Told } from './shipment.mapping.js';

export function toTransfer(told: Told): StockTransfer {
  const { shipment, words, currency, reversal } = told;
  const lines = linesOf(told, 1);
  const values = lines.map(({ value }) => value);
  return {
    id: String(shipment.id),
    number: shipment.number ?? String(shipment.id),
    from: shipment['from_location.'].code ?? '',
    to: shipment['to_location.'].code ?? '',
    reference: words.reference,
    status: reversal === undefined ? 'booked' : 'reversed',
    lines,
    value: total(values, currency),
    reverses: words.reverses,
    reversedBy: reversal && String(reversal.id),
    bookedAt: changedAtOf(shipment),
    changedAt: changedAtOf(reversal ?? shipment),
  };
}
