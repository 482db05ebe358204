/** What suppliers did, as events: inside the transaction that notes it, so that it is noted and told, or neither. */
import {
  SupplierInvoiceReceived,
  SupplyOrderAnswered,
  type ReceivedInvoice,
  type SupplyOrder,
} from '@concord/canonical';
import type { Database } from '@concord/database';
import type { EventLog } from '@concord/events';

const SOURCE = 'system/supply-chain';

export class SupplyNews {
  constructor(
    private readonly events: EventLog,
    private readonly clock: () => Date,
  ) {}

  async orderAnswered(tx: Database, { id, supplier, status, lines, revision }: SupplyOrder): Promise<void> {
    const time = this.clock();
    const backordered = status !== 'cancelled' && lines.some((line) => Number(line.backordered) > 0);
    const data: SupplyOrderAnswered = { order: id, supplier, status, backordered, occurredAt: time.toISOString() };
    const { type } = SupplyOrderAnswered;
    const event = {
      id: `${id}/${revision}/answered`,
      type,
      source: SOURCE,
      subject: id,
      correlationId: id,
      time,
      data,
    };
    await this.events.appendIn(tx, [event], []);
  }

  async invoiceReceived(tx: Database, { id, supplier, order, total }: ReceivedInvoice): Promise<void> {
    const time = this.clock();
    const occurredAt = time.toISOString();
    const data: SupplierInvoiceReceived = { receivedInvoiceId: id, supplier, order, total, occurredAt };
    const { type } = SupplierInvoiceReceived;
    const subject = order ?? id;
    const event = { id: `${id}/received`, type, source: SOURCE, subject, correlationId: subject, time, data };
    await this.events.appendIn(tx, [event], []);
  }
}
