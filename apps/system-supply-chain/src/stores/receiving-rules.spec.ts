import type { Item, ShipmentNotice } from '@concord/canonical';
import { ITEMS } from './items.seed.js';
import { cameOf } from './receiving-rules.js';

const seeded = ITEMS.find(({ id }) => id === 'VAC-TDAP')!;
const vaccine: Item = {
  ...seeded,
  units: [...seeded.units],
  unitCost: { amount: seeded.cost, currency: 'USD' },
  changedAt: '2026-11-21T09:30:00Z',
};
const items = new Map([[vaccine.id, vaccine]]);

const sentWith = (marks: { lot?: string; expiresOn?: string }): ShipmentNotice => ({
  id: 'SUP-1:SH-1:PO-1',
  number: 'SH-1',
  order: 'PO-1',
  supplier: 'SUP-1',
  status: 'shipped',
  shippedAt: '2026-11-20T08:00:00Z',
  lines: [{ line: 3, itemId: vaccine.id, quantity: '2', unit: 'box', received: '0', ...marks }],
  changedAt: '2026-11-20T08:00:00Z',
});

const came = (lines?: { shipmentLine: number; quantity: string; lot?: string }[], marks = {}) =>
  cameOf({ shipment: 'SUP-1:SH-1:PO-1', ...(lines ? { lines } : {}) }, sentWith(marks), items);

const part = { shipmentLine: 1, quantity: '1' };

test('a vaccine of which the notice tells no lot is not received without one', () => {
  const refused = (pointer: string) => expect.objectContaining({ errors: [expect.objectContaining({ pointer })] });
  expect(() => came()).toThrow(refused('/lines'));
  expect(() => came([{ ...part, lot: 'L-1' }, part])).toThrow(refused('/lines/1/lot'));
});

test('where the notice tells no lot, parts of a line come under the lots that are read on the packages', () => {
  const lines = came([
    { ...part, lot: 'L-1' },
    { ...part, lot: 'L-2' },
  ]);
  expect(lines).toMatchObject([
    { orderLine: 3, lot: 'L-1', quantity: '1', unit: 'box', stockQuantity: '10', stockUnit: 'syringe' },
    { orderLine: 3, lot: 'L-2', quantity: '1', value: { amount: '426.00' } },
  ]);
});

test('what the notice tells holds for what is received of it', () => {
  const marks = { lot: 'L-1', expiresOn: '2027-06-30' };
  expect(came([part], marks)).toMatchObject([marks]);
  expect(came([{ ...part, lot: 'L-1' }], marks)).toMatchObject([marks]);
});
