/** Items, stock, par levels and requisitions in Tryton. Buying through it is left out, and refused as `not-supported`. */
import { Logger, type OnApplicationBootstrap, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Clock } from '@concord/api';
import type { Database } from '@concord/database';
import { TrytonRecords, trytonClient, type TrytonConfig } from '@concord/tryton';
import { SupplyChainConnector, type SupplyChainPorts } from '../../connector.js';
import { TrytonAdjustments } from './adjustments.js';
import { TrytonCatalogue } from './catalogue.js';
import { TrytonItems } from './items.js';
import { TrytonLoads } from './loads.js';
import { OnHand } from './on-hand.js';
import { TrytonParLevels } from './par-levels.js';
import { PlacesCache, StockFault } from './places.js';
import { TrytonReplenishment } from './replenishment.js';
import { TrytonRequisitions } from './requisitions.js';
import { TrytonShipments } from './shipments.js';
import { TrytonStock } from './stock.js';
import { TrytonTransfers } from './transfers.js';
import type { TrytonStockConfig } from './tryton-stock.config.js';

export class TrytonConnector
  extends SupplyChainConnector
  implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy
{
  override readonly ports;
  private readonly log = new Logger('tryton');
  private readonly tryton: TrytonRecords;
  private readonly places: PlacesCache;

  /** @param database where all processes of Concord take turns; without one, those of this process do */
  constructor(config: TrytonConfig, stockConfig: TrytonStockConfig, clock: Clock, database?: Database) {
    super();
    if (!stockConfig.company) throw new Error('TRYTON_STOCK_COMPANY is missing, for example HOSP');
    this.tryton = new TrytonRecords(trytonClient(config, 'system/supply-chain'));
    this.places = new PlacesCache(this.tryton, stockConfig, () => performance.now());
    const asksForItems = stockConfig.requester !== '';
    const items = new TrytonItems(this.tryton, this.places);
    const parLevels = new TrytonParLevels(this.tryton, this.places);
    const onHand = new OnHand(this.tryton, this.places, clock);
    const shipments = new TrytonShipments(this.tryton, this.places, clock, database);
    const loads = new TrytonLoads(this.tryton, this.places, items);
    const adjustments = new TrytonAdjustments(shipments, loads, this.places);
    this.ports = {
      catalogue: new TrytonCatalogue(items),
      stock: new TrytonStock(this.tryton, this.places, items, parLevels, adjustments, onHand, clock),
      transfers: new TrytonTransfers(shipments, loads, this.places, onHand),
      parLevels,
      replenishment: new TrytonReplenishment(this.tryton, this.places, parLevels, onHand, asksForItems),
      ...(asksForItems ? { requisitions: new TrytonRequisitions(this.tryton, this.places, items, database) } : {}),
    } satisfies Partial<SupplyChainPorts>;
  }

  /** Refuses to start where Tryton lacks what the settings name; one that is only down does not hold up the APIs beside. */
  async onModuleInit(): Promise<void> {
    try {
      await this.places.get();
    } catch (error) {
      if (error instanceof StockFault) throw error;
      this.log.warn('Tryton does not answer yet; its locations are read when it does');
    }
  }

  onApplicationBootstrap(): void {
    this.tryton.client.watch();
  }

  async onModuleDestroy(): Promise<void> {
    await this.tryton.client.close();
  }
}
