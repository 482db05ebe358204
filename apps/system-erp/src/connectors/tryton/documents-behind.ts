import type { JournalEntry } from '@concord/canonical';
import { markOf, type TrytonRecords } from '@concord/tryton';
import { toAllocation } from '../allocation-entry.js';
import type { DocumentsBehind } from '../posting-rules.js';
import { ENTRY_TEXT, entryKeyOf, markIn, OURS } from './goods-receipt.mapping.js';
import type { WireMove } from './journal.mapping.js';
import { hasMark } from './journal.posting.js';

/** What the receipts of orders are made of. */
const RECEIVING = ['purchase', 'stock'];

/** What posted a move. */
export async function documentsBehind(
  tryton: TrytonRecords,
  modules: ReadonlySet<string>,
  move: WireMove,
  entry: JournalEntry,
): Promise<DocumentsBehind> {
  return {
    supplierInvoice: /^account\.invoice,([0-9]+)$/.exec(move.origin ?? '')?.[1],
    costAllocation: toAllocation(entry)?.id,
    goodsReceipt: RECEIVING.every((one) => modules.has(one)) ? await receiptBehind(tryton, move, entry) : undefined,
  };
}

/** Tryton lets no move come of a shipment; that it does, its mark tells, which is made of the mark of the receipt. */
async function receiptBehind(
  tryton: TrytonRecords,
  move: WireMove,
  { description, reference: order }: JournalEntry,
): Promise<string | undefined> {
  if (description !== ENTRY_TEXT || !/^[1-9][0-9]{0,9}$/.test(order)) return undefined;
  const ofOrder = ['moves', 'where', [['origin.purchase', '=', Number(order), 'purchase.line']]];
  const shipments = await tryton.all<{ reference: string | null }>(
    'stock.shipment.in',
    [...OURS, ofOrder],
    ['reference'],
  );
  const own = shipments.find((shipment) => hasMark(move, markOf(entryKeyOf(markIn(shipment)))));
  return own && String(own.id);
}
