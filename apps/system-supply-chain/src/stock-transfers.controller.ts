import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, Resource } from '@concord/api';
import { NewReversal, NewStockTransfer, pageOf, StockTransfer, type Page } from '@concord/canonical';
import { Transfers } from './ports/replenishment.port.js';
import { StockTransferQuery } from './queries.js';

export const StockTransferPage = pageOf(StockTransfer);

@Resource('stock-transfers')
export class StockTransfersController {
  constructor(private readonly transfers: Transfers) {}

  @Endpoint('POST', {
    scope: 'supply-chain/stock-transfer.write',
    summary: 'Move stock from one location to another',
    status: 201,
    answer: StockTransfer,
    location: 'stock-transfers',
  })
  createStockTransfer(@BusinessKey() key: string, @Body() transfer: NewStockTransfer): Promise<StockTransfer> {
    return this.transfers.createStockTransfer(key, transfer);
  }

  @Endpoint('GET', {
    scope: 'supply-chain/stock-transfer.read',
    summary: 'List stock transfers by the document behind them and by their way',
    answer: StockTransferPage,
  })
  listStockTransfers(@Query() query: StockTransferQuery): Promise<Page<StockTransfer>> {
    return this.transfers.listStockTransfers(query);
  }

  @Endpoint('GET :id', {
    scope: 'supply-chain/stock-transfer.read',
    summary: 'Read a stock transfer',
    answer: StockTransfer,
  })
  readStockTransfer(@Param('id') id: string): Promise<StockTransfer> {
    return this.transfers.readStockTransfer(id);
  }

  @Endpoint('POST :id/reversal', {
    scope: 'supply-chain/stock-transfer.write',
    summary: 'Take a stock transfer back',
    status: 201,
    answer: StockTransfer,
    location: 'stock-transfers',
  })
  reverseStockTransfer(
    @BusinessKey() key: string,
    @Param('id') id: string,
    @Body() reversal: NewReversal,
  ): Promise<StockTransfer> {
    return this.transfers.reverseStockTransfer(key, id, reversal);
  }
}
