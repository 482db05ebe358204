/**
 * A stock adjustment as an internal shipment of Tryton and back: from the stock location to the place of what was used,
 * and the other way round for a reversal.
 */
import { total, type StockAdjustment } from '@concord/canonical';
import { changedAtOf } from '@concord/tryton';
import { linesOf, type Told } from './shipment.mapping.js';

/** The adjustment of a shipment that is done; quantities and values of a reversal are negative. */
export function toAdjustment(told: Told): StockAdjustment {
  const { shipment, words, currency, reversal } = told;
  const isBack = words.reverses !== undefined;
  const lines = linesOf(told, isBack ? -1 : 1);
  const values = lines.map(({ value }) => value);
  return {
    id: String(shipment.id),
    number: shipment.number ?? String(shipment.id),
    location: (isBack ? shipment['to_location.'] : shipment['from_location.']).code ?? '',
    reference: words.reference,
    reason: words.reason as StockAdjustment['reason'],
    status: reversal === undefined ? 'booked' : 'reversed',
    lines,
    value: total(values, currency),
    reverses: words.reverses,
    reversedBy: reversal && String(reversal.id),
    bookedAt: changedAtOf(shipment),
    changedAt: changedAtOf(reversal ?? shipment),
  };
}
