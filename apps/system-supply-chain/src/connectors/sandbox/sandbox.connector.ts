/**
 * A small real stock ledger in Postgres, for development, tests and demonstrations. It checks what a real one checks,
 * refuses in the same words, and fails on demand.
 */
import type { OnModuleInit } from '@nestjs/common';
import { Problem, total } from '@concord/canonical';
import type {
  ContractPrice,
  Item,
  NewReversal,
  NewStockAdjustment,
  Page,
  PageQuery,
  StockAdjustment,
  StockLevel,
} from '@concord/canonical';
import type { Clock } from '@concord/api';
import { migrate, type Database } from '@concord/database';
import type { FaultInjection } from '@concord/resilience';
import { SupplyChainConnector } from '../../connector.js';
import type { ContractPriceQuery, ItemQuery, StockAdjustmentQuery, StockLevelQuery } from '../../queries.js';
import { refusalOf, returned, valued } from './adjustment-rules.js';
import { loadCatalogue, priceKey, seedCatalogue, type Catalogue } from './catalogue.store.js';
import { migrations } from './migrations.js';
import { pageOfList } from './page-of-list.js';
import { StockAdjustments, type Booking } from './stock-adjustments.store.js';
import { listStockLevels } from './stock-levels.store.js';

export class SandboxConnector extends SupplyChainConnector implements OnModuleInit {
  private readonly adjustments: StockAdjustments;
  private catalogue!: Catalogue;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly faults: FaultInjection,
  ) {
    super();
    this.adjustments = new StockAdjustments(database);
  }

  /** Makes the schema and fills it with the synthetic health system. */
  async onModuleInit(): Promise<void> {
    await migrate(this.database, 'sandbox-supply-chain', migrations);
    await seedCatalogue(this.database);
    this.catalogue = await loadCatalogue(this.database);
  }

  override readItem(id: string): Promise<Item> {
    return this.faults.around('readItem', async () => found(this.catalogue.items.get(id), 'item'));
  }

  override listItems(query: ItemQuery): Promise<Page<Item>> {
    const { gtin, text } = query;
    const words = text?.toLowerCase() ?? '';
    const asked = (item: Item) =>
      (!gtin || item.gtin === gtin) && `${item.id} ${item.name}`.toLowerCase().includes(words);
    return this.held(
      'listItems',
      query,
      () => [...this.catalogue.items.values()].filter(asked),
      ({ id }) => id,
    );
  }

  override listStockLevels(query: StockLevelQuery): Promise<Page<StockLevel>> {
    return this.faults.around('listStockLevels', () => listStockLevels(this.database, query));
  }

  override listContractPrices(query: ContractPriceQuery): Promise<Page<ContractPrice>> {
    const asked = ({ itemId }: ContractPrice) => !query.item_id || itemId === query.item_id;
    return this.held('listContractPrices', query, () => this.catalogue.contractPrices.filter(asked), priceKey);
  }

  override createStockAdjustment(businessKey: string, adjustment: NewStockAdjustment): Promise<StockAdjustment> {
    return this.faults.around('createStockAdjustment', () => this.take(businessKey, adjustment));
  }

  override readStockAdjustment(id: string): Promise<StockAdjustment> {
    return this.faults.around('readStockAdjustment', () => this.find(id));
  }

  override listStockAdjustments(query: StockAdjustmentQuery): Promise<Page<StockAdjustment>> {
    return this.faults.around('listStockAdjustments', () => this.adjustments.list(query));
  }

  override reverseStockAdjustment(businessKey: string, id: string, reversal: NewReversal): Promise<StockAdjustment> {
    return this.faults.around('reverseStockAdjustment', () => this.reverse(businessKey, id, reversal));
  }

  /** A refusal is the last word only where the business key was not booked before. */
  private async take(businessKey: string, adjustment: NewStockAdjustment): Promise<StockAdjustment> {
    const refusal = refusalOf(adjustment, this.catalogue);
    if (refusal) {
      const first = await this.adjustments.readByBusinessKey(businessKey);
      if (first) return first;
      throw refusal;
    }
    const lines = adjustment.lines.map((line) => valued(line, this.catalogue.items.get(line.itemId)!));
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
    return { ...booking, id: number, number, status: 'booked' };
  }

  private async find(id: string): Promise<StockAdjustment> {
    return found(await this.adjustments.read(id), 'stock adjustment');
  }

  /** A page of what the connector holds in memory. */
  private held<T>(operation: string, query: PageQuery, items: () => T[], keyOf: (item: T) => string): Promise<Page<T>> {
    return this.faults.around(operation, async () => pageOfList(items(), query, keyOf));
  }
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Problem('not-found', `There is no such ${what}`);
  return value;
}
