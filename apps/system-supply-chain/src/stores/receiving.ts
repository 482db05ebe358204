/**
 * Receiving into our own stock ledger. The receipt, the notice, its order and the stock are told in one transaction under
 * the lock of the notice, so that nobody receives what somebody else has just received.
 */
import { Problem, total, type NewReversal, type NewShipmentReceipt, type Page } from '@concord/canonical';
import type { ShipmentNotice, ShipmentReceipt } from '@concord/canonical';
import type { Clock } from '@concord/api';
import type { Documents } from '../held/documents.store.js';
import { changeOrder } from '../held/order-answers.js';
import { received } from '../held/order-rules.js';
import type { Receiving } from '../ports/receiving.port.js';
import type { ShipmentReceiptQuery } from '../queries.js';
import type { Catalogue } from './catalogue.store.js';
import { cameOf, noticeAfter, takenBack } from './receiving-rules.js';
import { ShipmentReceipts, type ReceiptBooking } from './shipment-receipts.store.js';

export class OwnReceiving implements Receiving {
  constructor(
    private readonly documents: Documents,
    private readonly clock: Clock,
    private readonly catalogue: () => Catalogue,
  ) {}

  createShipmentReceipt(businessKey: string, receipt: NewShipmentReceipt): Promise<ShipmentReceipt> {
    return this.documents.transaction(async (tx) => {
      const notice = await locked(tx, receipt.shipment);
      const first = await receiptsIn(tx).readByBusinessKey(businessKey);
      if (first) return first;
      const { items, locations } = this.catalogue();
      const { location = (await tx.read('order', notice.order)).deliverTo } = receipt;
      if (!locations.has(location)) throw unknown('Stock location is not known', { location });
      const { id: shipment, order, supplier } = notice;
      return this.book(tx, businessKey, { shipment, order, supplier, location, lines: cameOf(receipt, notice, items) });
    });
  }

  async readShipmentReceipt(id: string): Promise<ShipmentReceipt> {
    return found(await receiptsIn(this.documents).read(id));
  }

  listShipmentReceipts(query: ShipmentReceiptQuery): Promise<Page<ShipmentReceipt>> {
    return receiptsIn(this.documents).list(query);
  }

  reverseShipmentReceipt(businessKey: string, id: string, { reason }: NewReversal): Promise<ShipmentReceipt> {
    const reversalKey = `reversal of ${id}: ${businessKey}`;
    return this.documents.transaction(async (tx) => {
      const receipts = receiptsIn(tx);
      await locked(tx, found(await receipts.read(id)).shipment);
      const first = await receipts.readByBusinessKey(reversalKey);
      if (first) return first;
      const { shipment, order, supplier, location, lines, reverses, reversedBy } = found(await receipts.read(id));
      if (reverses) throw new Problem('conflict', 'A reversal is not reversed', { context: { reverses } });
      if (reversedBy) {
        const context = { shipmentReceipt: id, reversedBy };
        throw new Problem('conflict', 'The receipt is taken back already', { context });
      }
      const back = { shipment, order, supplier, location, lines: lines.map(takenBack) };
      return this.book(tx, reversalKey, { ...back, reverses: id, reversalReason: reason });
    });
  }

  /** The receipt as it is booked now; as it was booked before, where its business key was used for another shipment. */
  private async book(
    tx: Documents,
    businessKey: string,
    { reversalReason, ...receipt }: Omit<ReceiptBooking, 'businessKey' | 'value' | 'bookedAt'>,
  ): Promise<ShipmentReceipt> {
    const { lines, order, shipment } = receipt;
    const value = total(lines.map((line) => line.value));
    const booking = { ...receipt, value, bookedAt: this.clock().toISOString() };
    const number = await receiptsIn(tx).book({ ...booking, businessKey, reversalReason });
    if (number === undefined) return found(await receiptsIn(tx).readByBusinessKey(businessKey));
    await tx.change('shipment', shipment, (notice) => noticeAfter(notice, lines));
    await changeOrder(tx, order, (now) => received(now, lines));
    await receiptsIn(tx).raiseStock(booking);
    return { ...booking, id: number, number, status: 'booked', changedAt: booking.bookedAt };
  }
}

const receiptsIn = ({ connection }: Documents): ShipmentReceipts => new ShipmentReceipts(connection);

/** The notice, which nobody else changes before the transaction ends. */
async function locked(tx: Documents, shipment: string): Promise<ShipmentNotice> {
  if (await tx.find('shipment', shipment)) return tx.change('shipment', shipment, () => undefined);
  throw unknown('There is no such shipment notice', { shipment });
}

function found(receipt: ShipmentReceipt | undefined): ShipmentReceipt {
  if (!receipt) throw new Problem('not-found', 'There is no such shipment receipt');
  return receipt;
}

const unknown = (detail: string, context: Record<string, string>) => new Problem('unknown-code', detail, { context });
