import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { pageOf, StockLevel, type Page } from '@concord/canonical';
import { Stock } from './ports/stock.port.js';
import { StockLevelQuery } from './queries.js';

export const StockLevelPage = pageOf(StockLevel);

@Resource('stock-levels')
export class StockLevelsController {
  constructor(private readonly stock: Stock) {}

  @Endpoint('GET', {
    scope: 'supply-chain/stock-level.read',
    summary: 'List how much of each item lies where',
    answer: StockLevelPage,
  })
  listStockLevels(@Query() query: StockLevelQuery): Promise<Page<StockLevel>> {
    return this.stock.listStockLevels(query);
  }
}
