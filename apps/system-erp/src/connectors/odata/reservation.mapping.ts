/** Stock that is set aside, out of a record of the service; one field a line. */
import type { Reservation } from '@concord/canonical';
import type { ForeignRecord } from './odata.records.js';
import { needed, quantity, text, tracked, word } from './odata.values.js';

export const toReservation = (record: ForeignRecord): Reservation => ({
  id: needed(record.values, 'id'),
  item: text(record.values, 'item'),
  location: text(record.values, 'location'),
  quantity: quantity(record.values, 'quantity'),
  unit: text(record.values, 'unit'),
  reference: text(record.values, 'reference'),
  neededOn: text(record.values, 'neededOn'),
  status: word(record.values, 'status'),
  ...tracked(record),
});
