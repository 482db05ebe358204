/**
 * What a location asks for, as a purchase requisition of Tryton and back. Tryton knows no stock location of it, so that
 * its description holds all that has to be found again: `STOCK-EAST #0123…cdef`, the last being a digest of our key.
 */
import type { SupplyRequisition } from '@concord/canonical';
import { changedAtOf, fromWireDay, STAMPS, type Stamped, type WireDay } from '@concord/tryton';
import { plain } from './on-hand.js';

export const REQUISITION_FIELDS = ['description', 'supply_date', 'state', ...STAMPS];

export interface WireRequisition extends Stamped {
  readonly id: number;
  readonly description: string | null;
  readonly supply_date: WireDay | null;
  readonly state: 'draft' | 'waiting' | 'rejected' | 'approved' | 'processing' | 'done' | 'cancelled';
}

export const REQUISITION_LINE_FIELDS = [
  'requisition',
  'product.code',
  'product.default_uom.factor',
  'quantity',
  'unit.name',
  'unit.factor',
];

export interface WireRequisitionLine {
  readonly id: number;
  readonly requisition: number;
  readonly quantity: number;
  readonly 'product.': { readonly code: string; readonly 'default_uom.': { readonly factor: number } };
  readonly 'unit.': { readonly name: string; readonly factor: number };
}

/** What Tryton says of it in our words; what it approves is ordered, its requests go to the buyers by themselves. */
const STATUSES: Readonly<Record<WireRequisition['state'], SupplyRequisition['status']>> = {
  draft: 'open',
  waiting: 'open',
  approved: 'ordered',
  processing: 'ordered',
  done: 'ordered',
  rejected: 'cancelled',
  cancelled: 'cancelled',
};

export const statesOf = (status: SupplyRequisition['status']): string[] =>
  Object.entries(STATUSES).flatMap(([state, ours]) => (ours === status ? [state] : []));

export const toDescription = (location: string, mark: string): string => `${location} #${mark}`;

export const locationOf = ({ description }: Pick<WireRequisition, 'description'>): string =>
  description?.split(' #')[0] ?? '';

export const toRequisition = (wire: WireRequisition, lines: readonly WireRequisitionLine[]): SupplyRequisition => ({
  id: String(wire.id),
  location: locationOf(wire),
  neededOn: wire.supply_date ? fromWireDay(wire.supply_date) : '',
  status: STATUSES[wire.state],
  lines: lines.map(({ quantity, 'product.': { code }, 'unit.': { name } }) => ({
    itemId: code,
    quantity: plain(quantity),
    unit: name,
  })),
  revision: wire._timestamp,
  changedAt: changedAtOf(wire),
});
