/** The stock ledger of the sandbox: levels, lots, adjustments and what they say about usage. */
import { Problem, total } from '@concord/canonical';
import type {
  ItemAvailability,
  ItemUsage,
  NewReversal,
  NewStockAdjustment,
  Page,
  StockAdjustment,
  StockLevel,
  StockLot,
} from '@concord/canonical';
import type { Clock } from '@concord/api';
import type { Database } from '@concord/database';
import type { Stock } from '../ports/stock.port.js';
import type { ItemUsageQuery, StockAdjustmentQuery, StockLevelQuery, StockLotQuery } from '../queries.js';
import { refusalOf, returned, valued } from './adjustment-rules.js';
import { readAvailability } from './availability.store.js';
import type { Surroundings } from './catalogue.js';
import { StockAdjustments, type Booking } from './stock-adjustments.store.js';
import { listStockLevels } from './stock-levels.store.js';
import { listStockLots } from './stock-lots.store.js';
import { listItemUsage } from './usage.store.js';

export class OwnStock implements Stock {
  private readonly adjustments: StockAdjustments;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly stores: Surroundings,
  ) {
    this.adjustments = new StockAdjustments(database);
  }

  listStockLevels(query: StockLevelQuery): Promise<Page<StockLevel>> {
    return this.around('listStockLevels', () => listStockLevels(this.database, query));
  }

  listStockLots(query: StockLotQuery): Promise<Page<StockLot>> {
    return this.around('listStockLots', () => listStockLots(this.database, query));
  }

  listItemUsage(query: ItemUsageQuery): Promise<Page<ItemUsage>> {
    return this.around('listItemUsage', () => listItemUsage(this.database, query));
  }

  readItemAvailability(id: string): Promise<ItemAvailability> {
    return this.around('readItemAvailability', async () => {
      const item = found(this.stores.catalogue().items.get(id), 'item');
      return readAvailability(this.database, item, this.clock());
    });
  }

  createStockAdjustment(businessKey: string, adjustment: NewStockAdjustment): Promise<StockAdjustment> {
    return this.around('createStockAdjustment', () => this.take(businessKey, adjustment));
  }

  readStockAdjustment(id: string): Promise<StockAdjustment> {
    return this.around('readStockAdjustment', () => this.find(id));
  }

  listStockAdjustments(query: StockAdjustmentQuery): Promise<Page<StockAdjustment>> {
    return this.around('listStockAdjustments', () => this.adjustments.list(query));
  }

  reverseStockAdjustment(businessKey: string, id: string, reversal: NewReversal): Promise<StockAdjustment> {
    return this.around('reverseStockAdjustment', () => this.reverse(businessKey, id, reversal));
  }

  /** A refusal is the last word only where the business key was not booked before. */
  private async take(businessKey: string, adjustment: NewStockAdjustment): Promise<StockAdjustment> {
    const refusal = refusalOf(adjustment, this.stores.catalogue());
    if (refusal) {
      const first = await this.adjustments.readByBusinessKey(businessKey);
      if (first) return first;
      throw refusal;
    }
    const lines = adjustment.lines.map((line) => valued(line, this.stores.catalogue().items.get(line.itemId)!));
    const booked = await this.book(businessKey, { ...adjustment, lines });
    return found(booked, 'stock adjustment');
  }

  private async reverse(businessKey: string, id: string, { reason }: NewReversal): Promise<StockAdjustment> {
    const { location, reference, lines, reverses } = await this.find(id);
    if (reverses) throw new Problem('conflict', 'A reversal is not reversed', { context: { reverses } });
    const back = { location, reference, reason: 'correction', lines: lines.map(returned), reverses: id } as const;
    const reversal = await this.book(`reversal of ${id}: ${businessKey}`, { ...back, reversalReason: reason });
    if (reversal) return reversal;
    const { reversedBy = '' } = await this.find(id);
    const context = { stockAdjustment: id, reversedBy };
    throw new Problem('conflict', 'The adjustment is reversed already', { context });
  }

  /** The adjustment as it is booked now or was booked before; undefined where another one reversed the same. */
  private async book(
    businessKey: string,
    { reversalReason, ...adjustment }: Omit<Booking, 'businessKey' | 'value' | 'bookedAt'>,
  ): Promise<StockAdjustment | undefined> {
    const value = total(adjustment.lines.map((line) => line.value));
    const booking = { ...adjustment, value, bookedAt: this.clock().toISOString() };
    const number = await this.adjustments.book({ ...booking, businessKey, reversalReason });
    if (!number) return this.adjustments.readByBusinessKey(businessKey);
    return { ...booking, id: number, number, status: 'booked', changedAt: booking.bookedAt };
  }

  private async find(id: string): Promise<StockAdjustment> {
    return found(await this.adjustments.read(id), 'stock adjustment');
  }

  private around<T>(operation: string, work: () => Promise<T>): Promise<T> {
    return this.stores.faults.around(operation, work);
  }
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Problem('not-found', `There is no such ${what}`);
  return value;
}
