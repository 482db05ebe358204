import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { pageOf, StockLevel, type Page } from '@concord/canonical';
import { SupplyChainConnector } from './connector.js';
import { StockLevelQuery } from './queries.js';

export const StockLevelPage = pageOf(StockLevel);

@Resource('stock-levels')
export class StockLevelsController {
  constructor(private readonly supplyChain: SupplyChainConnector) {}

  @Endpoint('GET', {
    scope: 'supply-chain/stock-level.read',
    summary: 'List how much of each item lies where',
    answer: StockLevelPage,
  })
  listStockLevels(@Query() query: StockLevelQuery): Promise<Page<StockLevel>> {
    return this.supplyChain.listStockLevels(query);
  }
}
