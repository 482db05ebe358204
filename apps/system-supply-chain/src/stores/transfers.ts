/** Transfers in our own stock ledger. */
import { Problem, total } from '@concord/canonical';
import type { NewReversal, NewStockTransfer, Page, StockTransfer } from '@concord/canonical';
import type { Clock } from '@concord/api';
import type { Database } from '@concord/database';
import type { Transfers } from '../ports/replenishment.port.js';
import type { StockTransferQuery } from '../queries.js';
import { refusalOfTransfer, valued } from './adjustment-rules.js';
import type { Catalogue } from './catalogue.store.js';
import { StockTransfers, type TransferBooking } from './stock-transfers.store.js';

export class OwnTransfers implements Transfers {
  private readonly transfers: StockTransfers;

  constructor(
    database: Database,
    private readonly clock: Clock,
    private readonly catalogue: () => Catalogue,
  ) {
    this.transfers = new StockTransfers(database);
  }

  async createStockTransfer(businessKey: string, transfer: NewStockTransfer): Promise<StockTransfer> {
    const first = await this.transfers.readByBusinessKey(businessKey);
    if (first) return first;
    const refusal = refusalOfTransfer(transfer, this.catalogue());
    if (refusal) throw refusal;
    const { items } = this.catalogue();
    const lines = transfer.lines.map((line) => valued(line, items.get(line.itemId)!));
    return found(await this.book(businessKey, { ...transfer, lines }));
  }

  async readStockTransfer(id: string): Promise<StockTransfer> {
    return found(await this.transfers.read(id));
  }

  listStockTransfers(query: StockTransferQuery): Promise<Page<StockTransfer>> {
    return this.transfers.list(query);
  }

  async reverseStockTransfer(businessKey: string, id: string, { reason }: NewReversal): Promise<StockTransfer> {
    const { from: to, to: from, reference, lines, reverses } = await this.readStockTransfer(id);
    if (reverses) throw new Problem('conflict', 'A reversal is not reversed', { context: { reverses } });
    const back = { from, to, reference, lines, reverses: id, reversalReason: reason };
    const reversal = await this.book(`reversal of ${id}: ${businessKey}`, back);
    if (reversal) return reversal;
    const { reversedBy = '' } = await this.readStockTransfer(id);
    const context = { stockTransfer: id, reversedBy };
    throw new Problem('conflict', 'The transfer is taken back already', { context });
  }

  /** The transfer as it is booked now or was booked before; undefined where another one took the same back. */
  private async book(
    businessKey: string,
    { reversalReason, ...transfer }: Omit<TransferBooking, 'businessKey' | 'value' | 'bookedAt'>,
  ): Promise<StockTransfer | undefined> {
    const value = total(transfer.lines.map((line) => line.value));
    const booking = { ...transfer, value, bookedAt: this.clock().toISOString() };
    const number = await this.transfers.book({ ...booking, businessKey, reversalReason });
    if (!number) return this.transfers.readByBusinessKey(businessKey);
    return { ...booking, id: number, number, status: 'booked', changedAt: booking.bookedAt };
  }
}

function found(transfer: StockTransfer | undefined): StockTransfer {
  if (!transfer) throw new Problem('not-found', 'There is no such stock transfer');
  return transfer;
}
