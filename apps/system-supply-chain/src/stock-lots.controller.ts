import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { pageOf, StockLot, type Page } from '@concord/canonical';
import { Stock } from './ports/stock.port.js';
import { StockLotQuery } from './queries.js';

export const StockLotPage = pageOf(StockLot);

@Resource('stock-lots')
export class StockLotsController {
  constructor(private readonly stock: Stock) {}

  @Endpoint('GET', {
    scope: 'supply-chain/stock-level.read',
    summary: 'List what lies where by lot and serial number, with expiry',
    answer: StockLotPage,
  })
  listStockLots(@Query() query: StockLotQuery): Promise<Page<StockLot>> {
    return this.stock.listStockLots(query);
  }
}
