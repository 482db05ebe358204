import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, Resource } from '@concord/api';
import { NewReversal, NewStockAdjustment, pageOf, StockAdjustment, type Page } from '@concord/canonical';
import { Stock } from './ports/stock.port.js';
import { StockAdjustmentQuery } from './queries.js';

export const StockAdjustmentPage = pageOf(StockAdjustment);

@Resource('stock-adjustments')
export class StockAdjustmentsController {
  constructor(private readonly stock: Stock) {}

  @Endpoint('POST', {
    scope: 'supply-chain/stock-adjustment.write',
    summary: 'Take from stock what was used',
    status: 201,
    answer: StockAdjustment,
  })
  createStockAdjustment(@BusinessKey() key: string, @Body() adjustment: NewStockAdjustment): Promise<StockAdjustment> {
    return this.stock.createStockAdjustment(key, adjustment);
  }

  @Endpoint('GET :id', {
    scope: 'supply-chain/stock-adjustment.read',
    summary: 'Read a stock adjustment',
    answer: StockAdjustment,
  })
  readStockAdjustment(@Param('id') id: string): Promise<StockAdjustment> {
    return this.stock.readStockAdjustment(id);
  }

  @Endpoint('GET', {
    scope: 'supply-chain/stock-adjustment.read',
    summary: 'List stock adjustments by the document behind them',
    answer: StockAdjustmentPage,
  })
  listStockAdjustments(@Query() query: StockAdjustmentQuery): Promise<Page<StockAdjustment>> {
    return this.stock.listStockAdjustments(query);
  }

  @Endpoint('POST :id/reversal', {
    scope: 'supply-chain/stock-adjustment.write',
    summary: 'Return to stock what an adjustment took',
    status: 201,
    answer: StockAdjustment,
  })
  reverseStockAdjustment(
    @BusinessKey() key: string,
    @Param('id') id: string,
    @Body() reversal: NewReversal,
  ): Promise<StockAdjustment> {
    return this.stock.reverseStockAdjustment(key, id, reversal);
  }
}
