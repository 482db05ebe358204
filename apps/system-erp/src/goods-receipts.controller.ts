import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, Resource } from '@concord/api';
import { GoodsReceipt, NewGoodsReceipt, NewReversal, type Page, pageOf } from '@concord/canonical';
import { GoodsReceipts } from './ports/receiving.port.js';
import { GoodsReceiptQuery } from './queries.js';

export const GoodsReceiptPage = pageOf(GoodsReceipt);

@Resource('goods-receipts')
export class GoodsReceiptsController {
  constructor(private readonly goodsReceipts: GoodsReceipts) {}

  @Endpoint('POST', {
    scope: 'erp/goods-receipt.write',
    summary: 'Take in what has come of a purchase order',
    status: 201,
    location: 'goods-receipts',
    answer: GoodsReceipt,
  })
  createGoodsReceipt(@BusinessKey() key: string, @Body() receipt: NewGoodsReceipt): Promise<GoodsReceipt> {
    return this.goodsReceipts.createGoodsReceipt(key, receipt);
  }

  @Endpoint('GET :id', { scope: 'erp/goods-receipt.read', summary: 'Read a goods receipt', answer: GoodsReceipt })
  readGoodsReceipt(@Param('id') id: string): Promise<GoodsReceipt> {
    return this.goodsReceipts.readGoodsReceipt(id);
  }

  @Endpoint('GET', {
    scope: 'erp/goods-receipt.read',
    summary: 'List goods receipts by purchase order and time of change',
    answer: GoodsReceiptPage,
  })
  listGoodsReceipts(@Query() query: GoodsReceiptQuery): Promise<Page<GoodsReceipt>> {
    return this.goodsReceipts.listGoodsReceipts(query);
  }

  @Endpoint('POST :id/reversal', {
    scope: 'erp/goods-receipt.write',
    summary: 'Give back what a goods receipt took in',
    answer: GoodsReceipt,
  })
  reverseGoodsReceipt(
    @BusinessKey() key: string,
    @Param('id') id: string,
    @Body() reversal: NewReversal,
  ): Promise<GoodsReceipt> {
    return this.goodsReceipts.reverseGoodsReceipt(key, id, reversal);
  }
}
